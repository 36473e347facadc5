/** Items that RelatedFields name. */
import type { ModelClass, PageKey, QueryResult } from "../types.js";
import { bindingOf } from "./binding.js";
import { ofModel, QueryError, ValidationError } from "./errors.js";
import { BaoModel } from "./model.js";
import { didYouMean, ofFinds, refuseOptions, wrongOption } from "./options.js";
import { query } from "./querying.js";
import { find } from "./reading.js";
import type { FieldInfo, Shape } from "./shape.js";

/** Also where nothing is left to load. */
function refuseNoContext({ modelName }: Pick<Shape, "modelName">, loaderContext: unknown): void {
  refuseOptions("QueryError", modelName, { loaderContext }, ofFinds);
}

function relatedField(instance: BaoModel, name: string): FieldInfo {
  const { shape } = BaoModel.stateOf(instance);
  const info = shape.byName.get(name);
  if (info?.related === undefined) {
    throw ofModel(shape.modelName, new ValidationError(`${shape.modelName}.${name} is no RelatedField`, name));
  }
  return info;
}

export function related(instance: BaoModel, name: string): BaoModel | null {
  const state = BaoModel.stateOf(instance);
  const info = state.shape.byName.get(name);
  return (info && state.related?.get(info.position)) ?? null;
}

export async function load(instance: BaoModel, name: string, loaderContext?: object): Promise<BaoModel | null> {
  const info = relatedField(instance, name);
  refuseNoContext(info.shape, loaderContext);
  refuseUnread(instance, info);
  return loadField(instance, info, loaderContext);
}

async function loadField(instance: BaoModel, info: FieldInfo, loaderContext?: object): Promise<BaoModel | null> {
  const state = BaoModel.stateOf(instance);
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
function refuseUnread(instance: BaoModel, info: FieldInfo): void {
  const state = BaoModel.stateOf(instance);
  const { name, shape } = info;
  if (!state.projected || state.projected.includes(name) || state.get(info)) return;
  throw ofModel(shape.modelName, new ValidationError(`${shape.modelName}.${name} was not read (\`attributes\`): what it names is not known`, name));
}

/** Names that are no RelatedFields. `isOpen`: they always passed there, also those of other fields, so that only what is nearly one, or no name, is refused. */
export function refuseNoRelated({ modelName, byName, related }: Shape, names: readonly string[], isOpen = false): void {
  if (!Array.isArray(names)) throw wrongOption(modelName, "relatedFields", "a list of names of RelatedFields", names);
  for (const name of names as readonly string[]) {
    const info = byName.get(name);
    if (info?.related || (info && isOpen)) continue;
    const meant = didYouMean(String(name), related.map((one) => one.name));
    if (meant || !isOpen || typeof name !== "string") throw ofModel(modelName, new QueryError(`${modelName}.${name} is no RelatedField${meant}`, undefined, name));
  }
}

export async function loadAll(instance: BaoModel, given?: readonly string[] | null, loaderContext?: object): Promise<BaoModel> {
  const names: readonly string[] | null | undefined = typeof given === "string" ? [given] : given;
  const { shape } = BaoModel.stateOf(instance);
  refuseNoContext(shape, loaderContext);
  refuseNoRelated(shape, names ?? [], true);
  const all = shape.related;
  const wanted = names ? all.filter((info) => names.includes(info.name)) : all;
  if (names) for (const info of wanted) refuseUnread(instance, info);
  await Promise.all(wanted.map((info) => loadField(instance, info, loaderContext ?? undefined)));
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
