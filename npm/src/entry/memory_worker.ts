/** `import "dynamo-bao/memory"` in a Worker: the embedded engine is in the bundle, whatever it is made for. */
import engine from "./bao-engine.wasm";
import { provideEmbeddedEngine } from "./workerd.js";

provideEmbeddedEngine(engine);
