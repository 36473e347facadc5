/** What is in the HTTP messages themselves: checksums, encodings, headers. */
import http from "node:http";
import zlib from "node:zlib";
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bao, startBao } from "./support/bao.ts";
import { createItemTable, key } from "./support/tables.ts";

const TableName = "items";
let bao: Bao;
let client: DynamoDBClient;

beforeAll(async () => {
  bao = await startBao();
  client = bao.client();
  await createItemTable(client);
});
afterAll(async () => {
  await bao.stop();
});

/** CRC-32 of IEEE 802.3, bit by bit; zlib's own needs a newer Node. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

function post(operation: string, body: string | Buffer, more: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  const headers: http.OutgoingHttpHeaders = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${operation}`,
    authorization: "AWS4-HMAC-SHA256 Credential=any/20240101/us-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    "content-length": Buffer.byteLength(body),
    ...more,
  };
  for (const [name, value] of Object.entries(headers)) if (value === undefined) delete headers[name];
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port: bao.port, method: "POST", headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

test("every answer, an error too, carries the CRC-32 of its bytes", async () => {
  await client.send(new PutItemCommand({ TableName, Item: { ...key("crc"), text: { S: "\u00e9\u{1f680}".repeat(500) } } }));
  const answers = [
    await post("GetItem", JSON.stringify({ TableName, Key: key("crc") })),
    await post("GetItem", JSON.stringify({ TableName: "nowhere", Key: key("crc") })),
    await post("ListTables", "{}"),
  ];
  expect(answers.map((answer) => answer.status)).toEqual([200, 400, 200]);
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
  for (const answer of answers) {
    expect(Number(answer.headers["x-amz-crc32"])).toBe(crc32(answer.body));
    expect(Number(answer.headers["content-length"])).toBe(answer.body.length);
    expect(answer.headers["content-type"]).toBe("application/x-amz-json-1.0");
    expect(answer.headers["x-amzn-requestid"]).toMatch(/^[A-Z0-9]{52}$/);
    expect(Math.abs(Date.parse(answer.headers.date!) - Date.now())).toBeLessThan(60_000);
  }
});

test("an answer is sent as it is where gzip is accepted: its checksum is of the bytes on the wire", async () => {
  const plain = await post("GetItem", JSON.stringify({ TableName, Key: key("crc") }));
  const accepting = await post("GetItem", JSON.stringify({ TableName, Key: key("crc") }), { "accept-encoding": "gzip, deflate" });
  expect(accepting.headers["content-encoding"]).toBeUndefined();
  expect(accepting.body).toEqual(plain.body);
  expect(Number(accepting.headers["x-amz-crc32"])).toBe(crc32(accepting.body));
});

test("a compressed request is no JSON, and is refused as such", async () => {
  const body = zlib.gzipSync(JSON.stringify({ TableName, Key: key("crc") }));
  const answer = await post("GetItem", body, { "content-encoding": "gzip" });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ __type: expect.stringContaining("SerializationException") });
});

test("the SDK, which looks at the checksum, reads a thousand answers over kept connections", async () => {
  await client.send(new PutItemCommand({ TableName, Item: { ...key("many"), v: { N: "1" } } }));
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => client.send(new GetItemCommand({ TableName, Key: key("many") }))),
  );
  expect(answers.every((answer) => answer.Item?.v?.N === "1")).toBe(true);
});

test("an unsigned request and an unknown operation are refused, and the server goes on", async () => {
  const unsigned = await post("ListTables", "{}", { authorization: undefined });
  expect(JSON.parse(unsigned.body.toString()).__type).toMatch(/#MissingAuthenticationTokenException$/);
  const unknown = await post("NoSuchOperation", "{}");
  expect(JSON.parse(unknown.body.toString()).__type).toMatch(/UnknownOperationException$/);
  expect((await post("ListTables", "{}")).status).toBe(200);
});

test("a body that is a stream comes in chunks", async () => {
  const text = JSON.stringify({ TableName, Key: key("streamed"), UpdateExpression: "SET t = :t", ExpressionAttributeValues: { ":t": { S: "x".repeat(300_000) } } });
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < text.length; at += 1_000) controller.enqueue(new TextEncoder().encode(text.slice(at, at + 1_000)));
      controller.close();
    },
  });
  const answer = await fetch(bao.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "DynamoDB_20120810.UpdateItem",
      authorization: "AWS4-HMAC-SHA256 Credential=any/20240101/us-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    },
    body,
    duplex: "half",
  } as RequestInit);
  expect(await answer.text()).toBe("{}");
  expect(answer.status).toBe(200);
  const found = await client.send(new GetItemCommand({ TableName, Key: key("streamed") }));
  expect(found.Item?.t?.S?.length).toBe(300_000);
});
