/** What the module asks for, as bao_poll tells it (src/wasm/client.cpp writes it): one array for each action. */
import type { CoreError } from "./contract.js";

export type Action =
  /** Send: id, operation, timeout in ms, X-Amz-Date, Authorization, session token, the body's address and size. */
  | ["s", number, string, number, string, string, string, number, number]
  /** Nobody waits for this request any more. */
  | ["x", number]
  /** Start a timer: id, delay in ms. */
  | ["t", number, number]
  | ["u", number]
  /** Tell when this turn is over. */
  | ["o", number]
  /** Credentials are needed. */
  | ["k"]
  /** A call's result (results.ts). */
  | ["r", number, unknown]
  /** A call's error. */
  | ["e", number, CoreError]
  /** A call's progress. */
  | ["p", number, string];
