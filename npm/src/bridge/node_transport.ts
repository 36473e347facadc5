/**
 * Requests over kept connections, by node:net and node:tls. DynamoDB needs so little of HTTP that doing it here costs half of
 * what node:http does for a find, and a tenth of what fetch does (docs/benchmarks.md).
 */
import { AsyncResource } from "node:async_hooks";
import net from "node:net";
import tls from "node:tls";
import { Connection } from "./node/connection.js";
import { steadyMs } from "./runtime.js";
import type { OutgoingRequest, Transport, TransportEvents, TransportFailure } from "./transport.js";

/** As many connections as the AWS SDK for JavaScript opens. */
const connectionsMax = 50;
/** DynamoDB closes idle connections; a request sent on one that is about to close may be lost. */
const idleMsMax = 20_000;

/** Connections outlive the request that opened them: its AsyncLocalStorage values are not theirs to keep. */
const ownContext = new AsyncResource("dynamo-bao");

/** What would end a header early: what stands behind would be headers of somebody else's choice. */
const notOneLine = /[^\t\x20-\x7e\x80-\xff]/;

interface Attempt {
  readonly bytes: Uint8Array;
  readonly timeoutMs: number;
  readonly events: TransportEvents;
  /** undefined: it waits for one. */
  connection: Connection | undefined;
  timer: NodeJS.Timeout | undefined;
  ended: boolean;
}

class NodeTransport implements Transport {
  private readonly secure: boolean;
  private readonly connectOptions: tls.ConnectionOptions & net.TcpNetConnectOpts;
  private readonly start: string;
  private readonly idle: Connection[] = [];
  private readonly open = new Set<Connection>();
  private readonly waiting: Attempt[] = [];
  private session: Buffer | undefined;

  constructor(endpoint: string) {
    const url = new URL(endpoint);
    this.secure = url.protocol === "https:";
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const port = url.port === "" ? (this.secure ? 443 : 80) : Number(url.port);
    this.connectOptions = { host, port, noDelay: true };
    if (this.secure) {
      this.connectOptions.ALPNProtocols = ["http/1.1"];
      // Server names are names, never addresses (RFC 6066).
      if (net.isIP(host) === 0) this.connectOptions.servername = host;
    }
    this.start = `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\n`;
  }

  send(request: OutgoingRequest, events: TransportEvents): () => void {
    const attempt: Attempt = {
      bytes: this.bytesOf(request),
      timeoutMs: request.timeoutMs,
      events,
      connection: undefined,
      timer: undefined,
      ended: false,
    };
    if (Object.values(request.headers).some((value) => notOneLine.test(value))) {
      queueMicrotask(() => this.fail(attempt, { kind: "notSent", message: "a header of the request is not one line of Latin-1 text" }));
    } else {
      attempt.timer = setTimeout(() => this.timeOut(attempt), request.timeoutMs);
      this.waiting.push(attempt);
      this.serve();
    }
    return () => this.abandon(attempt);
  }

  close(): void {
    for (const connection of this.idle.splice(0)) this.discard(connection);
  }

  private bytesOf({ headers, body }: OutgoingRequest): Uint8Array {
    let head = this.start;
    for (const name in headers) head += `${name}: ${headers[name]!}\r\n`;
    head += `content-length: ${body.byteLength}\r\n\r\n`;
    const bytes = Buffer.allocUnsafe(head.length + body.byteLength);
    bytes.write(head, "latin1");
    bytes.set(body, head.length);
    return bytes;
  }

  /** Gives waiting attempts a connection each, as long as there are any. */
  private serve(): void {
    while (this.waiting.length > 0) {
      const connection = this.takeIdle() ?? (this.open.size < connectionsMax ? this.connect() : undefined);
      if (connection === undefined) return;
      this.run(this.waiting.shift()!, connection);
    }
  }

  /** The one used last: what is not needed grows old and closes. */
  private takeIdle(): Connection | undefined {
    const connection = this.idle.pop();
    if (connection === undefined || connection.idleSinceMs > steadyMs() - idleMsMax) return connection;
    // The others are older still.
    for (const old of [connection, ...this.idle.splice(0)]) this.discard(old);
    return undefined;
  }

  private connect(): Connection {
    const options = this.connectOptions;
    const socket = ownContext.runInAsyncScope(() => {
      if (!this.secure) return net.connect(options);
      const made = tls.connect(this.session === undefined ? options : { ...options, session: this.session });
      made.on("session", (session) => {
        this.session = session;
      });
      return made;
    });
    const connection = new Connection(socket, this.secure, (closed) => this.forget(closed));
    this.open.add(connection);
    return connection;
  }

  private discard(connection: Connection): void {
    this.open.delete(connection);
    connection.destroy();
  }

  private forget(connection: Connection): void {
    this.open.delete(connection);
    const position = this.idle.indexOf(connection);
    if (position >= 0) this.idle.splice(position, 1);
    this.serve();
  }

  private run(attempt: Attempt, connection: Connection): void {
    attempt.connection = connection;
    connection.send(attempt.bytes, {
      response: (response, reusable) => {
        if (reusable) {
          connection.idleSinceMs = steadyMs();
          this.idle.push(connection);
          this.serve();
        }
        if (this.end(attempt)) attempt.events.response(response);
      },
      failed: (message, sent) => {
        this.forget(connection);
        this.fail(attempt, { kind: sent ? "lost" : "notSent", message });
      },
    });
  }

  private end(attempt: Attempt): boolean {
    if (attempt.ended) return false;
    attempt.ended = true;
    clearTimeout(attempt.timer);
    return true;
  }

  private fail(attempt: Attempt, failure: TransportFailure): void {
    if (this.end(attempt)) attempt.events.failure(failure);
  }

  private abandon(attempt: Attempt): void {
    if (!this.end(attempt)) return;
    const waits = this.waiting.indexOf(attempt);
    if (waits >= 0) this.waiting.splice(waits, 1);
    if (attempt.connection === undefined) return;
    this.discard(attempt.connection);
    this.serve();
  }

  private timeOut(attempt: Attempt): void {
    const kind = attempt.connection?.sent === true ? "timedOut" : "notSent";
    this.abandon(attempt);
    attempt.events.failure({ kind, message: `no answer within ${attempt.timeoutMs} ms` });
  }
}

export function nodeTransport(endpoint: string): Transport {
  return new NodeTransport(endpoint);
}
