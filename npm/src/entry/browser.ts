/** Browsers and other runtimes without files: the module is within the script. */
import bytes from "./bao.wasm?bytes";
import { provideModule } from "../bridge/index.js";
import { providePlatform, type StorageClass } from "../face/platform.js";

provideModule(() => new WebAssembly.Module(bytes));

// Some edge runtimes have it as a global.
const storage = (globalThis as { AsyncLocalStorage?: StorageClass }).AsyncLocalStorage;
const process = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process;

providePlatform({ storage, environment: () => process?.env ?? {}, files: undefined });

export * from "../index.js";
