import type { CoreError, MakeError } from "./contract.js";

interface Pending {
  resolve(raw: unknown): void;
  reject(error: Error): void;
  /** The call's deadline, in steady ms. */
  dueMs: number;
  progress: ((state: string) => void) | undefined;
  ended?: () => void;
}

/** Calls that were not answered yet, by number. */
export class PendingCalls {
  private readonly calls = new Map<number, Pending>();
  private last = 0;

  constructor(private readonly makeError: MakeError) {}

  get size(): number {
    return this.calls.size;
  }

  add(call: Pending): number {
    do {
      this.last = this.last === 0xffffffff ? 1 : this.last + 1;
    } while (this.calls.has(this.last));
    this.calls.set(this.last, call);
    return this.last;
  }

  whenEnded(number: number, ended: () => void): void {
    const call = this.calls.get(number);
    if (call !== undefined) call.ended = ended;
  }

  private take(number: number): Pending | undefined {
    const call = this.calls.get(number);
    if (call === undefined) return undefined;
    this.calls.delete(number);
    call.ended?.();
    return call;
  }

  succeed(number: number, raw: unknown): void {
    this.take(number)?.resolve(raw);
  }

  fail(number: number, error: CoreError): void {
    this.take(number)?.reject(this.makeError(error));
  }

  failAll(error: CoreError): void {
    for (const number of [...this.calls.keys()]) this.fail(number, error);
  }

  progress(number: number, state: string): void {
    this.calls.get(number)?.progress?.(state);
  }

  cancelled(): Error {
    return this.makeError({ kind: "CancelledError", message: "the call was cancelled", retryable: false });
  }

  /** Forgets calls whose deadline is longer past, without a word to those who wait: they are gone too. */
  dropOverdue(overdueMs: number): number[] {
    const overdue: number[] = [];
    for (const [number, call] of this.calls) {
      if (call.dueMs < overdueMs) overdue.push(number);
    }
    for (const number of overdue) this.calls.delete(number);
    return overdue;
  }
}
