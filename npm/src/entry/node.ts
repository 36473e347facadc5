import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setUpNode } from "./node_setup.js";

// Where a bundler made one file of the program, the modules are not beside it, but copies are in the bundle.
declare function require(name: "./bao.wasm.cjs" | "./bao-engine.wasm.cjs"): Uint8Array;

function readCore(): Uint8Array {
  try {
    return readFileSync(join(__dirname, "bao.wasm"));
  } catch {
    return require("./bao.wasm.cjs");
  }
}

function readEngine(): Uint8Array {
  try {
    return readFileSync(join(__dirname, "bao-engine.wasm"));
  } catch {
    return require("./bao-engine.wasm.cjs");
  }
}

setUpNode({ core: readCore, engine: readEngine });

export * from "../index.js";
