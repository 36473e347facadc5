import { providedTransport } from "./transport.js";

/** Milliseconds that never go back. */
export const steadyMs: () => number =
  typeof performance === "undefined" ? () => Date.now() : () => performance.now();

/**
 * Whether what one call waits for may be ended by another's events. Not in Workers, where a timer or a connection
 * belongs to the request that made it; only Node's entry brings a transport of its own.
 */
export function runsInOneContext(): boolean {
  return providedTransport() !== undefined;
}

/** Calls back when everything that is ready to run now has run. */
export const whenTurnIsOver: (callback: () => void) => void =
  typeof setImmediate === "function" ? (callback) => void setImmediate(callback) : (callback) => void setTimeout(callback, 0);
