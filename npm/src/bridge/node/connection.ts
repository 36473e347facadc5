/** One kept connection to the endpoint, which carries one request at a time. */
import type net from "node:net";
import type { IncomingResponse } from "../transport.js";
import { MalformedResponse, ResponseParser } from "./response_parser.js";

export interface ConnectionEvents {
  /** The answer to the request is whole. `reusable`: the connection is idle, else it is closed. */
  response(response: IncomingResponse, reusable: boolean): void;
  /** The connection is closed. `sent`: the peer can have seen something of the request. */
  failed(message: string, sent: boolean): void;
}

export class Connection {
  /** When it became idle, in steady ms. */
  idleSinceMs = 0;
  closed = false;
  private connected = false;
  private bytes: Uint8Array | undefined;
  private events: ConnectionEvents | undefined;
  private parser = new ResponseParser();

  /** `onClosed` is told when it closes by itself while no request waits for its answer. */
  constructor(
    private readonly socket: net.Socket,
    secure: boolean,
    private readonly onClosed: (connection: Connection) => void,
  ) {
    socket.once(secure ? "secureConnect" : "connect", () => {
      this.connected = true;
      this.write();
    });
    socket.on("data", (bytes: Buffer) => this.read(bytes));
    socket.on("end", () => this.ended("the connection closed before the answer was whole"));
    socket.on("error", (error: NodeJS.ErrnoException) => this.close(error.message || error.code || "the connection failed"));
    socket.on("close", () => this.close("the connection closed before the answer was whole"));
  }

  /** Whether the peer can have seen something of the request. */
  get sent(): boolean {
    return this.connected && this.bytes === undefined;
  }

  /** Only on one that is idle, or new. */
  send(bytes: Uint8Array, events: ConnectionEvents): void {
    this.events = events;
    this.bytes = bytes;
    this.parser = new ResponseParser();
    this.socket.ref();
    if (this.connected) this.write();
  }

  /** Closes it; nobody is told. */
  destroy(): void {
    this.closed = true;
    this.events = undefined;
    this.socket.destroy();
  }

  private write(): void {
    const { bytes } = this;
    this.bytes = undefined;
    if (bytes !== undefined) this.socket.write(bytes);
  }

  private read(bytes: Buffer): void {
    if (this.closed) return;
    // Nothing was asked: what comes cannot be trusted to be an answer.
    if (this.events === undefined) return this.close("");
    try {
      if (this.parser.push(bytes)) this.whole();
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.close(error.message);
    }
  }

  private whole(): void {
    const { events, parser } = this;
    // An answer to a request that has not left whole: the rest of it would be taken for the next one.
    const reusable = parser.reusable && this.connected && this.socket.writableLength === 0;
    this.events = undefined;
    if (reusable) this.socket.unref();
    else this.close("");
    events?.response(parser.response, reusable);
  }

  private ended(message: string): void {
    if (this.closed) return;
    if (this.events !== undefined && this.parser.close()) this.whole();
    else this.close(message);
  }

  private close(message: string): void {
    if (this.closed) return;
    this.closed = true;
    const { events, sent } = this;
    this.events = undefined;
    this.socket.destroy();
    if (events === undefined) this.onClosed(this);
    else events.failed(message, sent);
  }
}
