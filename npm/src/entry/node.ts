import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setUpNode } from "./node_setup.js";

// Where a bundler made one file of the program, the module is not beside it, but a copy is in the bundle.
declare function require(name: "./bao.wasm.cjs"): Uint8Array;

function readModule(): Uint8Array {
  try {
    return readFileSync(join(__dirname, "bao.wasm"));
  } catch {
    return require("./bao.wasm.cjs");
  }
}

setUpNode(readModule);

export * from "../index.js";
