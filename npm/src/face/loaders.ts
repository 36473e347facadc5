/** The caches that callers own: an object given as `loaderContext` stands for one. */
import type { Core } from "../bridge/contract.js";
import { InstanceCache } from "./instance_cache.js";

/** Where the runtime does not tell that an object is gone, so many caches are kept; the oldest leave first. */
const openMax = 1_000;

const byContext = new WeakMap<object, Map<Core, InstanceCache>>();

type Closing = { core: Core; handle: number };
const registry =
  typeof FinalizationRegistry === "function"
    ? new FinalizationRegistry<Closing>(({ core, handle }) => core.closeLoader(handle))
    : undefined;
const open: (Closing & { forget(): void })[] = [];

export function loaderOf(core: Core, context: object): InstanceCache {
  let caches = byContext.get(context);
  if (caches === undefined) {
    caches = new Map();
    byContext.set(context, caches);
  }
  const known = caches.get(core);
  if (known !== undefined) return known;
  const cache = new InstanceCache(core.openLoader());
  caches.set(core, cache);
  closeSomeTime(core, cache.handle, context, caches);
  return cache;
}

function closeSomeTime(core: Core, handle: number, context: object, caches: Map<Core, InstanceCache>): void {
  if (registry !== undefined) {
    registry.register(context, { core, handle });
    return;
  }
  // A loader that is used again after it left the list is opened anew.
  open.push({ core, handle, forget: () => caches.delete(core) });
  const oldest = open.length > openMax ? open.shift() : undefined;
  if (oldest !== undefined) {
    oldest.forget();
    oldest.core.closeLoader(oldest.handle);
  }
}
