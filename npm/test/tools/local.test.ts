/** bao-local as its users start it: the bin over dist/, and requests over loopback. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import http from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import zlib from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { crc32 } from "../../src/tools/crc32.js";
import { startLocalServer } from "../../src/tools/local_server.js";
import { npmFolder, temporaryFolder } from "./support.js";

const environment = { PATH: process.env["PATH"], AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

interface Server {
  child: ChildProcess;
  line: string;
  port: number;
  ended: Promise<number | null>;
}

const servers: Server[] = [];
const agents: http.Agent[] = [];

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  for (const { child, ended } of servers.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
});

async function start(...args: string[]): Promise<Server> {
  const child = spawn(process.execPath, [join(npmFolder, "bin/bao-local.js"), "--port", "0", ...args], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`bao-local ended with ${code}`)));
  });
  const server = { child, line, port: Number(/:(\d+), in memory$/.exec(line)?.[1]), ended };
  servers.push(server);
  return server;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  json(): any;
}

function send(server: { port: number }, operation: string, body: string | Buffer | object, options: http.RequestOptions = {}): Promise<Answer> {
  const bytes = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${operation}`,
    authorization: "AWS4-HMAC-SHA256 Credential=a/20240101/us-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port: server.port, method: "POST", ...options, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const all = Buffer.concat(chunks);
        resolve({ status: answer.statusCode!, headers: answer.headers, body: all, json: () => JSON.parse(all.toString()) });
      });
      answer.on("error", reject);
    });
    request.on("error", reject);
    request.end(bytes);
  });
}

function run(bin: string, args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(npmFolder, "bin", `${bin}.js`), ...args], { cwd: temporaryFolder(), env: environment, timeout: 15_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const table = {
  TableName: "notes",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
};
const Key = { id: { S: "a" } };

describe("bao-local", () => {
  it("says in one line where it is, on this machine only, and answers as DynamoDB does", async () => {
    const server = await start();
    expect(server.line).toMatch(/^bao-local: http:\/\/127\.0\.0\.1:\d+, in memory$/);
    expect((await send(server, "CreateTable", table)).status).toBe(200);
    const Item = { ...Key, text: { S: "\u00e9\u{1f680}" }, n: { N: "1.50" } };
    expect((await send(server, "PutItem", { TableName: "notes", Item })).json()).toEqual({});
    const found = await send(server, "GetItem", { TableName: "notes", Key });
    expect(found.json()).toEqual({ Item: { ...Item, n: { N: "1.5" } } });
    expect(found.headers["content-type"]).toBe("application/x-amz-json-1.0");
    expect(found.headers["x-amzn-requestid"]).toMatch(/^[A-Z0-9]{52}$/);
    expect(Number(found.headers["x-amz-crc32"])).toBe(crc32(found.body));
    const refused = await send(server, "GetItem", { TableName: "none", Key });
    expect(refused.status).toBe(400);
    expect(refused.json().__type).toMatch(/#ResourceNotFoundException$/);
    expect(Number(refused.headers["x-amz-crc32"])).toBe(crc32(refused.body));
  });

  it("serves the other commands", async () => {
    const server = await start();
    const address = ["--endpoint", `http://127.0.0.1:${server.port}`];
    expect(await run("bao-create-table", ["main", ...address])).toMatchObject({ code: 0, err: "" });
    const described = await send(server, "DescribeTable", { TableName: "main" });
    expect(described.json().Table.GlobalSecondaryIndexes).toHaveLength(6);
    expect(await run("bao-delete", ["main", "--yes", ...address])).toMatchObject({ code: 0, err: "" });
    expect((await send(server, "ListTables", {})).json()).toEqual({ TableNames: [] });
  });

  it("takes large requests and refuses larger ones, and its memory may grow in between", async () => {
    const server = await start();
    await send(server, "CreateTable", table);
    const text = { S: "x".repeat(390_000) };
    for (let round = 0; round < 8; ++round) {
      const notes = Array.from({ length: 25 }, (_, index) => ({ PutRequest: { Item: { id: { S: `${round}-${index}` }, text } } }));
      const answer = await send(server, "BatchWriteItem", { RequestItems: { notes } });
      expect(answer.status).toBe(200);
    }
    const page = await send(server, "Scan", { TableName: "notes" });
    expect(page.json().Items[0].text).toEqual(text);
    const tooLarge = await send(server, "PutItem", Buffer.alloc(18 * 1024 * 1024, " ")).catch((error: NodeJS.ErrnoException) => error);
    // The answer may be lost as the server closes the connection while more is being sent.
    if (tooLarge instanceof Error) expect(["EPIPE", "ECONNRESET"]).toContain((tooLarge as NodeJS.ErrnoException).code);
    else expect(tooLarge.status).toBe(413);
    expect((await send(server, "ListTables", {})).json()).toEqual({ TableNames: ["notes"] });
  });

  it("refuses web pages, unless their origin is allowed", async () => {
    const origin = { headers: { origin: "http://page.example" } };
    const closed = await start();
    expect((await send(closed, "ListTables", {}, origin)).status).toBe(403);
    const open = await start("--allow-origin", "http://page.example");
    const allowed = await send(open, "ListTables", {}, origin);
    expect(allowed.status).toBe(200);
    expect(allowed.headers["access-control-allow-origin"]).toBe("http://page.example");
    const preflight = await send(open, "", "", { method: "OPTIONS", headers: { ...origin.headers, "access-control-request-headers": "x-amz-target" } });
    expect(preflight.headers["access-control-allow-headers"]).toBe("x-amz-target");
    expect((await send(open, "ListTables", {}, { headers: { origin: "http://other.example" } })).status).toBe(403);
  });

  it("answers what is no request of DynamoDB's", async () => {
    const server = await start();
    expect((await send(server, "", "", { method: "GET" })).body.toString()).toBe("healthy: bao-local\n");
    expect((await send(server, "", "", { method: "PUT" })).status).toBe(405);
    const headed = await send(server, "", "", { method: "HEAD" });
    expect([headed.status, headed.body.length]).toEqual([200, 0]);
    expect((await send(server, "ListTables", {}, { path: "/shell" })).status).toBe(404);
    expect((await send(server, "ListTables", "{", {})).json().__type).toMatch(/#SerializationException$/);
    expect((await send(server, "ListTables", zlib.gzipSync("{}"))).json().__type).toMatch(/#SerializationException$/);
    expect((await send(server, "ExecuteStatement", {})).json().__type).toMatch(/#UnknownOperationException$/);
    const unsigned = await send(server, "ListTables", {}, { headers: { authorization: [] as unknown as string } });
    expect(unsigned.json().__type).toMatch(/#MissingAuthenticationTokenException$/);
  });

  it("deletes what has expired", async () => {
    const server = await start();
    await send(server, "CreateTable", table);
    await send(server, "UpdateTimeToLive", { TableName: "notes", TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true } });
    const second = Math.floor(Date.now() / 1000);
    await send(server, "PutItem", { TableName: "notes", Item: { ...Key, ttl: { N: String(second - 60) } } });
    await send(server, "PutItem", { TableName: "notes", Item: { id: { S: "kept" }, ttl: { N: String(second + 3_600) } } });
    const left = async () => (await send(server, "Scan", { TableName: "notes" })).json().Items.map((item: typeof Key) => item.id.S);
    await expect.poll(left, { timeout: 15_000, interval: 100 }).toEqual(["kept"]);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends with 0 on %s, also while a client keeps its connection", async (signal) => {
    const server = await start();
    const agent = new http.Agent({ keepAlive: true });
    agents.push(agent);
    expect((await send(server, "ListTables", {}, { agent })).status).toBe(200);
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
  });

  it("ends with 1 where the port is taken, with 2 for a port that is none", async () => {
    const server = await start();
    const port = String(server.port);
    expect(await run("bao-local", ["--port", port])).toEqual({ code: 1, out: "", err: `bao-local: 127.0.0.1:${port}: the address is in use\n` });
    for (const wrong of ["x", "65536", "1.5"]) {
      expect(await run("bao-local", ["--port", wrong])).toMatchObject({ code: 2, out: "" });
    }
  });
});

describe("an engine that breaks", () => {
  const broken = (): never => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  const address = { host: "127.0.0.1", port: 0 };

  it("ends the server with the reason, in an answer", async () => {
    const server = await startLocalServer(address, { handle: broken, sweep: () => {} });
    const ended = expect(server.ended).rejects.toThrow("the engine broke, and its tables with it: unreachable");
    await expect(send({ port: Number(new URL(server.endpoint).port) }, "ListTables", {})).rejects.toMatchObject({ code: "ECONNRESET" });
    await ended;
  });

  it("ends the server with the reason, between answers", async () => {
    const server = await startLocalServer(address, { handle: broken, sweep: broken });
    await expect(server.ended).rejects.toThrow("the engine broke");
  });

  it("is not what a client is that goes away", async () => {
    const server = await startLocalServer(address, { handle: () => ({ status: 200, body: Buffer.from("{}") }), sweep: () => {} });
    const port = Number(new URL(server.endpoint).port);
    const half = http.request({ host: "127.0.0.1", port, method: "POST", headers: { "content-length": 100 } });
    half.on("error", () => {});
    half.write("{");
    await new Promise<void>((resolve) => half.once("socket", (socket) => socket.once("connect", () => resolve())));
    half.destroy();
    expect((await send({ port }, "ListTables", {})).status).toBe(200);
    server.stop();
    await server.ended;
  });
});

describe("crc32", () => {
  it("is that of IEEE 802.3", () => {
    expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});
