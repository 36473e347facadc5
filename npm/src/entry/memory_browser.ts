/** `import "dynamo-bao/memory"` in a browser: the embedded engine is within the script. */
import { provideEmbeddedEngine } from "./browser.js";
import { bytes } from "./engine_bytes.js";

provideEmbeddedEngine(() => new WebAssembly.Module(bytes));
