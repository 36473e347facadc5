import type { CallOptions, FindOptions as CoreFind, Found, Key, Tagged } from "../bridge/contract.js";
import type { BatchFindResult, ConsumedCapacity, FindOptions, ModelClass } from "../types.js";
import { type Binding, bindingOf, readPlace } from "./binding.js";
import { setMember } from "./copies.js";
import { DataFormatError, ofModel, ValidationError } from "./errors.js";
import type { InstanceCache } from "./instance_cache.js";
import { instanceOf } from "./instances.js";
import { refuseForeign } from "./foreign.js";
import { loaderOf } from "./loaders.js";
import { BaoModel } from "./model.js";
import { listOf, ofFinds, shown, wrongOption } from "./options.js";
import { fieldToTagged } from "./tagged.js";
import { illFormed, isIllFormed } from "./unicode.js";
import { toWire } from "./wire.js";

const prefixName = "modelPrefix";
const noOptions: CoreFind = {};

/** Where a find runs, and which cache answers it. */
interface FindPlace {
  cache: InstanceCache | null;
  call: CallOptions;
  options: CoreFind;
}

function findPlace(binding: Binding, options: FindOptions | undefined): FindPlace {
  const { cache, call } = readPlace(binding, options, ofFinds);
  if (options === undefined || options === null) return { cache, call, options: noOptions };
  const { batchDelay, bypassCache, consistent, loaderContext } = options;
  const loader = loaderContext === undefined || loaderContext === null ? undefined : loaderOf(binding.core, loaderContext);
  return {
    cache: loader ?? cache,
    call,
    options: { batchDelay, bypassCache, consistent, loader: loader?.handle },
  };
}

type Ask = (options: CoreFind) => Promise<Found>;

function ask(binding: Binding, place: FindPlace, send: Ask): Promise<BaoModel> {
  return send(place.options).then((found) => instanceOf(binding, place, found) ?? askAgain(binding, place, send));
}

// The core says "as given before" of an entry whose instance has left our cache: then it is read.
async function askAgain(binding: Binding, place: FindPlace, send: Ask): Promise<BaoModel> {
  const instance = instanceOf(binding, { cache: null, call: place.call }, await send({ ...place.options, bypassCache: true }));
  if (instance === undefined) throw new DataFormatError(`${binding.name}: a find came to nothing`);
  return instance;
}

// Errors before the first await are rejections too, without the cost of an async function for each find.
function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

export function find(model: ModelClass, id: unknown, options?: FindOptions): Promise<BaoModel> {
  return attempt(() => {
    const binding = bindingOf(model);
    const place = findPlace(binding, options);
    const key = keyOf(binding, id ?? "");
    return ask(binding, place, (how) => binding.core.find(binding.number, key, how, place.call));
  });
}

export function findByPrimaryKey(model: ModelClass, partition: unknown, sort: unknown, options?: FindOptions): Promise<BaoModel> {
  return attempt(() => {
    const binding = bindingOf(model);
    const place = findPlace(binding, options);
    const key = keyOfHalves(binding, partition, sort);
    return ask(binding, place, (how) => binding.core.find(binding.number, key, how, place.call));
  });
}

export function findByUniqueConstraint(model: ModelClass, constraint: string, value: unknown, options?: FindOptions): Promise<BaoModel> {
  return attempt(() => {
    const binding = bindingOf(model);
    const place = findPlace(binding, options);
    const { field } = (model.uniqueConstraints?.[constraint] ?? {}) as { field?: string };
    const info = field === undefined ? undefined : binding.shape.byName.get(field);
    const wanted = info === undefined ? fieldToTagged(binding.name, constraint, value) : toWire(info, value, "comparison");
    return ask(binding, place, (how) => binding.core.findUnique(binding.number, constraint, wanted, how, place.call));
  });
}

export async function batchFind(
  model: ModelClass,
  ids: readonly unknown[] | null | undefined,
  options?: FindOptions,
): Promise<BatchFindResult<BaoModel>> {
  const binding = bindingOf(model);
  const texts = listOf(binding.name, "ids", ids, (id, where) => idText(binding, keyOf(binding, id, where)));
  if (texts.length === 0) return { items: {}, ConsumedCapacity: [] };
  const place = findPlace(binding, options);
  const { items, capacity, requests } = await binding.core.batchFind(binding.number, texts, place.options, place.call);
  const result: Record<string, BaoModel> = {};
  const unknown: string[] = [];
  for (const { id, found } of items) {
    const instance = instanceOf(binding, place, found);
    if (instance === undefined) unknown.push(id);
    else setMember(result, id, instance);
  }
  for (const id of unknown) setMember(result, id, await find(model, id, { ...options, bypassCache: true }));
  return { items: result, ConsumedCapacity: shares(binding, capacity.read, requests) };
}

function shares(binding: Binding, read: number, requests: number): ConsumedCapacity[] {
  const units = requests === 0 ? 0 : read / requests;
  return Array.from({ length: requests }, () => ({
    TableName: binding.tableName,
    CapacityUnits: units,
    ReadCapacityUnits: units,
    WriteCapacityUnits: 0,
  }));
}

// Keys.

/** An id as users give it: text (or a number), an instance, or the fields of the key. `place`: in a list. */
export function keyOf(binding: Binding, id: unknown, place?: string): Key {
  if (typeof id === "string") return { id: wellFormed(binding, id) };
  if (Number.isFinite(id) || typeof id === "bigint") return { id: String(id) };
  const { pk, sk } = binding.model.primaryKey;
  if (id instanceof BaoModel) {
    refuseForeign(binding, id);
    return { id: id.getPrimaryId() };
  }
  if (typeof id === "object" && id !== null) {
    const values = id as Record<string, unknown>;
    return keyOfHalves(binding, values[pk], values[sk]);
  }
  const field = pk === prefixName ? sk : pk;
  throw ofModel(binding.name, new ValidationError(`${binding.name}: ${place ?? field} must be an id, not ${shown(id)}`, field, id));
}

function wellFormed(binding: Binding, id: string): string {
  if (!isIllFormed(id)) return id;
  const { pk, sk } = binding.model.primaryKey;
  const field = pk === prefixName ? sk : sk === prefixName ? pk : `${pk} and ${sk}`;
  throw ofModel(binding.name, new ValidationError(`${binding.name}.${field}: ${illFormed}`, field, id));
}

function keyOfHalves(binding: Binding, partition: unknown, sort: unknown): Key {
  const { pk, sk } = binding.model.primaryKey;
  // Options, say, that were given in its place would be ignored.
  if (sk === prefixName && sort && typeof sort === "object") {
    throw wrongOption(binding.name, "the sort key", "left out, as the key has none", sort, "ValidationError");
  }
  // One text that is the whole id is not judged, as find() does not: of the wrong form, it just finds nothing.
  const only = pk === prefixName ? sk : sk === prefixName ? pk : undefined;
  if (typeof partition === "string" && (sort === undefined || sort === null) && only !== undefined) {
    const info = binding.shape.byName.get(only);
    if (info?.kind.type === "UlidField" && info.custom === undefined) return { id: wellFormed(binding, partition) };
  }
  // The prefix stands for one half: then the one value that was given is the other's.
  if (pk === prefixName && (sort === undefined || sort === null)) return { partition: null, sort: half(binding, sk, partition) };
  const key: Key = { partition: half(binding, pk, partition) };
  if (sort !== undefined && sort !== null && sk !== prefixName) key.sort = half(binding, sk, sort);
  return key;
}

function half(binding: Binding, field: string, value: unknown): Tagged {
  const info = binding.shape.byName.get(field);
  return info === undefined ? fieldToTagged(binding.name, field, value) : toWire(info, value, "comparison");
}

export function idText({ core, number }: Binding, key: Key): string {
  return "id" in key ? key.id : core.primaryId(number, key.partition, key.sort);
}

export function primaryIdOf(binding: Binding, partition: unknown, sort: unknown): string {
  return idText(binding, keyOfHalves(binding, partition, sort));
}

export function primaryIdOfData(binding: Binding, data: object): string {
  const values = data as Record<string, unknown>;
  for (const name of [binding.model.primaryKey.pk, binding.model.primaryKey.sk]) {
    if (name === prefixName || name === undefined) continue;
    if (values[name] === undefined || values[name] === null) {
      throw ofModel(binding.name, new ValidationError(`${binding.name} has no primary id yet: ${name} has no value`, name));
    }
  }
  const { pk, sk } = binding.model.primaryKey;
  return primaryIdOf(binding, pk === prefixName ? undefined : values[pk], sk === prefixName ? undefined : values[sk]);
}

export function keyValue(model: ModelClass, instance: object, which: "pk" | "sk"): unknown {
  const name = model.primaryKey[which];
  return name === prefixName ? model.modelPrefix : (instance as Record<string, unknown>)[name];
}
