/** A DynamoDB in memory: the embedded engine of the WebAssembly module, request by request (src/wasm/engine/local_abi.hpp). */
import { readFileSync } from "node:fs";

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  bao_local_input(size: number): number;
  bao_local_output(): number;
  bao_local_answer(operationSize: number, wallMs: number): number;
  bao_local_sweep(itemsMax: number, wallMs: number): void;
}

export interface EngineAnswer {
  status: number;
  body: Uint8Array;
}

/** WASI's "function not supported": the C library links functions on files, which nothing calls. */
const notSupported = (): number => 52;

export class LocalEngine {
  private readonly exports: Exports;

  constructor() {
    const wasi = new Proxy({}, { get: () => notSupported });
    // Only clients ask for random bytes, and there is none here.
    const random = (): never => {
      throw new Error("the engine asked for random bytes");
    };
    const module = new WebAssembly.Module(readFileSync(new URL("../bao.wasm", import.meta.url)));
    const instance = new WebAssembly.Instance(module, { bao: { random }, wasi_snapshot_preview1: wasi });
    this.exports = instance.exports as unknown as Exports;
    this.exports._initialize();
  }

  /** Throws only where the module breaks: its tables are lost then. */
  answer(operation: string, body: Uint8Array): EngineAnswer {
    const name = new TextEncoder().encode(operation);
    const at = this.exports.bao_local_input(name.length + body.length);
    const input = new Uint8Array(this.exports.memory.buffer, at, name.length + body.length);
    input.set(name);
    input.set(body, name.length);
    const status = this.exports.bao_local_answer(name.length, Date.now());
    // The memory may have grown, which gives it another buffer.
    const [start, size] = new Uint32Array(this.exports.memory.buffer, this.exports.bao_local_output(), 2) as unknown as [number, number];
    return { status, body: new Uint8Array(this.exports.memory.buffer, start, size).slice() };
  }

  /** Deletes items whose time to live is over, looking at `itemsMax` at most. */
  sweep(itemsMax: number): void {
    this.exports.bao_local_sweep(itemsMax, Date.now());
  }
}
