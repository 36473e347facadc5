/** Items that RelatedFields name. */
import type { ModelClass, PageKey, QueryResult } from "../types.js";
import { bindingOf } from "./binding.js";
import { ofModel, ValidationError } from "./errors.js";
import type { ItemState } from "./item_state.js";
import { BaoModel } from "./model.js";
import { query } from "./querying.js";
import { find } from "./reading.js";
import type { FieldInfo } from "./shape.js";

function relatedField(instance: BaoModel, name: string): FieldInfo {
  const info = BaoModel.stateOf(instance).shape.byName.get(name);
  if (info?.related === undefined) {
    throw new ValidationError(`${instance.constructor.name}.${name} is no RelatedField`, name);
  }
  return info;
}

export function related(instance: BaoModel, name: string): BaoModel | null {
  const state = BaoModel.stateOf(instance);
  const info = state.shape.byName.get(name);
  return (info && state.related?.get(info.position)) ?? null;
}

export async function load(instance: BaoModel, name: string, loaderContext?: object): Promise<BaoModel | null> {
  return loadField(instance, relatedField(instance, name), true, loaderContext);
}

/** `isMeant`: it is this field that was asked for. */
async function loadField(instance: BaoModel, info: FieldInfo, isMeant: boolean, loaderContext?: object): Promise<BaoModel | null> {
  const state = BaoModel.stateOf(instance);
  if (isMeant) refuseUnread(state, info);
  const known = state.related?.get(info.position);
  if (known !== undefined) return known;
  const id = state.get(info);
  if (id === null || id === undefined || id === "") return null;
  const target = bindingOf(instance.constructor as ModelClass).manager.getModel(info.related!) as ModelClass;
  const found = await find(target, id, { loaderContext });
  // The field may have been given another id meanwhile.
  if (state.get(info) === id) (state.related ??= new Map()).set(info.position, found);
  return found;
}

/** What was not read may well have a value. */
function refuseUnread({ changes, id, projected, row }: ItemState, { name, position, shape }: FieldInfo): void {
  if (!projected || projected.includes(name) || changes?.has(position) || (row[position] ?? null) !== null) return;
  const { modelName } = shape;
  throw ofModel(modelName, new ValidationError(`${modelName} ${JSON.stringify(id)} was read with \`attributes\` that lack "${name}": what it names is not known`, name));
}

/** Names that are no RelatedFields are let pass. */
export async function loadAll(instance: BaoModel, names?: readonly string[] | null, loaderContext?: object): Promise<BaoModel> {
  const all = BaoModel.stateOf(instance).shape.related;
  const isMeant = names !== undefined && names !== null;
  const wanted = isMeant ? all.filter((info) => names.includes(info.name)) : all;
  await Promise.all(wanted.map((info) => loadField(instance, info, isMeant, loaderContext ?? undefined)));
  return instance;
}

export function forget(instance: BaoModel, name?: string): void {
  const state = BaoModel.stateOf(instance);
  if (name === undefined) {
    state.related = null;
    return;
  }
  const info = state.shape.byName.get(name);
  if (info !== undefined) state.related?.delete(info.position);
}

export async function relatedViaMap(
  mapping: ModelClass,
  index: string,
  partition: unknown,
  targetField: string,
  sort?: unknown,
  limit?: number | null,
  direction?: "ASC" | "DESC",
  startKey?: PageKey | null,
): Promise<QueryResult<BaoModel>> {
  return (await query(mapping, index, partition, sort, {
    limit,
    direction,
    startKey,
    loadRelated: true,
    relatedFields: [targetField],
    relatedOnly: true,
  })) as QueryResult<BaoModel>;
}
