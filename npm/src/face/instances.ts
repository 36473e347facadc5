/** Instances of rows. */
import type { Found, Row } from "../bridge/contract.js";
import type { ModelClass } from "../types.js";
import type { Binding, CallPlace } from "./binding.js";
import { ConfigurationError } from "./errors.js";
import { ItemState } from "./item_state.js";
import { BaoModel } from "./model.js";
import type { Shape } from "./shape.js";

/** The state of the instance that is being made of a row: classes may have constructors of their own. */
let prepared: ItemState | null = null;

export function takePrepared(): ItemState | null {
  const state = prepared;
  prepared = null;
  return state;
}

/** An instance of an item as read on behalf of `tenant`; `row` null: it is not there. */
export function makeInstance(binding: Binding, id: string, row: Row | null, tenant: string): BaoModel {
  const { model, shape } = binding;
  const state = new ItemState(shape);
  state.id = id;
  state.tenant = tenant;
  if (row === null) {
    state.exists = false;
  } else {
    state.row = row;
    state.loaded = true;
  }
  prepared = state;
  try {
    const instance = new model();
    if (!shape.inspected) inspect(model, shape, instance);
    return instance;
  } finally {
    prepared = null;
  }
}

// `class User extends BaoModel { name!: string }` may put an undefined `name` on each instance, before the field.
function inspect(model: ModelClass, shape: Shape, instance: BaoModel): void {
  const own = Object.keys(instance).find((name) => shape.byName.has(name));
  if (own !== undefined) {
    throw new ConfigurationError(
      `${model.name}.${own}: the class declares a property of this name, which hides the field; in TypeScript write \`declare ${own}: ...\``,
      model.name,
    );
  }
  shape.inspected = true;
}

/** The instance of what a call found: the same one where the cache answered. undefined: it is known no more. */
export function instanceOf(binding: Binding, { cache, call }: CallPlace, found: Found): BaoModel | undefined {
  const { entry, row, id } = found;
  let instance = entry === 0 || cache === null ? undefined : cache.get(entry);
  // After a restart of the module, numbers begin anew.
  if (instance !== undefined && (instance.constructor !== binding.model || (row !== undefined && BaoModel.stateOf(instance).id !== id))) {
    instance = undefined;
  }
  if (row !== undefined && (instance === undefined || row !== null)) {
    const known = instance;
    instance = known ?? makeInstance(binding, id, row, call.tenant);
    if (known !== undefined && row !== null) BaoModel.stateOf(known).refresh(row);
    if (entry !== 0 && cache !== null) cache.set(entry, instance);
  }
  if (instance !== undefined) addCapacity(instance, found);
  return instance;
}

export function addCapacity(instance: BaoModel, { capacity }: Pick<Found, "capacity">): void {
  const state = BaoModel.stateOf(instance);
  state.read += capacity.read;
  state.write += capacity.write;
}
