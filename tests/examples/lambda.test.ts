/** examples/lambda behind the Runtime API of examples/lambda/local_runtime.mjs. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LocalRuntime, eventOf } from "../../examples/lambda/local_runtime.mjs";
import { type Engine, startEngine } from "../guide/support/engine.ts";
import { CountingProxy } from "../guide/support/proxy.ts";
import { example, program } from "./support/programs.ts";

const run = promisify(execFile);
const cleanups: (() => unknown)[] = [];
let runtime: LocalRuntime;
let complaint: string;

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(environment: Record<string, string>, bootstrap = program("lambda/bootstrap")): Promise<void> {
  complaint = "";
  const credentials = { AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any", HOME: "/nonexistent" };
  runtime = new LocalRuntime(bootstrap, { environment: { ...credentials, ...environment }, onStderr: (text: string) => (complaint += text) });
  await runtime.start();
  cleanups.push(() => runtime.stop());
}

interface Outcome {
  result?: { statusCode: number; headers: Record<string, string>; body: string };
  type?: string;
  error?: { errorType: string; errorMessage: string };
}

const invoke = (event: unknown, options?: { timeoutMs: number }): Promise<Outcome> => runtime.invoke(event, options) as Promise<Outcome>;
const json = { "content-type": "application/json" };

async function ask(method: string, target: string, body?: unknown, headers: Record<string, string> = json): Promise<{ status: number; headers: Record<string, string>; body: any }> {
  const { result, error } = await invoke(eventOf(method, target, { headers, ...(body !== undefined && { body: JSON.stringify(body) }) }));
  if (result === undefined) throw new Error(JSON.stringify(error));
  return { status: result.statusCode, headers: result.headers, body: JSON.parse(result.body) };
}

const docs = { code: "docs", url: "https://docs.aws.amazon.com/lambda/" };

describe("examples/lambda in memory", () => {
  beforeEach(() => start({ DYNAMO_BAO_ENDPOINT: "memory:" }));

  test("makes, follows and shows links in one process, over one connection", async () => {
    expect(await ask("POST", "/links", docs)).toEqual({ status: 201, headers: json, body: { ...docs, visits: 0 } });
    const { pid } = runtime;
    for (let visit = 0; visit < 3; visit++) {
      expect(await ask("GET", "/docs")).toEqual({ status: 302, headers: { ...json, location: docs.url }, body: null });
    }
    expect(await ask("GET", "/links?codes=docs,nothing")).toMatchObject({ status: 200, body: [{ ...docs, visits: 3 }, null] });
    expect(runtime.pid).toBe(pid);
    expect(runtime.connections).toBe(1);
  });

  test("takes a body that API Gateway has put into base64", async () => {
    const event = eventOf("POST", "/links", { body: JSON.stringify({ code: "umlaut", url: "https://example.com/\u00e4\u00f6\u00fc?a=1" }) });
    expect(event.isBase64Encoded).toBe(true);
    const { result } = await invoke(event);
    expect(JSON.parse(result!.body)).toMatchObject({ url: "https://example.com/\u00e4\u00f6\u00fc?a=1" });
  });

  test.each([
    ["POST", "/links", { code: "docs" }, 400, /url must be a string/],
    ["POST", "/links", { ...docs, code: "" }, 400, /Link\.code/],
    ["POST", "/links", { ...docs, code: "a/b" }, 400, /cannot be had/],
    ["POST", "/links", [], 400, /must be a JSON object/],
    ["GET", "/links", undefined, 400, /codes must be a string/],
    ["GET", "/nothing", undefined, 404, /no such link/],
    ["DELETE", "/docs", undefined, 404, /nothing here/],
  ])("%s %s %j gets %i", async (method, target, body, status, message) => {
    expect(await ask(method, target, body)).toMatchObject({ status, body: { error: expect.stringMatching(message) } });
  });

  test("answers 409 where a code is taken", async () => {
    await ask("POST", "/links", docs);
    expect(await ask("POST", "/links", { ...docs, url: "https://elsewhere" })).toMatchObject({ status: 409 });
    expect((await ask("GET", "/docs")).headers.location).toBe(docs.url);
  });

  test("an event of another source is an error of the function, and the next one is answered", async () => {
    const http = eventOf("GET", "/docs");
    const events = ["not JSON", "null", [], { Records: [] }, { ...http, rawPath: 5 }, { ...http, requestContext: {} }, { ...http, body: "*", isBase64Encoded: true }];
    let pid;
    for (const event of events) {
      const { type, error } = await invoke(event);
      expect(type, JSON.stringify(event)).toBe("BadEvent");
      expect(error).toMatchObject({ errorType: "BadEvent", errorMessage: expect.stringMatching(/not an event of an HTTP API|not base64/), stackTrace: [] });
      pid ??= runtime.pid;
    }
    expect(await ask("GET", "/docs")).toMatchObject({ status: 404 });
    expect(runtime.pid).toBe(pid);
  });
});

describe("examples/lambda over HTTP", () => {
  let engine: Engine;
  let proxy: CountingProxy;

  beforeEach(async () => {
    engine = await startEngine();
    cleanups.push(engine.stop);
    await engine.freshTable("links");
    proxy = await CountingProxy.before(engine.port);
    cleanups.push(() => proxy.stop());
    await start({ DYNAMO_BAO_ENDPOINT: proxy.endpoint, TABLE_NAME: "links" });
  });

  test("its invocations share a connection to DynamoDB", async () => {
    await ask("POST", "/links", docs);
    for (let visit = 0; visit < 5; visit++) expect((await ask("GET", "/docs")).status).toBe(302);
    expect(proxy.take()).toEqual(["PutItem", ...Array(5).fill("UpdateItem")]);
    expect(proxy.connections).toBe(1);
  });

  test("the finds of an invocation are one request, and the next invocation asks again", async () => {
    await ask("POST", "/links", docs);
    proxy.take();
    for (let n = 0; n < 2; n++) expect((await ask("GET", "/links?codes=docs,a,b,c")).body).toEqual([{ ...docs, visits: 0 }, null, null, null]);
    expect(proxy.take()).toEqual(["BatchGetItem", "BatchGetItem"]);
  });

  test("what DynamoDB refuses is an error of the function", async () => {
    const body = JSON.stringify({ __type: "com.amazon.coral.service#AccessDeniedException", message: "not authorized" });
    proxy.interfere = () => ({ answer: { status: 400, body } });
    const { type, error } = await invoke(eventOf("GET", "/docs"));
    expect(type).toBe("ServiceError");
    expect(error).toMatchObject({ errorType: "ServiceError", errorMessage: expect.stringContaining("AccessDenied") });
    proxy.interfere = () => undefined;
    expect((await ask("GET", "/docs")).status).toBe(404);
  });

  test("answers 503 with Retry-After when DynamoDB throttles", async () => {
    const body = JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#ThrottlingException", message: "slow down" });
    proxy.interfere = () => ({ answer: { status: 400, body } });
    const { result } = await invoke(eventOf("GET", "/links?codes=docs"), { timeoutMs: 20_000 });
    expect(result).toMatchObject({ statusCode: 503, headers: { "retry-after": "1" } });
    proxy.interfere = () => undefined;
    expect((await ask("GET", "/links?codes=docs")).status).toBe(200);
  });

  test("reports its deadline before Lambda ends it, and answers the next invocation", async () => {
    await ask("POST", "/links", docs);
    const { pid } = runtime;
    proxy.interfere = () => ({ delayMs: 5000 });
    const started = Date.now();
    const { type, error } = await invoke(eventOf("GET", "/links?codes=docs"), { timeoutMs: 1000 });
    expect(error).toMatchObject({ errorMessage: expect.stringContaining("deadline") });
    expect(type).toBe("DeadlineExceeded");
    expect(Date.now() - started).toBeGreaterThan(700);
    proxy.interfere = () => undefined;
    expect((await ask("GET", "/docs")).status).toBe(302);
    expect(runtime.pid).toBe(pid);
  });

  test("makes a new connection to the Runtime API where the old one is gone", async () => {
    await ask("POST", "/links", docs);
    proxy.interfere = () => ({ delayMs: 500 });
    const slow = ask("GET", "/docs");
    await new Promise((resolve) => setTimeout(resolve, 200));
    runtime.dropIdleConnections();
    expect((await slow).status).toBe(302);
    expect(runtime.connections).toBe(2);
    expect(complaint).toBe("");
  });
});

test("speaks TLS, to a host by its name, with the certificates of SSL_CERT_FILE only", async () => {
  const scratch = mkdtempSync(join(tmpdir(), "bao-lambda-"));
  cleanups.push(() => rmSync(scratch, { recursive: true }));
  const [key, cert] = [join(scratch, "key.pem"), join(scratch, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-keyout", key, "-out", cert, ...subject]);
  const engine = await startEngine();
  cleanups.push(engine.stop);
  await engine.freshTable("links");
  const server = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const { method, url, headers } = request;
    request.pipe(
      http.request({ host: "127.0.0.1", port: engine.port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const environment = { DYNAMO_BAO_ENDPOINT: `https://localhost:${(server.address() as AddressInfo).port}`, TABLE_NAME: "links" };
  await start({ ...environment, SSL_CERT_FILE: cert });
  expect((await ask("POST", "/links", docs)).status).toBe(201);
  await runtime.stop();
  await start(environment);
  expect((await invoke(eventOf("GET", "/docs"), { timeoutMs: 20_000 })).type).toBe("TransportError");
});

test("what keeps it from starting is reported as such", async () => {
  await start({ DYNAMO_BAO_ENDPOINT: "nonsense" });
  const { type, error } = await invoke(eventOf("GET", "/docs"));
  expect(type).toBe("ConfigurationError");
  expect(error!.errorMessage).toContain("nonsense");
  expect(runtime.initError).toMatchObject({ errorType: "ConfigurationError", stackTrace: [] });
});

test("says who should have started it", async () => {
  await expect(run(program("lambda/bootstrap"), [], { env: {} })).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("AWS_LAMBDA_RUNTIME_API") });
  const unreachable = run(program("lambda/bootstrap"), [], { env: { AWS_LAMBDA_RUNTIME_API: "127.0.0.1:1", DYNAMO_BAO_ENDPOINT: "memory:" } });
  await expect(unreachable).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("the Runtime API does not answer") });
});

describe("examples/lambda/package.sh", () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "bao-lambda-"));
    cleanups.push(() => rmSync(scratch, { recursive: true }));
  });

  test("makes a zip whose program runs without a library of the image", async () => {
    const zip = join(scratch, "out/function.zip");
    const { stdout } = await run(example("lambda/package.sh"), [program("lambda/bootstrap"), zip]);
    expect(stdout).toContain(`${statSync(zip).size} bytes`);
    await run("cmake", ["-E", "tar", "xf", zip], { cwd: scratch });
    const bootstrap = join(scratch, "bootstrap");
    expect(statSync(bootstrap).mode & 0o777).toBe(0o755);
    await start({ DYNAMO_BAO_ENDPOINT: "memory:" }, bootstrap);
    expect((await ask("POST", "/links", docs)).status).toBe(201);
  });

  test("refuses what Lambda could not start", async () => {
    const zip = join(scratch, "function.zip");
    copyFileSync("/bin/true", join(scratch, "bootstrap"));
    await expect(run(example("lambda/package.sh"), [join(scratch, "bootstrap"), zip])).rejects.toMatchObject({ stderr: expect.stringContaining("libc.so.6") });
    await expect(run(example("lambda/package.sh"), [program("rest/notes"), zip])).rejects.toMatchObject({ stderr: expect.stringContaining("of the name bootstrap") });
    expect(existsSync(zip)).toBe(false);
  });
});
