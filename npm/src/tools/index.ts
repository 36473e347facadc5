/** The commands behind npm/bin. */
export { baoCodegen } from "./bao_codegen.js";
export { baoInit } from "./bao_init.js";
export { baoLocal } from "./bao_local.js";
export { baoRebuildSearchText } from "./bao_rebuild_search_text.js";
export { baoCreateTable, baoDelete, baoUpdateTable } from "./bao_tables.js";
export { baoWatch } from "./bao_watch.js";
export { main } from "./command.js";
