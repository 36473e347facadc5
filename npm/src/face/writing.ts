import type { Found, Key, Tagged, WriteOptions as CoreWrite } from "../bridge/contract.js";
import type { BatchWriteResult, BatchWrites, CallOptions, DeleteOptions, HookOptions, ModelClass, SaveConstraints, SaveOptions, WriteOptions } from "../types.js";
import { type Binding, bindingOf, type CallPlace, callPlace } from "./binding.js";
import { conditionToTagged } from "./conditions.js";
import { DataFormatError, ItemNotFoundError, ofModel, ValidationError } from "./errors.js";
import { addCapacity, makeInstance } from "./instances.js";
import { ItemState, type Sending } from "./item_state.js";
import { refuseForeign } from "./foreign.js";
import { BaoModel } from "./model.js";
import { checkedToWrite, listOf, objectOf, refuseStrange, wrongOption } from "./options.js";
import { runHooks } from "./plugins.js";
import { capacityOf } from "./querying.js";
import { idText, keyOf, primaryIdOfData } from "./reading.js";
import { addUp, applyCustomFields, applyInitialValues, changesToWire, dataToWire, rowToWire } from "./wire.js";

export const ofSaves: (keyof SaveConstraints)[] = ["mustExist", "mustNotExist", "fieldMatches"];

/** What is sent of options that were checked. */
export function writeOptions(binding: Binding, options: WriteOptions | undefined | null, more?: Tagged): CoreWrite {
  const result: CoreWrite = {};
  const given = conditionToTagged(binding.shape, options?.condition);
  const condition = more === undefined ? given : given === undefined ? more : { $and: [given, more] };
  if (condition !== undefined) result.condition = condition;
  if (options?.forceReindex) result.forceReindex = true;
  return result;
}

/**
 * Waits for a write of these values. The core tells a value that it refuses by its text: the error gets the one that was given,
 * of several items' one that looks like it.
 */
export async function asGiven<R>(call: Promise<R>, ...all: Record<string, unknown>[]): Promise<R> {
  try {
    return await call;
  } catch (error) {
    const { given } = error as ValidationError;
    for (const values of all) {
      if (!given || !Object.hasOwn(values, given)) continue;
      if (all.length === 1 || String(values[given]) === (error as ValidationError).value) (error as { value: unknown }).value = values[given];
    }
    throw error;
  }
}

/** The instance of an item that was just written; a later find in the context gives the same. */
function written(binding: Binding, place: CallPlace, found: Found): BaoModel {
  if (found.row === null || found.row === undefined) throw new DataFormatError(`${binding.name}: a write gave no item`);
  const instance = makeInstance(binding, found.id, found.row, place.call.tenant);
  if (found.entry !== 0) place.cache?.set(found.entry, instance);
  addCapacity(instance, found);
  return instance;
}

export async function create(model: ModelClass, data: unknown, options?: WriteOptions | null): Promise<BaoModel> {
  const binding = bindingOf(model);
  const [values, state] = toPut(binding, "data", data);
  const hookOptions: HookOptions = { ...checkedToWrite(binding.name, options), isNew: true };
  applyInitialValues(binding.shape, values);
  await runHooks(model, "beforeSave", values, hookOptions);
  await applyCustomFields(binding.shape, values, true);
  const wire = wholeToWire(binding, values, state);
  const place = callPlace(binding, options?.signal);
  const found = await asGiven(binding.core.create(binding.number, wire, writeOptions(binding, options), place.call), values);
  const instance = written(binding, place, found);
  await runHooks(model, "afterSave", instance, hookOptions);
  return instance;
}

export async function update(model: ModelClass, id: unknown, changes: unknown, options?: WriteOptions | null): Promise<BaoModel> {
  const binding = bindingOf(model);
  const values = objectOf(binding.name, "changes", changes);
  const key = keyOf(binding, id);
  // A half that is missing is refused before hooks run.
  idText(binding, key);
  const hookOptions: HookOptions = { ...checkedToWrite(binding.name, options), isNew: false };
  const nothing = !options?.forceReindex && Object.values(values).every((value) => value === undefined);
  if (!nothing) await runHooks(model, "beforeSave", values, hookOptions);
  await applyCustomFields(binding.shape, values, false);
  const wire = dataToWire(binding.shape, values, "change");
  const place = callPlace(binding, options?.signal);
  const found = await asGiven(binding.core.update(binding.number, key, wire, null, writeOptions(binding, options), place.call), values);
  const instance = written(binding, place, found);
  if (!nothing) await runHooks(model, "afterSave", instance, hookOptions);
  return instance;
}

export async function save(instance: BaoModel, options?: SaveOptions | null): Promise<BaoModel> {
  const model = instance.constructor as ModelClass;
  const binding = bindingOf(model);
  const state = BaoModel.stateOf(instance);
  refuseSave(binding, state);
  const isNew = !state.loaded;
  const changes = state.changed();
  const hookOptions: HookOptions = { ...checkedToWrite(binding.name, options, ofSaves), isNew };
  if (savesNothing(isNew, changes, options)) return instance;
  // Hooks may change what is written; what the instance had is settled all the same.
  const sending = state.begin();
  try {
    await beforeSave(model, state, changes, hookOptions);
    await ItemState.inTurn([state], () => writeChanges(binding, instance, { changes, sending }, options));
  } finally {
    state.end();
  }
  await runHooks(model, "afterSave", instance, hookOptions);
  return instance;
}

/** What comes before an instance is written. */
export function beforeSave(model: ModelClass, state: ItemState, changes: Record<string, unknown>, options: HookOptions): Promise<void> {
  return state.prepare(async () => {
    await runHooks(model, "beforeSave", changes, options);
    await applyCustomFields(state.shape, changes, options["isNew"] === true);
  });
}

/** An instance that must not exist is created, whatever changed. */
export function savesNothing(isNew: boolean, changes: Record<string, unknown>, options: SaveOptions | null | undefined): boolean {
  return !isNew && Object.keys(changes).length === 0 && !options?.forceReindex && !options?.constraints?.mustNotExist;
}

export function refuseSave(binding: Binding, state: ItemState): void {
  if (!state.exists) throw new ItemNotFoundError(`${binding.name} ${JSON.stringify(state.id)} does not exist`, state.id);
  refuseInPart(binding, state);
}

function refuseInPart({ name }: Binding, state: ItemState): void {
  if (!state.projected) return;
  throw ofModel(name, new ValidationError(`${name} ${JSON.stringify(state.id)} was read with \`attributes\`, in part: it cannot be saved`));
}

async function writeChanges(
  binding: Binding,
  instance: BaoModel,
  { changes, sending }: { changes: Record<string, unknown>; sending: Sending },
  options: SaveOptions | undefined | null,
): Promise<void> {
  const state = BaoModel.stateOf(instance);
  const { key, values } = instanceChanges(binding, instance, changes, options, sending);
  const core = saveWriteOptions(binding, state, options);
  const place = callPlace(binding, options?.signal);
  const { number } = binding;
  const found = await asGiven(
    key === null ? binding.core.create(number, values, core, place.call) : binding.core.update(number, key, values, state.loaded ? state.row : null, core, place.call),
    changes,
  );
  adoptWritten(instance, found, sending, place);
}

export function saveWriteOptions(binding: Binding, state: ItemState, options: SaveOptions | undefined | null): CoreWrite {
  return writeOptions(binding, options, matches(binding, state, options));
}

/** What a save sends: `key` null creates the item. */
export function instanceChanges(
  binding: Binding,
  instance: BaoModel,
  changes: Record<string, unknown>,
  options: SaveOptions | undefined | null,
  sending: Sending,
): { key: Key | null; values: Record<string, Tagged> } {
  const state = BaoModel.stateOf(instance);
  const { mustExist, mustNotExist } = options?.constraints ?? {};
  const creates = mustNotExist || (!state.loaded && !mustExist);
  const wire = changesToWire(state, changes, sending, creates);
  if (creates) {
    return { key: null, values: state.loaded ? addUp(state, { ...dataToWire(state.shape, valuesToCreate(state), "creation"), ...wire }) : wire };
  }
  // A new instance that must exist names its key among its values; they are no change.
  if (!state.loaded) for (const name of keyFields(binding)) delete wire[name];
  return { key: { id: state.id || primaryIdOfData(binding, instance) }, values: wire };
}

/** Takes what a write of this instance gave; a later find in the context gives the same instance. */
export function adoptWritten(instance: BaoModel, found: Found, sending: Sending, { cache, call }: CallPlace): void {
  const state = BaoModel.stateOf(instance);
  state.tenant = call.tenant;
  state.adopt(found, sending);
  if (found.entry !== 0) cache?.set(found.entry, instance);
  addCapacity(instance, found);
}

function keyFields(binding: Binding): string[] {
  const { pk, sk } = binding.model.primaryKey;
  return [pk, sk].filter((name) => binding.shape.byName.has(name));
}

function valuesToCreate(state: ItemState): Record<string, unknown> {
  return Object.fromEntries(state.shape.fields.map((info) => [info.name, state.get(info) ?? undefined]));
}

/** The condition that fields still have the values which the instance was loaded with. */
function matches(binding: Binding, state: ItemState, options: SaveOptions | undefined | null): Tagged | undefined {
  const fields = options?.constraints?.fieldMatches;
  if (fields === undefined || fields === null) return undefined;
  const names: readonly string[] = Array.isArray(fields) ? fields : [fields];
  return Object.fromEntries(
    names.map((name) => {
      const info = binding.shape.byName.get(name);
      if (info === undefined) throw new ValidationError(`${binding.name} has no field ${JSON.stringify(name)} (fieldMatches)`, name);
      const held = rowToWire(state, info);
      // The operand of $eq would be rounded to the field's precision, which what is stored need not have been; bounds are exact.
      return [name, info.kind.type === "FloatField" && held !== null ? { $between: [held, held] } : { $eq: held }];
    }),
  );
}

export async function remove(model: ModelClass, id: unknown, options?: DeleteOptions | null): Promise<BaoModel> {
  const binding = bindingOf(model);
  const key = keyOf(binding, id);
  return removeKey(binding, key, options);
}

export async function removeInstance(instance: BaoModel, options?: DeleteOptions | null): Promise<BaoModel> {
  const binding = bindingOf(instance.constructor as ModelClass);
  return removeKey(binding, { id: instance.getPrimaryId() }, options, BaoModel.stateOf(instance));
}

async function removeKey(binding: Binding, key: Key, options?: DeleteOptions | null, state?: ItemState): Promise<BaoModel> {
  const { model, core, number } = binding;
  const id = idText(binding, key);
  const hookOptions: HookOptions = { ...checkedToWrite(binding.name, options) };
  // It takes as long to get to its turn as a save that was called before, where no hook or custom field keeps that one longer.
  const before = async (): Promise<void> => {
    await runHooks(model, "beforeDelete", id, hookOptions);
    await undefined;
  };
  await (state?.prepare(before) ?? before());
  const place = callPlace(binding, options?.signal);
  const send = (): Promise<Found> => {
    const base = state?.loaded && !state.projected ? state.row : null;
    return core.remove(number, key, base, writeOptions(binding, options), place.call);
  };
  const found = await (state ? ItemState.inTurn([state], send) : send());
  const instance = makeInstance(binding, found.id, found.row ?? null, place.call.tenant);
  addCapacity(instance, found);
  await runHooks(model, "afterDelete", id, hookOptions);
  return instance;
}

export async function batchWrite(model: ModelClass, writes: BatchWrites, options?: CallOptions | null): Promise<BatchWriteResult<BaoModel>> {
  const binding = bindingOf(model);
  const { put, delete: removes } = objectOf(binding.name, "writes", writes) as BatchWrites;
  refuseStrange("ValidationError", binding.name, writes, ["put", "delete"]);
  const { condition } = (checkedToWrite(binding.name, options) ?? {}) as WriteOptions;
  if (condition) throw wrongOption(binding.name, "condition", "left out where whole items are written", condition, "ValidationError");
  const puts = listOf(binding.name, "put", put, (data, place) => toPut(binding, place, data));
  const keys = listOf(binding.name, "delete", removes, (id, place) => keyOf(binding, id, place));
  const ids = keys.map((key) => idText(binding, key));
  const putOptions: HookOptions = { ...options, isNew: true };
  const deleteOptions: HookOptions = { ...options };
  const wire: Record<string, unknown>[] = [];
  for (const [values, state] of puts) {
    applyInitialValues(binding.shape, values);
    await runHooks(model, "beforeSave", values, putOptions);
    await applyCustomFields(binding.shape, values, true);
    wire.push(wholeToWire(binding, values, state));
  }
  for (const id of ids) await runHooks(model, "beforeDelete", id, deleteOptions);
  const place = callPlace(binding, options?.signal);
  const result = await asGiven(binding.core.batchWrite(binding.number, wire, keys, place.call), ...puts.map(([values]) => values));
  const items = result.items.map(({ found }) => written(binding, place, found));
  for (const item of items) await runHooks(model, "afterSave", item, putOptions);
  for (const id of ids) await runHooks(model, "afterDelete", id, deleteOptions);
  return { items, consumedCapacity: capacityOf(binding, result) };
}

/** What is put, and whose it is where it is the one of an item that was read. */
type Put = [values: Record<string, unknown>, state?: ItemState];

function toPut(binding: Binding, what: string, data: unknown): Put {
  if (!(data instanceof BaoModel)) return [objectOf(binding.name, what, data)];
  const state = BaoModel.stateOf(data);
  refuseForeign(binding, data);
  refuseInPart(binding, state);
  return state.loaded ? [valuesToCreate(state), state] : [state.changed()];
}

function wholeToWire({ shape }: Binding, values: Record<string, unknown>, state?: ItemState): Record<string, Tagged> {
  const wire = dataToWire(shape, values, "creation");
  return state ? addUp(state, wire) : wire;
}
