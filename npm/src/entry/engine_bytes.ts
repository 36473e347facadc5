/** The embedded engine's module within a script, for bundles that cannot hold .wasm files. */
export { default as bytes } from "./bao-engine.wasm?bytes";
