/** `transact`: writes of several items, done all or not at all. */
import type { Found, TransactAction, WriteOptions as CoreWrite } from "../bridge/contract.js";
import type { CallOptions, Changes, CreateData, DeleteOptions, FieldsOf, HookOptions, IdOf, ModelClass, SaveOptions, WriteOptions } from "../types.js";
import { type Binding, bindingOf, type CallPlace, callPlace } from "./binding.js";
import { currentStore } from "./context.js";
import { ConfigurationError, ValidationError } from "./errors.js";
import { makeInstance } from "./instances.js";
import { ItemState, type Sending } from "./item_state.js";
import { refuseForeign } from "./foreign.js";
import { named } from "./item_tenant.js";
import { BaoModel } from "./model.js";
import { checkedToWrite, objectOf, refuseOptions } from "./options.js";
import { runHooks } from "./plugins.js";
import { idText, keyOf } from "./reading.js";
import { tenantOfCall } from "./tenant_context.js";
import { adoptWritten, asGiven, beforeSave, instanceChanges, ofSaves, refuseSave, savesNothing, saveWriteOptions, writeOptions } from "./writing.js";
import { applyCustomFields, dataToWire } from "./wire.js";

/** One action: what is sent, and what is done when all of them are. */
interface Step {
  binding: Binding;
  /** The instance that the action is about, where it is about one. */
  instance?: BaoModel;
  /** What is written, once it is prepared. */
  values?: Record<string, unknown>;
  /** Hooks and custom fields run here, before anything is sent. False: nothing to do. */
  prepare(): Promise<unknown>;
  /** What is sent, once it is the instances' turn. */
  action(): TransactAction;
  done?(found: Found, place: CallPlace): void;
  after?(): Promise<void>;
  /** The transaction is done, or failed. */
  end?(): void;
}

/** Collects the actions of one `transact`; each is conditioned as the same write is alone. */
export class Transaction {
  readonly #steps: Step[] = [];
  readonly #tenant = tenantOfCall(currentStore(), false);
  #ended = false;

  /** A new item. The instance has its data at once, and is saved when the transaction is done. */
  create<M extends typeof BaoModel>(model: M, data: CreateData<FieldsOf<M>> | InstanceType<M>, options?: WriteOptions<FieldsOf<M>>): InstanceType<M> {
    const binding = bindingOf(model);
    const instance = (data instanceof BaoModel ? data : new model(objectOf(binding.name, "data", data))) as InstanceType<M>;
    refuseForeign(binding, instance);
    if (BaoModel.stateOf(instance).loaded) {
      throw new ValidationError(`${binding.name} ${JSON.stringify(instance.getPrimaryId())} exists already: save it instead of creating it`);
    }
    this.#saveInstance(binding, instance, options);
    return instance;
  }

  /** Changes an item. The instance that comes back is a miss until the transaction is done, and then the item as it is now. */
  update<M extends typeof BaoModel>(model: M, id: IdOf<M>, changes: Changes<FieldsOf<M>>, options?: WriteOptions<FieldsOf<M>>): InstanceType<M> {
    const binding = bindingOf(model);
    const values = objectOf(binding.name, "changes", changes);
    const key = keyOf(binding, id);
    const instance = makeInstance(binding, idText(binding, key), null, "");
    const hookOptions: HookOptions = { ...checkedToWrite(binding.name, options), isNew: false };
    this.#add({
      binding,
      values,
      async prepare() {
        await runHooks(model, "beforeSave", values, hookOptions);
        await applyCustomFields(binding.shape, values, false);
      },
      action() {
        const wire = dataToWire(binding.shape, values, "change");
        return { kind: "update", model: binding.number, key, values: wire, base: null, options: writeOptions(binding, options) };
      },
      done: (found, place) => adoptWritten(instance, found, { assigned: new Map(), held: new Map() }, place),
      after: () => runHooks(model, "afterSave", instance, hookOptions),
    });
    return instance as InstanceType<M>;
  }

  /** What `instance.save(options)` does: a new item, or what changed since it was loaded, as of the transaction's end. */
  save<T extends BaoModel>(instance: T, options?: SaveOptions): T {
    const binding = bindingOf((instance as T | undefined)?.constructor as ModelClass);
    refuseSave(binding, BaoModel.stateOf(instance));
    this.#saveInstance(binding, instance, options);
    return instance;
  }

  /** Deletes an item; an instance is deleted as `instance.delete()` does. An ItemNotFoundError where it is not there. */
  delete<M extends typeof BaoModel>(model: M, id: IdOf<M> | InstanceType<M>, options?: DeleteOptions<FieldsOf<M>>): void {
    const binding = bindingOf(model);
    const key = keyOf(binding, id);
    const state = id instanceof BaoModel ? BaoModel.stateOf(id) : undefined;
    const text = idText(binding, key);
    const hookOptions: HookOptions = { ...checkedToWrite(binding.name, options) };
    this.#add({
      binding,
      ...(state === undefined ? {} : { instance: id as BaoModel }),
      prepare() {
        const hooks = () => runHooks(model, "beforeDelete", text, hookOptions);
        return state?.prepare(hooks) ?? hooks();
      },
      action() {
        const base = state?.loaded && !state.projected ? state.row : null;
        return { kind: "delete", model: binding.number, key, base, options: writeOptions(binding, options) };
      },
      after: () => runHooks(model, "afterDelete", text, hookOptions),
    });
  }

  /** The item has to be there (else ItemNotFoundError) and to meet the condition (else ConditionalError). */
  check<M extends typeof BaoModel>(model: M, id: IdOf<M> | InstanceType<M>, options?: Pick<WriteOptions<FieldsOf<M>>, "condition">): void {
    const binding = bindingOf(model);
    const key = keyOf(binding, id);
    checkedToWrite(binding.name, options);
    this.#add({
      binding,
      ...(id instanceof BaoModel ? { instance: id as BaoModel } : {}),
      async prepare() {},
      action: () => ({ kind: "check", model: binding.number, key, options: writeOptions(binding, options) }),
    });
  }

  #saveInstance(binding: Binding, instance: BaoModel, options: SaveOptions | WriteOptions | undefined): void {
    const { model, number } = binding;
    const state = BaoModel.stateOf(instance);
    const isNew = !state.loaded;
    const hookOptions: HookOptions = { ...checkedToWrite(binding.name, options, ofSaves), isNew };
    let sending: Sending | undefined;
    this.#add({
      binding,
      instance,
      async prepare() {
        const changes = (this.values = state.changed());
        if (savesNothing(isNew, changes, options)) return false;
        sending = state.begin();
        return beforeSave(model, state, changes, hookOptions);
      },
      action() {
        const write: { model: number; options: CoreWrite } = { model: number, options: saveWriteOptions(binding, state, options) };
        const { key, values } = instanceChanges(binding, instance, this.values!, options, sending!);
        return key === null ? { kind: "create", values, ...write } : { kind: "update", key, values, base: state.loaded ? state.row : null, ...write };
      },
      done: (found, place) => adoptWritten(instance, found, sending!, place),
      after: () => runHooks(model, "afterSave", instance, hookOptions),
      end: () => void (sending !== undefined && state.end()),
    });
  }

  #add(step: Step): void {
    if (this.#ended) throw new ConfigurationError("the transaction has ended: await everything inside transact's function");
    // All is done on behalf of the tenant of `transact`'s caller.
    const tenant = tenantOfCall(currentStore(), false);
    if (tenant !== this.#tenant) {
      throw new ValidationError(`${step.binding.name}: the transaction is of ${named(this.#tenant)}, and this action of ${named(tenant)}`, "tenantId", tenant);
    }
    if (step.instance !== undefined) refuseForeign(step.binding, step.instance);
    this.#steps.push(step);
  }

  /** @internal */
  async commit(options: CallOptions | null | undefined): Promise<void> {
    this.#ended = true;
    const [first] = this.#steps;
    if (first === undefined) return;
    const { core } = first.binding;
    const stranger = this.#steps.find(({ binding }) => binding.core !== core);
    if (stranger !== undefined) {
      throw new ConfigurationError(`${stranger.binding.name}: a transaction is over the models of one manager`, stranger.binding.name);
    }
    let sent: readonly Step[];
    try {
      sent = await this.#send(first.binding, options);
    } finally {
      for (const step of this.#steps) step.end?.();
    }
    for (const step of sent) await step.after?.();
  }

  /** Gives the steps that had something to do. */
  async #send(binding: Binding, options: CallOptions | null | undefined): Promise<readonly Step[]> {
    const sent: Step[] = [];
    for (const step of this.#steps) if ((await step.prepare()) !== false) sent.push(step);
    if (sent.length === 0) return sent;
    // It takes as long to get to their turn as a save that was called before, where no hook or custom field keeps that one longer.
    for (let tick = 0; tick < 4; ++tick) await undefined;
    const states = sent.flatMap(({ instance }) => (instance ? BaoModel.stateOf(instance) : []));
    await ItemState.inTurn(states, async () => {
      const actions = sent.map((step) => step.action());
      const place = callPlace(binding, options?.signal);
      const { items } = await asGiven(binding.core.transact(actions, place.call), ...sent.map(({ values }) => values ?? {}));
      sent.forEach((step, position) => step.done?.(items[position]!.found, place));
    });
    return sent;
  }

  /** @internal Nothing was sent, and nothing will be. */
  end(): void {
    this.#ended = true;
  }
}

/**
 * Runs a function that collects writes, then does all of them or none, in one TransactWriteItems: at most 100 actions,
 * the rows of unique values among them, and one for an item. What fails because an item changed since it was read is
 * read and tried again. Nothing is sent where the function throws. Gives what the function gave.
 */
export async function transact<R>(build: (tx: Transaction) => R | Promise<R>, options?: CallOptions | null): Promise<Awaited<R>> {
  if (typeof build !== "function") throw new ConfigurationError("transact takes a function");
  refuseOptions("ValidationError", "transact", options, ["signal"], false, null, "");
  const transaction = new Transaction();
  let result: Awaited<R>;
  try {
    result = await build(transaction);
  } catch (error) {
    transaction.end();
    throw error;
  }
  await transaction.commit(options);
  return result;
}
