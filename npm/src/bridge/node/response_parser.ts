/** Reads one HTTP/1.1 answer, as bytes come in (RFC 9112). A little more than DynamoDB sends, and no more than that. */
import type { IncomingResponse } from "../transport.js";
import { crc32Of, responseBytesMax } from "../transport.js";

/** Status lines, headers and trailers of one answer together, as the native client's limit. */
const headBytesMax = 64 * 1024;
const chunkLineBytesMax = 1024;

export class MalformedResponse extends Error {}

interface Head {
  status: number;
  requestId: string;
  date: string;
  crc32: string | undefined;
  contentEncoding: string | undefined;
  /** undefined: not said. */
  contentLength: number | undefined;
  chunked: boolean;
  /** Whether the peer keeps the connection open after this answer. */
  keepAlive: boolean;
}

type State = "head" | "sized" | "untilClose" | "chunkSize" | "chunk" | "chunkEnd" | "trailers" | "done";

const empty = Buffer.alloc(0);

export class ResponseParser {
  private state: State = "head";
  private head: Head | undefined;
  private headBytes = 0;
  /** Bytes of a line, or of the head, that is not whole yet. */
  private pending: Buffer = empty;
  private parts: Buffer[] = [];
  private bodyBytes = 0;
  /** Bytes to come of the body or chunk. */
  private remaining = 0;
  private surplus = false;

  /** Takes bytes; true: the answer is whole. Throws MalformedResponse. */
  push(bytes: Buffer): boolean {
    let rest = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    this.pending = empty;
    while (rest.length > 0 && this.state !== "done") {
      const left = this.step(rest);
      if (left === undefined) {
        this.pending = rest;
        return false;
      }
      rest = left;
    }
    this.surplus ||= rest.length > 0;
    return this.state === "done";
  }

  /** The connection closed; true: that was the answer's end. */
  close(): boolean {
    if (this.state === "untilClose") this.state = "done";
    return this.state === "done";
  }

  /** Whether the connection can carry another request. */
  get reusable(): boolean {
    return this.state === "done" && this.head?.keepAlive === true && !this.surplus;
  }

  get response(): IncomingResponse {
    const { status, requestId, date, crc32, contentEncoding } = this.head!;
    const body = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts, this.bodyBytes);
    return { status, body, requestId, date, crc32: crc32Of(crc32, contentEncoding) };
  }

  /** Goes one step with some of the bytes and gives the rest; undefined: more of them are needed. */
  private step(bytes: Buffer): Buffer | undefined {
    switch (this.state) {
      case "head":
        return this.readHead(bytes);
      case "chunkSize":
        return this.readChunkSize(bytes);
      case "chunkEnd":
        return this.readLine(bytes, 2, (line) => {
          if (line !== "") throw new MalformedResponse("a chunk of the answer is longer than it says");
          this.state = "chunkSize";
        });
      case "trailers":
        return this.readLine(bytes, headBytesMax, (line) => {
          this.countHead(line.length + 2);
          if (line === "") this.state = "done";
        });
      default:
        return this.readBody(bytes);
    }
  }

  private countHead(size: number): void {
    this.headBytes += size;
    if (this.headBytes > headBytesMax) throw new MalformedResponse("the head of the answer is too large");
  }

  private readHead(bytes: Buffer): Buffer | undefined {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) {
      if (bytes.length + this.headBytes > headBytesMax) throw new MalformedResponse("the head of the answer is too large");
      return undefined;
    }
    this.countHead(end + 4);
    const head = parseHead(bytes.toString("latin1", 0, end));
    // Interim answers, such as 100 Continue, have no body and another head behind them.
    if (head.status >= 200) this.startBody(head);
    return bytes.subarray(end + 4);
  }

  private startBody(head: Head): void {
    this.head = head;
    if (head.status === 204 || head.status === 304) {
      this.state = "done";
    } else if (head.chunked) {
      this.state = "chunkSize";
    } else if (head.contentLength !== undefined) {
      this.expect(head.contentLength);
      this.state = head.contentLength === 0 ? "done" : "sized";
    } else {
      head.keepAlive = false;
      this.state = "untilClose";
    }
  }

  private expect(size: number): void {
    if (size > responseBytesMax - this.bodyBytes) throw new MalformedResponse(`the answer has more than ${responseBytesMax} bytes`);
    this.remaining = size;
  }

  private readBody(bytes: Buffer): Buffer {
    if (this.state === "untilClose") this.expect(bytes.length);
    const part = bytes.length > this.remaining ? bytes.subarray(0, this.remaining) : bytes;
    this.parts.push(part);
    this.bodyBytes += part.length;
    this.remaining -= part.length;
    if (this.remaining === 0) {
      if (this.state === "sized") this.state = "done";
      if (this.state === "chunk") this.state = "chunkEnd";
    }
    return bytes.subarray(part.length);
  }

  private readChunkSize(bytes: Buffer): Buffer | undefined {
    return this.readLine(bytes, chunkLineBytesMax, (line) => {
      const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(line)?.[1];
      if (size === undefined) throw new MalformedResponse("a chunk of the answer has no size");
      this.expect(Number.parseInt(size, 16));
      this.state = this.remaining === 0 ? "trailers" : "chunk";
    });
  }

  private readLine(bytes: Buffer, bytesMax: number, take: (line: string) => void): Buffer | undefined {
    const end = bytes.indexOf("\r\n");
    if (end > bytesMax || (end < 0 && bytes.length > bytesMax)) throw new MalformedResponse("a line of the answer is too long");
    if (end < 0) return undefined;
    take(bytes.toString("latin1", 0, end));
    return bytes.subarray(end + 2);
  }
}

function parseHead(text: string): Head {
  const lines = text.split("\r\n");
  const start = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/.exec(lines[0]!);
  if (start === null) throw new MalformedResponse("the answer is not HTTP/1.1");
  const head: Head = {
    status: Number(start[2]),
    requestId: "",
    date: "",
    crc32: undefined,
    contentEncoding: undefined,
    contentLength: undefined,
    chunked: false,
    keepAlive: start[1] === "1",
  };
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    const colon = line.indexOf(":");
    if (colon <= 0 || line.charCodeAt(0) === 0x20 || line.charCodeAt(0) === 0x09) throw new MalformedResponse("the answer has a malformed header");
    takeHeader(head, line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  // Both at once is how answers are smuggled; the connection is not used again.
  if (head.chunked && head.contentLength !== undefined) head.keepAlive = false;
  return head;
}

function takeHeader(head: Head, name: string, value: string): void {
  switch (name) {
    case "content-length":
      if (!/^\d{1,15}$/.test(value) || (head.contentLength ?? Number(value)) !== Number(value)) {
        throw new MalformedResponse("the answer has no proper length");
      }
      head.contentLength = Number(value);
      return;
    case "transfer-encoding":
      if (head.chunked || value.toLowerCase() !== "chunked") throw new MalformedResponse(`the answer is encoded as ${JSON.stringify(value)}`);
      head.chunked = true;
      return;
    case "connection":
      if (/(?:^|,)\s*close\s*(?:,|$)/i.test(value)) head.keepAlive = false;
      else if (/(?:^|,)\s*keep-alive\s*(?:,|$)/i.test(value)) head.keepAlive = true;
      return;
    case "x-amzn-requestid":
      head.requestId = value;
      return;
    case "date":
      head.date = value;
      return;
    case "x-amz-crc32":
      head.crc32 = value;
      return;
    case "content-encoding":
      head.contentEncoding = value;
  }
}
