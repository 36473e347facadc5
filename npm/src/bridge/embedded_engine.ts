/** The embedded engine: a DynamoDB in a WebAssembly module of its own (src/wasm/engine/abi.hpp says what each export does). */
import { Instance, type TextExports } from "./module.js";

interface EngineExports extends TextExports {
  bao_engine_new(): number;
  bao_engine_delete(engine: number): void;
  bao_engine_make_table(engine: number, size: number, searchIndex: number, wallMs: number): number;
  bao_engine_handle(engine: number, operationSize: number, size: number, wallMs: number): number;
  bao_engine_sweep(engine: number, itemsMax: number, wallMs: number): void;
}

/** Gives the module, at once or by a promise that the request which asked may wait for. */
export type EngineSource = WebAssembly.Module | (() => WebAssembly.Module | Promise<WebAssembly.Module>);

let source: EngineSource | undefined;

/** Called by the entries that have the engine; a later one wins, so that an explicit import comes before a lazy one. */
export function provideEmbeddedEngine(module: EngineSource): void {
  if (!(source instanceof WebAssembly.Module)) source = module;
}

export function hasEmbeddedEngine(): boolean {
  return source !== undefined;
}

/** The module. A promise is not shared between callers: in a Worker none may wait for what another's request began. */
export function embeddedEngineModule(): WebAssembly.Module | Promise<WebAssembly.Module> {
  if (source === undefined) throw new Error("this bundle has no embedded engine");
  if (typeof source !== "function") return source;
  const given = source();
  if (!(given instanceof Promise)) {
    source = given;
    return given;
  }
  return given.then((module) => {
    source = module;
    return module;
  });
}

/** One engine with tables of its own, in an instance of its own. What it throws is a trap: the engine is of no use then. */
export class EmbeddedEngine {
  private readonly instance: Instance<EngineExports>;
  private readonly engine: number;

  constructor(module: WebAssembly.Module) {
    this.instance = new Instance<EngineExports>(module);
    this.engine = this.instance.exports.bao_engine_new();
  }

  /** Makes the table that models need. The result is an error's text, or undefined. */
  makeTable(name: string, searchIndex: boolean): string | undefined {
    const { instance } = this;
    const size = instance.put(name);
    return instance.exports.bao_engine_make_table(this.engine, size, searchIndex ? 1 : 0, Date.now()) === 1 ? undefined : instance.text();
  }

  /** Answers one request. */
  handle(operation: string, body: Uint8Array): { status: number; body: Uint8Array } {
    const { instance } = this;
    const operationSize = instance.put(operation);
    const size = operationSize + instance.putBytes(body, 0, operationSize);
    const status = instance.exports.bao_engine_handle(this.engine, operationSize, size, Date.now());
    return { status, body: instance.outputBytes() };
  }

  /** Deletes items whose time to live is over, looking at `itemsMax` at most. */
  sweep(itemsMax: number): void {
    this.instance.exports.bao_engine_sweep(this.engine, itemsMax, Date.now());
  }
}
