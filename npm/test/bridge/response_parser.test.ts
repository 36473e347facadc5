import { describe, expect, it } from "vitest";
import { MalformedResponse, ResponseParser } from "../../src/bridge/node/response_parser.js";

const crlf = (...lines: string[]): string => lines.join("\r\n");
const sized = crlf("HTTP/1.1 200 OK", "Content-Length: 5", "x-amzn-RequestId: R1", "X-Amz-Crc32: 42", "Date: today", "", "hello");
const chunked = crlf("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked", "", "3;a=b", "hel", "002", "lo", "0", "Trailer: x", "", "");

function parse(text: string, size = text.length): ResponseParser {
  const bytes = Buffer.from(text, "latin1");
  const parser = new ResponseParser();
  for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
  return parser;
}

const bodyOf = (parser: ResponseParser): string => Buffer.from(parser.response.body).toString("latin1");

describe("an HTTP answer", () => {
  it("is read the same, however its bytes are cut", () => {
    for (const text of [sized, chunked]) {
      for (let size = 1; size <= text.length; size++) {
        const parser = parse(text, size);
        expect(parser.reusable, `pieces of ${size}`).toBe(true);
        expect(bodyOf(parser)).toBe("hello");
      }
    }
  });

  it("tells the headers that matter", () => {
    expect(parse(sized).response).toMatchObject({ status: 200, requestId: "R1", crc32: 42, date: "today" });
  });

  it("is not whole before its last byte", () => {
    for (const text of [sized, chunked]) {
      const parser = new ResponseParser();
      expect(parser.push(Buffer.from(text.slice(0, -1)))).toBe(false);
      expect(parser.close()).toBe(false);
      expect(parser.push(Buffer.from(text.slice(-1)))).toBe(true);
    }
  });

  it("may have no body", () => {
    for (const text of [crlf("HTTP/1.1 204 None", "", ""), crlf("HTTP/1.1 500 Oh", "content-length: 0", "", "")]) {
      const parser = parse(text);
      expect(parser.reusable).toBe(true);
      expect(parser.response.body.length).toBe(0);
    }
  });

  it("comes behind interim answers", () => {
    expect(bodyOf(parse(crlf("HTTP/1.1 100 Continue", "", "HTTP/1.1 103 Early", "link: x", "", sized)))).toBe("hello");
  });

  it("ends with the connection where it has no length", () => {
    const parser = parse(crlf("HTTP/1.1 200 OK", "", "hel"));
    expect(parser.push(Buffer.from("lo"))).toBe(false);
    expect(parser.close()).toBe(true);
    expect(parser.reusable).toBe(false);
    expect(bodyOf(parser)).toBe("hello");
  });

  it("says whether the connection can be used again", () => {
    const withHeader = (header: string, version = "1.1"): boolean => parse(crlf(`HTTP/${version} 200 OK`, header, "content-length: 0", "", "")).reusable;
    expect(withHeader("a: b")).toBe(true);
    expect(withHeader("Connection: Close")).toBe(false);
    expect(withHeader("connection: foo, close")).toBe(false);
    expect(withHeader("a: b", "1.0")).toBe(false);
    expect(withHeader("connection: keep-alive", "1.0")).toBe(true);
    expect(parse(`${sized}surplus`).reusable).toBe(false);
    expect(parse(crlf("HTTP/1.1 200 OK", "content-length: 3", "transfer-encoding: chunked", "", "0", "", "")).reusable).toBe(false);
  });

  it("is refused where it is malformed", () => {
    const head = (...lines: string[]): string => crlf("HTTP/1.1 200 OK", ...lines, "", "");
    const malformed = [
      crlf("HTTP/2 200", "", ""),
      crlf("HTTP/1.1 20 OK", "", ""),
      crlf("SSH-2.0-x", "", ""),
      head("no colon"),
      head(": empty name"),
      head("a: b", " folded"),
      head("content-length: -1"),
      head("content-length: 0x5"),
      head("content-length: 1", "content-length: 2"),
      head("content-length: 99999999999"),
      head("transfer-encoding: gzip, chunked"),
      `${head("transfer-encoding: chunked")}g\r\n`,
      `${head("transfer-encoding: chunked")}\r\n`,
      `${head("transfer-encoding: chunked")}-1\r\n`,
      `${head("transfer-encoding: chunked")}fffffff\r\n`,
      `${head("transfer-encoding: chunked")}3\r\nhello\r\n`,
      `${head("transfer-encoding: chunked")}${"1".repeat(2000)}`,
      `HTTP/1.1 200 OK\r\na: ${"b".repeat(70_000)}`,
      `${head("transfer-encoding: chunked")}0\r\n${"a: b\r\n".repeat(20_000)}`,
    ];
    for (const text of malformed) expect(() => parse(text), JSON.stringify(text.slice(0, 80))).toThrow(MalformedResponse);
  });
});
