/** The package's sources in Node, over the WebAssembly module that was built (BAO_WASM_DIR, or build/). */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUpNode } from "../../src/entry/node_setup.js";

function readWasm(name: string): Uint8Array {
  const folder = process.env["BAO_WASM_DIR"];
  const folders = folder ? [folder] : ["wasm-release", "wasm"].map((preset) => fileURLToPath(new URL(`../../../build/${preset}`, import.meta.url)));
  const places = folders.map((each) => join(each, name));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`no WebAssembly module at ${places.join(" or ")}`);
  return readFileSync(found);
}

setUpNode({ core: () => readWasm("bao.wasm"), engine: () => readWasm("bao-engine.wasm") });

export * from "../../src/index.js";
