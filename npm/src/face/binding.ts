/** What ties a registered class to its manager and the core behind it. */
import type { CallOptions as CoreCall, Core, ModelNumber } from "../bridge/contract.js";
import type { CallOptions, ModelClass } from "../types.js";
import { currentStore } from "./context.js";
import { ConfigurationError, ValidationError } from "./errors.js";
import type { InstanceCache } from "./instance_cache.js";
import type { ModelManager } from "./model_manager.js";
import { refuseOptions } from "./options.js";
import type { Shape } from "./shape.js";

export interface Binding {
  readonly model: ModelClass;
  readonly name: string;
  readonly shape: Shape;
  readonly manager: ModelManager;
  readonly core: Core;
  readonly number: ModelNumber;
  readonly tableName: string;
}

const bindings = new WeakMap<ModelClass, Binding>();

/** The latest initModels that has the class counts. */
export function bind(binding: Binding): void {
  bindings.set(binding.model, binding);
  binding.shape.modelName = binding.name;
}

export function bindingOf(model: ModelClass): Binding {
  const binding = bindings.get(model);
  if (binding === undefined) {
    const name = (model as ModelClass | undefined)?.name;
    throw new ConfigurationError(`${name} is not registered: give it to initModels, or call registerModel`, name);
  }
  return binding;
}

/** undefined: it is not registered. */
export function boundTo(model: ModelClass): Binding | undefined {
  return bindings.get(model);
}

/** Where a call runs: its batch context's cache, and the options that go with it to the core. */
export interface CallPlace {
  readonly cache: InstanceCache | null;
  readonly call: CoreCall;
}

export function callPlace(binding: Binding, signal?: AbortSignal): CallPlace {
  const store = currentStore();
  const scope = store?.scope;
  const cache = scope === undefined || scope === null || scope.closed ? null : scope.cacheOf(binding.core);
  const call: CoreCall = { scope: cache === null ? null : cache.handle, tenant: binding.manager.tenantOf(store) };
  if (signal !== undefined && signal !== null) call.signal = checkedSignal(binding.name, signal);
  return { cache, call };
}

/** Where a call that reads runs: its options are the library's alone. `index`: of a query. */
export function readPlace(binding: Binding, options: CallOptions | null | undefined, known: readonly string[], index?: string | null): CallPlace {
  refuseOptions("QueryError", binding.name, options, known, false, index);
  return callPlace(binding, options?.signal);
}

/** By what is asked of it: it may be of another realm. */
export function checkedSignal(what: string, signal: unknown): AbortSignal {
  if (typeof (signal as AbortSignal).addEventListener === "function") return signal as AbortSignal;
  throw new ValidationError(`${what}: the option signal must be an AbortSignal, not ${String(signal)}`, undefined, signal);
}
