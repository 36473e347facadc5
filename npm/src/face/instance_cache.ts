import type { ScopeHandle } from "../bridge/contract.js";
import type { BaoModel } from "./model.js";

/** The core keeps 10,000 entries of a scope; what left its cache need not be here either. */
const entriesMax = 12_000;

/** A scope's (or loader's) handle, and the instance of each of its entries: a later find gives the same one. */
export class InstanceCache {
  readonly #instances = new Map<number, BaoModel>();

  constructor(readonly handle: ScopeHandle) {}

  get(entry: number): BaoModel | undefined {
    return this.#instances.get(entry);
  }

  set(entry: number, instance: BaoModel): void {
    this.#instances.set(entry, instance);
    if (this.#instances.size <= entriesMax) return;
    for (const oldest of this.#instances.keys()) {
      this.#instances.delete(oldest);
      break;
    }
  }
}
