/** Requests by `fetch`: for Workers and browsers, where there is nothing else. */
import type { IncomingResponse, OutgoingRequest, Transport, TransportEvents } from "./transport.js";
import { crc32Of, responseBytesMax } from "./transport.js";

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function readBody(response: Response): Promise<Uint8Array> {
  const announced = Number(response.headers.get("content-length") ?? 0);
  if (announced > responseBytesMax) throw new Error(`the answer has ${announced} bytes, more than ${responseBytesMax}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function exchange(endpoint: string, request: OutgoingRequest, signal: AbortSignal): Promise<IncomingResponse> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: request.headers,
    body: request.body,
    redirect: "manual",
    signal,
  });
  const body = await readBody(response);
  const headers = response.headers;
  return {
    status: response.status,
    body,
    requestId: headers.get("x-amzn-requestid") ?? "",
    date: headers.get("date") ?? "",
    crc32: crc32Of(headers.get("x-amz-crc32"), headers.get("content-encoding")),
  };
}

/**
 * fetch does not say whether a failed request was sent, so that a failure counts as one that perhaps was.
 */
export function fetchTransport(endpoint: string): Transport {
  const url = endpoint.endsWith("/") ? endpoint : `${endpoint}/`;
  return {
    send(request: OutgoingRequest, events: TransportEvents): () => void {
      const abort = new AbortController();
      let ended = false;
      const end = (): boolean => {
        if (ended) return false;
        ended = true;
        clearTimeout(timer);
        return true;
      };
      const timer = setTimeout(() => {
        if (!end()) return;
        abort.abort();
        events.failure({ kind: "timedOut", message: `no answer within ${request.timeoutMs} ms` });
      }, request.timeoutMs);
      exchange(url, request, abort.signal).then(
        (response) => {
          if (end()) events.response(response);
        },
        (error: unknown) => {
          if (end()) events.failure({ kind: "lost", message: textOf(error) });
        },
      );
      return () => {
        if (end()) abort.abort();
      };
    },
    close() {},
  };
}
