/** WebAssembly modules: the core's exports (src/wasm/abi.hpp says what each does), and an instance of any of them. */

import { foldText } from "./folding.js";

/** What every module exports (src/wasm/texts.hpp). */
export interface TextExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  bao_input(size: number): number;
  bao_output(): number;
}

export interface CoreExports extends TextExports {
  bao_client_new(size: number): number;
  bao_client_delete(client: number): void;
  bao_register(client: number, size: number): number;
  bao_primary_id(client: number, model: number, size: number): number;
  bao_key_text(client: number, model: number, field: number, size: number): number;
  bao_search_terms(client: number, model: number, kind: number, size: number): number;
  bao_find(
    client: number, call: number, model: number, scope: number, loader: number, flags: number, delayMs: number,
    tenantSize: number, size: number, wallMs: number, steadyMs: number,
  ): void;
  bao_start(
    client: number, call: number, kind: number, model: number, scope: number, loader: number, flags: number,
    tenantSize: number, size: number, wallMs: number, steadyMs: number,
  ): void;
  bao_cancel(client: number, call: number): void;
  bao_abandon(client: number, call: number): void;
  bao_sweep(client: number, graceMs: number, wallMs: number, steadyMs: number): void;
  bao_scope_close(client: number, scope: number): void;
  bao_loader_close(client: number, loader: number): void;
  bao_scope_read(client: number, scope: number): number;
  bao_scope_write(client: number, scope: number): number;
  bao_response(
    client: number, request: number, status: number, crc32: number, bodySize: number, requestIdSize: number,
    dateSize: number, wallMs: number, steadyMs: number,
  ): void;
  bao_transport_error(client: number, request: number, kind: number, size: number, wallMs: number, steadyMs: number): void;
  bao_timer(client: number, timer: number, wallMs: number, steadyMs: number): void;
  bao_turn_over(client: number, turn: number, wallMs: number, steadyMs: number): void;
  bao_credentials(client: number, size: number, wallMs: number, steadyMs: number): void;
  bao_poll(client: number, wallMs: number, steadyMs: number): number;
}

/** A compiled module, or what compiles it when it is first needed. */
export type ModuleSource = WebAssembly.Module | (() => WebAssembly.Module);

let source: ModuleSource | undefined;

/** Called by each entry of the package with the core's module. */
export function provideModule(module: ModuleSource): void {
  source ??= module;
}

export function hasModule(): boolean {
  return source !== undefined;
}

/** The core's module. */
export function coreModule(): WebAssembly.Module {
  if (source === undefined) throw new Error("dynamo-bao was loaded without one of its entries");
  const module = typeof source === "function" ? source() : source;
  source = module;
  return module;
}

export type CustomKey = (key: number, model: number, field: number, value: string | number | bigint | boolean) => string | number;

/** What bao_custom_key_threw is in src/wasm/abi.hpp. */
const threwFlag = 0x80000000;

function numberOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}

/** WASI's "function not supported". The module's C library links functions on files, which nothing calls. */
const notSupported = (): number => 52;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One instance, with the texts that go in and out. */
export class Instance<Exports extends TextExports = CoreExports> {
  readonly exports: Exports;
  /** Whether it trapped: what its memory holds then is of no use. */
  dead = false;
  private bytes: Uint8Array;
  private output: Uint32Array;
  private inputAt = 0;
  private inputSize = 0;

  /** `customKey`: as CoreSettings has it, for the core whose instance it is. */
  constructor(module: WebAssembly.Module, customKey?: CustomKey) {
    const random = (address: number, size: number): void => {
      crypto.getRandomValues(new Uint8Array(this.exports.memory.buffer, address, size));
    };
    const fold = (address: number, size: number, capacity: number, lower: number): number => {
      const bytes = new Uint8Array(this.exports.memory.buffer, address, capacity);
      return encoder.encodeInto(foldText(decoder.decode(bytes.subarray(0, size)), lower === 1), bytes).written;
    };
    const custom_key = (key: number, model: number, field: number, kind: number, address: number, size: number, capacity: number): number => {
      const text = decoder.decode(new Uint8Array(this.exports.memory.buffer, address, size));
      const made = customKey!(key, model, field, kind === 0 ? text : kind === 2 ? text === "true" : numberOf(text));
      // The memory may have grown.
      return typeof made === "number" ? threwFlag + made : encoder.encodeInto(made, new Uint8Array(this.exports.memory.buffer, address, capacity)).written;
    };
    const wasi = new Proxy({}, { get: () => notSupported });
    const instance = new WebAssembly.Instance(module, { bao: { random, fold, custom_key }, wasi_snapshot_preview1: wasi });
    this.exports = instance.exports as unknown as Exports;
    this.exports._initialize();
    this.bytes = new Uint8Array(this.exports.memory.buffer);
    this.output = new Uint32Array(this.exports.memory.buffer, this.exports.bao_output(), 2);
  }

  /** The memory's bytes. When it grows, the old buffer is taken away and becomes empty. */
  private memory(): Uint8Array {
    if (this.bytes.byteLength === 0) {
      this.bytes = new Uint8Array(this.exports.memory.buffer);
      this.output = new Uint32Array(this.exports.memory.buffer, this.exports.bao_output(), 2);
    }
    return this.bytes;
  }

  /** Room for input: its address. */
  private reserve(size: number): number {
    if (size > this.inputSize || this.inputAt === 0) {
      this.inputSize = Math.max(1024, size * 2);
      this.inputAt = this.exports.bao_input(this.inputSize);
    }
    return this.inputAt;
  }

  /** Writes text as input, `offset` bytes behind its start, and gives its size in bytes. */
  put(text: string, offset = 0): number {
    // UTF-8 has at most three bytes for each UTF-16 unit.
    const address = this.reserve(offset + text.length * 3) + offset;
    return encoder.encodeInto(text, this.memory().subarray(address, address + text.length * 3)).written;
  }

  /** Writes bytes, with room for as many more behind them. */
  putBytes(bytes: Uint8Array, room: number, offset = 0): number {
    const address = this.reserve(offset + bytes.length + room) + offset;
    this.memory().set(bytes, address);
    return bytes.length;
  }

  /** The last output. */
  text(): string {
    const memory = this.memory();
    const address = this.output[0] ?? 0;
    return decoder.decode(memory.subarray(address, address + (this.output[1] ?? 0)));
  }

  /** A copy of the last output. */
  outputBytes(): Uint8Array<ArrayBuffer> {
    this.memory();
    return this.copy(this.output[0] ?? 0, this.output[1] ?? 0);
  }

  /** A copy of bytes in the module's memory. */
  copy(address: number, size: number): Uint8Array<ArrayBuffer> {
    return this.memory().slice(address, address + size) as Uint8Array<ArrayBuffer>;
  }
}
