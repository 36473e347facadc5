/** Requests by node:http and node:https with kept connections: a quarter of what fetch costs in Node. */
import http from "node:http";
import https from "node:https";
import type { OutgoingRequest, Transport, TransportEvents, TransportFailure } from "./transport.js";
import { crc32Of, responseBytesMax } from "./transport.js";

/** As many connections as the AWS SDK for JavaScript opens. */
const connectionsMax = 50;

function joined(chunks: Buffer[]): Uint8Array {
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function headerText(header: string | string[] | undefined): string {
  return typeof header === "string" ? header : (header?.[0] ?? "");
}

function readResponse(incoming: http.IncomingMessage, events: TransportEvents): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > responseBytesMax) incoming.destroy(new Error(`the answer has more than ${responseBytesMax} bytes`));
  });
  incoming.on("end", () => {
    if (!incoming.complete) return;
    const headers = incoming.headers;
    events.response({
      status: incoming.statusCode ?? 0,
      body: joined(chunks),
      requestId: headerText(headers["x-amzn-requestid"]),
      date: headers.date ?? "",
      crc32: crc32Of(headers["x-amz-crc32"] as string | undefined, headers["content-encoding"]),
    });
  });
  const lost = (error?: Error): void =>
    events.failure({ kind: "lost", message: error?.message ?? "the connection closed in the middle of the answer" });
  incoming.on("error", lost);
  incoming.on("aborted", () => lost());
}

/** Sockets that were handed to a request: before that, nothing of it can have left. */
function whenSent(request: http.ClientRequest, secure: boolean, sent: () => void): void {
  request.once("socket", (socket) => {
    if (!socket.connecting) {
      sent();
    } else {
      socket.once(secure ? "secureConnect" : "connect", sent);
    }
  });
}

export function nodeTransport(endpoint: string): Transport {
  const url = new URL(endpoint);
  const secure = url.protocol === "https:";
  const library = secure ? https : http;
  const agent = new library.Agent({ keepAlive: true, maxSockets: connectionsMax, scheduling: "lifo" });
  const target = {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? undefined : Number(url.port),
    path: url.pathname,
    method: "POST",
    agent,
  };
  return {
    send(request: OutgoingRequest, events: TransportEvents): () => void {
      let ended = false;
      let sent = false;
      const end = (): boolean => {
        if (ended) return false;
        ended = true;
        clearTimeout(timer);
        return true;
      };
      const fail = (failure: TransportFailure): void => {
        if (!end()) return;
        outgoing.destroy();
        events.failure(failure);
      };
      const outgoing = library.request({
        ...target,
        headers: { ...request.headers, "content-length": String(request.body.byteLength) },
      });
      const timer = setTimeout(
        () => fail({ kind: sent ? "timedOut" : "notSent", message: `no answer within ${request.timeoutMs} ms` }),
        request.timeoutMs,
      );
      whenSent(outgoing, secure, () => {
        sent = true;
      });
      outgoing.on("response", (incoming) =>
        readResponse(incoming, {
          response: (response) => {
            if (end()) events.response(response);
          },
          failure: fail,
        }),
      );
      outgoing.on("error", (error) => fail({ kind: sent ? "lost" : "notSent", message: error.message }));
      outgoing.end(request.body);
      return () => {
        if (end()) outgoing.destroy();
      };
    },
    close() {
      agent.destroy();
    },
  };
}
