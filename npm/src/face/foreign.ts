/** Instances given to calls, or to RelatedFields, that are no items of the model which is meant there. */
import type { ModelClass } from "../types.js";
import { type Binding, boundTo } from "./binding.js";
import { currentStore } from "./context.js";
import { ofModel, ValidationError } from "./errors.js";
import { refuseStranger } from "./item_tenant.js";
import { BaoModel } from "./model.js";
import type { FieldInfo } from "./shape.js";

/** Refuses an instance, given to a call of this model, that is no item which the call could be about. */
export function refuseForeign({ model, name, manager }: Binding, instance: BaoModel): void {
  refuseOther(instance, model, name, name);
  refuseStranger(instance, manager.tenantOf(currentStore()));
}

/** Refuses what is no item of the model that the RelatedField names. The instance's own manager knows that model. */
export function refuseUnrelated({ shape, name, related }: FieldInfo, instance: BaoModel): void {
  refuseOther(instance, boundTo(instance.constructor as ModelClass)?.manager.models[related!], related!, shape.modelName, name);
}

/** Classes that share a prefix share their items: one that extends another, or the same model as two managers have it. */
function refuseOther(instance: BaoModel, model: ModelClass | undefined, wanted: string, modelName: string, field?: string): void {
  if (!model || (instance.constructor as ModelClass).modelPrefix === model.modelPrefix) return;
  const other = BaoModel.stateOf(instance).shape.modelName;
  throw ofModel(modelName, new ValidationError(`${modelName}${field ? `.${field}` : ""}: an item of ${wanted} belongs here, not one of ${other}`, field, instance));
}
