/** Batch contexts and the tenant of a call: one value in AsyncLocalStorage carries both. */
import type { Capacity, Core } from "../bridge/contract.js";
import { ConfigurationError } from "./errors.js";
import { InstanceCache } from "./instance_cache.js";
import { platform, type Storage } from "./platform.js";

export interface Store {
  readonly scope: BatchScope | null;
  /** undefined: none was set; null: cleared. */
  tenant: string | null | undefined;
}

/** One `runWithBatchContext`: a scope of each core that is used inside. */
export class BatchScope {
  closed = false;
  readonly #caches = new Map<Core, InstanceCache>();

  cacheOf(core: Core): InstanceCache {
    let cache = this.#caches.get(core);
    if (cache === undefined) {
      cache = new InstanceCache(core.openScope());
      this.#caches.set(core, cache);
    }
    return cache;
  }

  capacity(): Capacity {
    const sum = { read: 0, write: 0 };
    for (const [core, { handle }] of this.#caches) {
      const { read, write } = core.scopeCapacity(handle);
      sum.read += read;
      sum.write += write;
    }
    return sum;
  }

  close(): void {
    this.closed = true;
    for (const [core, { handle }] of this.#caches) core.closeScope(handle);
    this.#caches.clear();
  }
}

/** undefined: not looked for yet; null: there is none. */
let storage: Storage<Store> | null | undefined;
let looking: Promise<void> | undefined;
let warned = false;

function look(): void {
  if (storage !== undefined || looking !== undefined) return;
  const found = platform().storage;
  if (found instanceof Promise) {
    looking = found.then(
      (loaded) => {
        storage = loaded === undefined ? null : new loaded<Store>();
      },
      () => {
        storage = null;
      },
    );
  } else {
    storage = found === undefined ? null : new found<Store>();
  }
}

/** What the current call runs in. */
export function currentStore(): Store | undefined {
  if (storage === undefined) look();
  return storage?.getStore();
}

/** The current batch context; null outside of any, and after its end. */
export function currentScope(): BatchScope | null {
  const scope = currentStore()?.scope;
  return scope === undefined || scope === null || scope.closed ? null : scope;
}

function runInStore<R>(active: Storage<Store>, store: Store, callback: () => R): R {
  return active.run(store, callback);
}

/**
 * Runs a function in a batch context of its own: finds of one turn become one request, and what was found is
 * kept until the function's end. Nested contexts are separate. Without AsyncLocalStorage (a Worker without
 * `nodejs_compat` or `nodejs_als`) the function runs all the same, each operation by itself; that is said once.
 */
export async function runWithBatchContext<R>(callback: () => R | Promise<R>): Promise<Awaited<R>> {
  if (typeof callback !== "function") throw new ConfigurationError("runWithBatchContext takes a function");
  if (storage === undefined) {
    look();
    if (storage === undefined) await looking;
  }
  const active = storage as Storage<Store> | null | undefined;
  if (active === null || active === undefined) {
    warnOnce();
    return await callback();
  }
  const scope = new BatchScope();
  try {
    return await runInStore(active, { scope, tenant: active.getStore()?.tenant }, callback);
  } finally {
    scope.close();
  }
}

function warnOnce(): void {
  if (warned) return;
  warned = true;
  console.warn(
    "dynamo-bao: AsyncLocalStorage is not available, so runWithBatchContext neither batches nor caches. " +
      'Add compatibility_flags = ["nodejs_compat"] (or ["nodejs_als"]) to wrangler.toml.',
  );
}

/** What was consumed in the current batch context; zeros outside. */
export function getBatchContextCapacity(): Capacity {
  return currentScope()?.capacity() ?? { read: 0, write: 0 };
}

/** Runs a function on behalf of a tenant, in the batch context that it is called in. */
export function runWithTenantStore<R>(tenant: string, callback: () => R): R {
  if (storage === undefined) look();
  if (storage === undefined) return looking!.then(() => runWithTenantStore(tenant, callback)) as R;
  if (storage === null) {
    throw new ConfigurationError(
      "TenantContext.runWithTenant needs AsyncLocalStorage: without it, one request's tenant would be another's. " +
        'Add compatibility_flags = ["nodejs_compat"] (or ["nodejs_als"]) to wrangler.toml.',
    );
  }
  return runInStore(storage, { scope: storage.getStore()?.scope ?? null, tenant }, callback);
}

/** In strict mode without AsyncLocalStorage no batch context can ever be: whether that is known to be so. */
export function contextsAreUnavailable(): boolean {
  currentStore();
  return storage === null;
}
