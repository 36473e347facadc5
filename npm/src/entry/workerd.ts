/** Cloudflare Workers: no files, no compiling of WebAssembly from bytes, and nothing that needs a request at module scope. */
import * as workers from "cloudflare:workers";
import module from "./bao-worker.wasm";
import { provideEmbeddedEngine, provideModule } from "../bridge/index.js";
import { type Environment, providePlatform, type StorageClass } from "../face/platform.js";

provideModule(module);

// Worth 130 KB of upload to those who test with `memory:`, and to nobody else: bundles for production leave it out (bundlers put
// the value in place of the expression and drop what cannot run), unless `dynamo-bao/memory` is imported.
try {
  if (process.env.NODE_ENV !== "production") provideEmbeddedEngine(async () => (await import("./bao-engine.wasm")).default);
} catch {
  // There is no process here, and no bundler that put something in its place.
}

/** Not a literal in the import: wrangler would warn of it wherever there is no nodejs_compat. */
const asyncHooks = ["node:async", "hooks"].join("_");

/** Without nodejs_compat or nodejs_als the module does not exist. No top-level await: bundlers refuse to `require` what has one. */
async function asyncLocalStorage(): Promise<StorageClass | undefined> {
  try {
    const hooks = (await import(asyncHooks)) as { AsyncLocalStorage: StorageClass };
    return hooks.AsyncLocalStorage;
  } catch {
    return undefined;
  }
}

/** The Worker's variables and secrets; older runtimes do not export them. */
function environment(): Environment {
  const bindings: Record<string, unknown> = (workers as { env?: Record<string, unknown> }).env ?? {};
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(bindings)) {
    if (typeof value === "string") variables[name] = value;
  }
  return variables;
}

providePlatform({ storage: asyncLocalStorage(), environment, files: undefined });

export * from "../index.js";
export { provideEmbeddedEngine };
