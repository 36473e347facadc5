/** The embedded engine as a DynamoDB-compatible HTTP server; the same rules as `bao local` (src/local/http/service.cpp). */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "./crc32.js";
import { Failure } from "./failure.js";
import type { EmbeddedEngine } from "../bridge/embedded_engine.js";
import { openLocalEngine } from "./local_engine.js";

/** DynamoDB's largest request has 16 MB. */
const bodyBytesMax = 17 * 1024 * 1024;
/** For a whole request to arrive, ms. */
const requestMsMax = 30_000;
const idleMsMax = 600_000;
const connectionsMax = 1_024;
const sweepEveryMs = 1_000;
/** A few milliseconds' work. */
const itemsASweep = 2_000;
/** For requests that are on their way when the server stops, ms. */
const stopMsMax = 2_000;

const targetPrefix = "DynamoDB_20120810.";
const idCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
const idSize = 52;

export interface LocalServerOptions {
  host: string;
  /** 0: the system chooses. */
  port: number;
  /** Web origins whose pages may send requests; "*": all. Default: none. */
  allowedOrigins?: string[];
}

export interface LocalServer {
  readonly endpoint: string;
  /** Resolves once the last connection is closed; rejects where the engine broke. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** What answers; a test may break it. */
type Engine = Pick<EmbeddedEngine, "handle" | "sweep">;

class TooLarge extends Error {}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytesMax) throw new TooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

function requestId(): string {
  return Array.from(randomBytes(idSize), (byte) => idCharacters[byte & 31]).join("");
}

function sendText(response: ServerResponse, status: number, text: string, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(text), ...headers });
  response.end(text);
}

function sendAnswer(request: IncomingMessage, response: ServerResponse, status: number, body: Uint8Array): void {
  const plain = (request.headers["content-type"] ?? "").startsWith("application/json");
  response.writeHead(status, {
    "Content-Type": plain ? "application/json" : "application/x-amz-json-1.0",
    "x-amzn-RequestId": requestId(),
    "x-amz-crc32": crc32(body),
    "Content-Length": body.length,
  });
  response.end(body);
}

const refusals = {
  operation: Buffer.from('{"__type":"com.amazon.coral.service#UnknownOperationException"}'),
  token: Buffer.from('{"__type":"com.amazon.coral.service#MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}'),
};

async function answerApi(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const target = String(request.headers["x-amz-target"] ?? "");
  if (!target.startsWith(targetPrefix)) return sendAnswer(request, response, 400, refusals.operation);
  if (request.headers.authorization === undefined) return sendAnswer(request, response, 400, refusals.token);
  const answer = engine.handle(target.slice(targetPrefix.length), body);
  sendAnswer(request, response, answer.status, answer.body);
}

function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const wanted = request.headers["access-control-request-headers"];
  response.writeHead(200, {
    "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
    "Access-Control-Max-Age": "600",
    ...(wanted !== undefined && { "Access-Control-Allow-Headers": wanted }),
    "Content-Length": 0,
  });
  response.end();
}

async function answer(engine: Engine, origins: string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const origin = request.headers.origin;
  if (origin !== undefined) {
    if (!origins.includes(origin) && !origins.includes("*")) {
      return sendText(response, 403, "requests from web pages are refused; allow an origin with --allow-origin\n");
    }
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Access-Control-Expose-Headers", "x-amzn-RequestId, x-amz-crc32, Date");
    response.setHeader("Vary", "Origin");
  }
  const url = request.url ?? "";
  if (url !== "/" && !url.startsWith("/?")) return sendText(response, 404, "the only path is /\n");
  switch (request.method) {
    case "POST":
      return answerApi(engine, request, response);
    case "GET":
    case "HEAD": // Node leaves the body out
      return sendText(response, 200, "healthy: bao-local\n");
    case "OPTIONS":
      return answerPreflight(request, response);
    default:
      response.setHeader("Allow", "POST, GET, HEAD, OPTIONS");
      return sendText(response, 405, "the methods are POST, GET, HEAD and OPTIONS\n");
  }
}

function listen(server: Server, { host, port }: LocalServerOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "the address is in use" : error.message;
      reject(new Failure(`${host}:${port}: ${why}`));
    });
    server.listen(port, host, () => {
      const { address, family, port: bound } = server.address() as AddressInfo;
      resolve(`http://${family === "IPv6" ? `[${address}]` : address}:${bound}`);
    });
  });
}

export async function startLocalServer(options: LocalServerOptions, engine: Engine = openLocalEngine()): Promise<LocalServer> {
  const origins = options.allowedOrigins ?? [];
  let broken: Error | undefined;
  const server = createServer({ requestTimeout: requestMsMax, keepAliveTimeout: idleMsMax }, (request, response) => {
    answer(engine, origins, request, response).catch((error: Error) => {
      if (error instanceof TooLarge) {
        sendText(response, 413, "the request is too large\n", { Connection: "close" });
        return;
      }
      response.destroy();
      // Else the client went away in the middle of its request.
      if (request.complete) breakDown(error);
    });
  });
  server.maxConnections = connectionsMax;
  const endpoint = await listen(server, options);
  const sweeping = setInterval(() => {
    try {
      engine.sweep(itemsASweep);
    } catch (error) {
      breakDown(error as Error);
    }
  }, sweepEveryMs);

  function breakDown(error: Error): void {
    broken ??= new Failure(`the engine broke, and its tables with it: ${error.message}`);
    stop();
  }
  function stop(): void {
    clearInterval(sweeping);
    server.close();
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), stopMsMax).unref();
  }
  const ended = new Promise<void>((resolve, reject) => {
    server.once("close", () => (broken === undefined ? resolve() : reject(broken)));
  });
  return { endpoint, ended, stop };
}
