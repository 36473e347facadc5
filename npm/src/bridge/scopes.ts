import { steadyMs } from "./runtime.js";

/** A scope that nothing was done in for so long loses its cache: its request may be gone without a word. */
const idleMsMax = 10 * 60_000;
/** After this long it is taken for closed. */
const forgottenMsMax = 60 * 60_000;

/** The numbers of scopes and loaders that are open. The module makes what it first hears of. */
export class Scopes {
  private readonly usedMs = new Map<number, number>();
  private last = 0;

  open(): number {
    this.last += 1;
    this.usedMs.set(this.last, 0);
    return this.last;
  }

  /** false: it is closed. */
  use(scope: number): boolean {
    if (!this.usedMs.has(scope)) return false;
    this.usedMs.set(scope, steadyMs());
    return true;
  }

  /** Whether it was open. */
  close(scope: number): boolean {
    return this.usedMs.delete(scope);
  }

  idle(nowMs: number): number[] {
    const idle: number[] = [];
    for (const [scope, usedMs] of this.usedMs) {
      // Those never used are 0: the module knows nothing of them, and a Worker's module scope has no clock.
      if (usedMs === 0 || usedMs > nowMs - idleMsMax) continue;
      idle.push(scope);
      if (usedMs < nowMs - forgottenMsMax) this.usedMs.delete(scope);
    }
    return idle;
  }
}
