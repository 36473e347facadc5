/** What Node gives the package: files, the environment, kept connections. */
import { AsyncLocalStorage } from "node:async_hooks";
import { provideModule } from "../bridge/index.js";
import { provideTransport } from "../bridge/index.js";
import { nodeTransport } from "../bridge/node_transport.js";
import { providePlatform, type StorageClass } from "../face/platform.js";
import { nodeFiles } from "../node/files.js";

/** `readModule` gives the WebAssembly module's bytes, when they are first needed. */
export function setUpNode(readModule: () => Uint8Array): void {
  provideModule(() => new WebAssembly.Module(readModule() as Uint8Array<ArrayBuffer>));
  provideTransport(nodeTransport);
  providePlatform({
    storage: AsyncLocalStorage as StorageClass,
    environment: () => process.env,
    files: nodeFiles,
  });
}
