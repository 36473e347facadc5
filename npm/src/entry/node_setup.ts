/** What Node gives the package: files, the environment, kept connections. */
import { AsyncLocalStorage } from "node:async_hooks";
import { provideEmbeddedEngine, provideModule } from "../bridge/index.js";
import { provideTransport } from "../bridge/index.js";
import { nodeTransport } from "../bridge/node_transport.js";
import { providePlatform, type StorageClass } from "../face/platform.js";
import { nodeFiles } from "../node/files.js";

/** The functions give the bytes of WebAssembly modules, when they are first needed. */
export function setUpNode(read: { core: () => Uint8Array; engine: () => Uint8Array }): void {
  provideModule(() => new WebAssembly.Module(read.core() as Uint8Array<ArrayBuffer>));
  provideEmbeddedEngine(() => new WebAssembly.Module(read.engine() as Uint8Array<ArrayBuffer>));
  provideTransport(nodeTransport);
  providePlatform({
    storage: AsyncLocalStorage as StorageClass,
    environment: () => process.env,
    files: nodeFiles,
  });
}
