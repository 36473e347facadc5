/** What carries requests. The transports know no DynamoDB: headers and bytes come ready from the core. */

export interface OutgoingRequest {
  /** "GetItem": the part of X-Amz-Target behind the dot. */
  operation: string;
  body: Uint8Array<ArrayBuffer>;
  /** Headers besides content-type; host is the endpoint's. */
  headers: Record<string, string>;
  /** For the whole attempt, connecting and the answer's last byte included. */
  timeoutMs: number;
}

export interface IncomingResponse {
  status: number;
  body: Uint8Array;
  requestId: string;
  date: string;
  /** undefined: none was sent, or the body's bytes are not those it is about. */
  crc32: number | undefined;
}

/**
 * Whether the service can have seen the request: `notSent` is certain that it did not. `misconfigured`: nor will it see
 * it at another try.
 */
export type TransportFailure = { kind: "notSent" | "lost" | "timedOut" | "misconfigured"; message: string };

export interface TransportEvents {
  response(response: IncomingResponse): void;
  failure(failure: TransportFailure): void;
}

export interface Transport {
  /** Tells exactly one event, later; none after the result was called, which closes the request. */
  send(request: OutgoingRequest, events: TransportEvents): () => void;
  /** Closes idle connections. */
  close(): void;
}

/** Answers are read no further than this: DynamoDB's are below 16 MB of items. */
export const responseBytesMax = 64 * 1024 * 1024;

/** `encoding`: the answer's Content-Encoding. */
export function crc32Of(header: string | null | undefined, encoding: string | null | undefined): number | undefined {
  if (header === null || header === undefined || (encoding ?? "identity") !== "identity") return undefined;
  const value = Number(header);
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? value : undefined;
}

export type TransportMaker = (endpoint: string) => Transport;

let maker: TransportMaker | undefined;

/** Called by the entry of a runtime that has something better than fetch. */
export function provideTransport(make: TransportMaker): void {
  maker ??= make;
}

export function providedTransport(): TransportMaker | undefined {
  return maker;
}
