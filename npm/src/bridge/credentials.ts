import type { Credentials as Given, CoreSettings } from "./contract.js";

/** The core renews credentials when they have less than this left (src/core/engine/engine.cpp). */
const renewMs = 5 * 60_000;

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/**
 * Asks for credentials before calls start, so that no call has to wait for what another one asked for: in Workers
 * the answer to one request cannot go on in another.
 */
export class Credentials {
  /** What the module shall be given next, as JSON. */
  private ready: string | undefined;
  private expiresMs = 0;

  constructor(private readonly source: CoreSettings["credentials"]) {}

  /** The module is another one now. */
  forget(): void {
    this.expiresMs = 0;
  }

  /** The next JSON for the module, once. */
  take(): string | undefined {
    const ready = this.ready;
    this.ready = undefined;
    return ready;
  }

  /** Makes sure that there are credentials; a promise where that takes time. Never rejects. */
  before(): Promise<void> | undefined {
    return this.expiresMs === Number.POSITIVE_INFINITY || this.expiresMs - renewMs > Date.now() ? undefined : this.renew();
  }

  renew(): Promise<void> | undefined {
    try {
      const given = this.source();
      if (isPromise(given)) {
        return given.then(
          (credentials) => this.accept(credentials),
          (error: unknown) => this.refuse(error),
        );
      }
      this.accept(given);
    } catch (error) {
      this.refuse(error);
    }
    return undefined;
  }

  private accept(given: Given): void {
    this.ready = JSON.stringify(given);
    this.expiresMs = given.expiration ?? Number.POSITIVE_INFINITY;
  }

  private refuse(error: unknown): void {
    this.ready = JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
    this.expiresMs = 0;
  }
}
