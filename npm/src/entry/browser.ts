/** Browsers and other runtimes without files: the module is within the script. */
import bytes from "./bao-worker.wasm?bytes";
import { provideEmbeddedEngine, provideModule } from "../bridge/index.js";
import { providePlatform, type StorageClass } from "../face/platform.js";

provideModule(() => new WebAssembly.Module(bytes));

// As in workerd.ts: bundles for production leave the embedded engine out, unless `dynamo-bao/memory` is imported.
try {
  if (process.env.NODE_ENV !== "production") {
    provideEmbeddedEngine(async () => new WebAssembly.Module((await import("./engine_bytes.js")).bytes));
  }
} catch {
  // There is no process here, and no bundler that put something in its place.
}

// Some edge runtimes have it as a global.
const storage = (globalThis as { AsyncLocalStorage?: StorageClass }).AsyncLocalStorage;
const host = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process;

providePlatform({ storage, environment: () => host?.env ?? {}, files: undefined });

export * from "../index.js";
export { provideEmbeddedEngine };
