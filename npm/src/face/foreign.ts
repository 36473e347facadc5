/** Instances given to calls, or to RelatedFields, that are no items of the model which is meant there. */
import { type Binding, boundTo } from "./binding.js";
import { currentStore } from "./context.js";
import { ofModel, ValidationError } from "./errors.js";
import { refuseStranger } from "./item_tenant.js";
import type { BaoModel } from "./model.js";
import type { FieldInfo } from "./shape.js";
import type { ModelClass } from "../types.js";

/** Refuses an instance, given to a call of this model, that is no item which the call could be about. */
export function refuseForeign({ model, name, manager }: Binding, instance: BaoModel): void {
  refuseOther(instance, model, { model: name, wanted: name });
  refuseStranger(instance, manager.tenantOf(currentStore()));
}

/** Refuses what is no item of the model that the RelatedField names. The instance's own manager knows that model. */
export function refuseUnrelated({ shape, name, related }: FieldInfo, instance: BaoModel): void {
  const target = boundTo(instance.constructor as ModelClass)?.manager.models[related!] as ModelClass | undefined;
  refuseOther(instance, target, { model: shape.modelName, field: name, wanted: related! });
}

/** Classes that share a prefix share their items: one that extends another, or the same model as two managers have it. */
function refuseOther(instance: BaoModel, model: ModelClass | undefined, place: { model: string; field?: string; wanted: string }): void {
  const own = instance.constructor as ModelClass;
  if (model === undefined || own.modelPrefix === model.modelPrefix) return;
  const where = place.field === undefined ? place.model : `${place.model}.${place.field}`;
  const other = boundTo(own)?.name ?? own.name;
  throw ofModel(place.model, new ValidationError(`${where}: an item of ${place.wanted} belongs here, not one of ${other}`, place.field, instance));
}
