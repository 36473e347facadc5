/** The public API. */
import * as constants from "./face/constants.js";
import * as exceptions from "./face/exceptions.js";
import * as fields from "./face/public_fields.js";

export { constants, exceptions, fields };
export { BaoModel } from "./face/model.js";
export { initModels, ModelManager, models } from "./face/model_manager.js";
export { IndexConfig, PrimaryKeyConfig, UniqueConstraintConfig } from "./face/configs.js";
export { getBatchContextCapacity, runWithBatchContext } from "./face/context.js";
export { transact, type Transaction } from "./face/transaction.js";
export { TenantContext } from "./face/tenant_context.js";
export type { BaoConfig } from "./face/config.js";
export type { TableOptions, TableWork } from "./face/model_manager.js";
export type * from "./types.js";
