/** The embedded engine, loaded from the package's files. */
import { readFileSync } from "node:fs";
import { EmbeddedEngine } from "../bridge/embedded_engine.js";

export function openLocalEngine(): EmbeddedEngine {
  return new EmbeddedEngine(new WebAssembly.Module(readFileSync(new URL("../bao-engine.wasm", import.meta.url))));
}
