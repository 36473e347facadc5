/** The schema loader and the code generators: the tools' WebAssembly module (src/wasm_tools). */
import { readFileSync } from "node:fs";
import type { Mistake, Tree } from "./yaml_tree.js";

export type Language = "js" | "ts" | "cpp";
export type ModuleSystem = "commonjs" | "esm";

export interface GenerateInput {
  trees: Tree[];
  /** Files that could not be parsed: reported with the others. */
  mistakes: Mistake[];
  language: Language;
  modules: ModuleSystem;
  /** The manifest's path from the output folder, without its ending. */
  manifest: string;
  /** The output folder's path from the manifest's. */
  modelsFromManifest: string;
  /** The folder of custom fields: its path from the output folder, and the names of its files, sorted. */
  fieldsFolder: string;
  fieldFiles: string[];
}

export interface SourceFile {
  path: string;
  text: string;
}

export type GenerateOutput = { files: SourceFile[]; banner: string } | { mistakes: string[] };

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  bao_tools_input(size: number): number;
  bao_tools_run(): number;
  bao_tools_output(): number;
}

function refuse(name: string): never {
  throw new Error(`the code generator stopped (${name})`);
}

let readModule = (): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(new URL("./tools.wasm", import.meta.url)));
let instance: Exports | undefined;

/** Where the module lies, if not beside this file. */
export function provideToolsModule(read: () => Uint8Array<ArrayBuffer>): void {
  readModule = read;
}

function load(): Exports {
  if (instance !== undefined) return instance;
  const module = new WebAssembly.Module(readModule());
  // What is left of the C library's output: reached only where it stops the program.
  const host: Record<string, () => never> = {};
  for (const { name } of WebAssembly.Module.imports(module)) host[name] = () => refuse(name);
  const exports = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host }).exports as unknown as Exports;
  exports._initialize();
  instance = exports;
  return exports;
}

/** Checks the models and generates their code, or gives every mistake, each in a line with file and line number. */
export function generate(input: GenerateInput): GenerateOutput {
  const tools = load();
  const bytes = new TextEncoder().encode(JSON.stringify(input));
  const address = tools.bao_tools_input(bytes.length);
  new Uint8Array(tools.memory.buffer, address, bytes.length).set(bytes);
  const size = tools.bao_tools_run();
  const output = new Uint8Array(tools.memory.buffer, tools.bao_tools_output(), size);
  return JSON.parse(new TextDecoder().decode(output)) as GenerateOutput;
}
