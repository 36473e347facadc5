/** The package's sources in Node, over the WebAssembly module that was built (BAO_WASM, or build/). */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setUpNode } from "../../src/entry/node_setup.js";

function wasmPath(): string {
  const places = process.env["BAO_WASM"]
    ? [process.env["BAO_WASM"]]
    : ["wasm-release", "wasm"].map((preset) => fileURLToPath(new URL(`../../../build/${preset}/bao.wasm`, import.meta.url)));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`no WebAssembly module at ${places.join(" or ")}`);
  return found;
}

setUpNode(() => readFileSync(wasmPath()));

export * from "../../src/index.js";
