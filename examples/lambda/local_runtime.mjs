// Lambda on this machine: the Runtime API for one program, as the Lambda Developer Guide describes it, and in front of it an
// HTTP server that makes API Gateway's events (payload version 2.0) of requests.
//   node local_runtime.mjs BOOTSTRAP [PORT]
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { pathToFileURL } from "node:url";

const version = "/2018-06-01/runtime";

export class LocalRuntime {
  #program;
  #environment;
  #onStderr;
  #server;
  #child = null;
  #queue = []; // invocations that the program has not asked for
  #running = new Map(); // those that it works on, by id
  #asking = null; // its open request for the next invocation
  connections = 0; // that the program has made to the Runtime API
  initError = null;

  /**
   * @param {string} program
   * @param {{ environment?: Record<string, string | undefined>, onStderr?: (text: string) => void }} options
   */
  constructor(program, { environment = {}, onStderr = (text) => process.stderr.write(text) } = {}) {
    this.#program = program;
    this.#environment = environment;
    this.#onStderr = onStderr;
    this.#server = http.createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 0; // a frozen program keeps its connection
    this.#server.on("connection", () => this.connections++);
  }

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get pid() {
    return this.#child?.pid;
  }

  /**
   * Runs one invocation, in a new process where none is there, as Lambda does. `event` is JSON text, or a value to make it of.
   * Gives { result } with what the function answered, or { error, type } with its error; { error, type: "Sandbox.Timedout" }
   * where it was killed at its deadline, { error, type: "Runtime.ExitError" } where it ended.
   */
  invoke(event, { timeoutMs = 3000 } = {}) {
    const id = randomUUID();
    const text = typeof event === "string" ? event : JSON.stringify(event);
    return new Promise((resolve) => {
      this.#queue.push({ id, text, timeoutMs, resolve });
      if (this.#child === null) this.#spawn();
      this.#hand();
    });
  }

  /** Closes the connections on which nothing is asked: a program has to make a new one then. */
  dropIdleConnections() {
    this.#server.closeIdleConnections();
  }

  async stop() {
    if (this.#child !== null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGKILL"); // what Lambda does in the end
      await ended;
    }
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #spawn() {
    this.#child = spawn(this.#program, {
      stdio: ["ignore", "inherit", "pipe"],
      env: { PATH: process.env.PATH, AWS_REGION: "us-west-2", ...this.#environment, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${this.#server.address().port}` },
    });
    this.#child.stderr.setEncoding("utf8").on("data", this.#onStderr);
    this.#child.on("error", (error) => this.#ended(error.message));
    this.#child.on("exit", (code, signal) => this.#ended(`the program ended: ${signal ?? `exit status ${code}`}`));
  }

  #ended(message) {
    this.#child = null;
    this.#asking = null;
    const error = this.initError ?? { errorType: "Runtime.ExitError", errorMessage: message };
    for (const invocation of [...this.#running.values(), ...this.#queue.splice(0)]) this.#settle(invocation, { type: error.errorType, error });
  }

  #settle(invocation, outcome) {
    clearTimeout(invocation.timer);
    this.#running.delete(invocation.id);
    invocation.resolve(outcome);
  }

  #hand() {
    if (this.#asking === null || this.#queue.length === 0) return;
    const invocation = this.#queue.shift();
    this.#running.set(invocation.id, invocation);
    invocation.timer = setTimeout(() => {
      const errorMessage = `Task timed out after ${(invocation.timeoutMs / 1000).toFixed(2)} seconds`;
      this.#settle(invocation, { type: "Sandbox.Timedout", error: { errorType: "Sandbox.Timedout", errorMessage } });
      this.#child?.kill("SIGKILL");
    }, invocation.timeoutMs);
    this.#asking.writeHead(200, {
      "content-type": "application/json",
      "Lambda-Runtime-Aws-Request-Id": invocation.id,
      "Lambda-Runtime-Deadline-Ms": Date.now() + invocation.timeoutMs,
      "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-west-2:123456789012:function:links",
      "Lambda-Runtime-Trace-Id": `Root=1-5bef4de7-${invocation.id.slice(0, 8)};Sampled=0`,
    });
    this.#asking.end(invocation.text);
    this.#asking = null;
  }

  async #serve(request, response) {
    if (request.method === "GET" && request.url === `${version}/invocation/next`) {
      this.#asking = response;
      return this.#hand();
    }
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const accepted = () => response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
    if (request.method === "POST" && request.url === `${version}/init/error`) {
      this.initError = JSON.parse(body);
      return accepted();
    }
    const [, id, outcome] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(request.url.slice(version.length)) ?? [];
    const invocation = this.#running.get(id);
    if (request.method !== "POST" || invocation === undefined) {
      return response.writeHead(400, { "content-type": "application/json" }).end('{"errorType":"InvalidRequestID"}');
    }
    accepted();
    const type = request.headers["lambda-runtime-function-error-type"];
    this.#settle(invocation, outcome === "response" ? { result: JSON.parse(body) } : { type, error: JSON.parse(body) });
  }
}

/**
 * The event that an HTTP API makes of a request.
 * @param {string} method
 * @param {string} target path and query
 * @param {{ headers?: Record<string, string | undefined>, body?: string }} request with names of headers in lower case
 */
export function eventOf(method, target, { headers = {}, body } = {}) {
  const url = new URL(target, "http://localhost");
  const query = Object.fromEntries([...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name).join(",")]));
  const isText = /^(text\/|application\/(json|javascript|xml))/.test(headers["content-type"] ?? "");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search && { queryStringParameters: query }),
    requestContext: { http: { method, path: url.pathname, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: headers["user-agent"] ?? "" }, requestId: randomUUID(), stage: "$default", timeEpoch: Date.now() },
    ...(body && { body: isText ? body : Buffer.from(body).toString("base64") }),
    isBase64Encoded: Boolean(body) && !isText,
  };
}

async function main(program, port = "9000") {
  const runtime = await new LocalRuntime(program, { environment: process.env }).start();
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { result, error } = await runtime.invoke(eventOf(request.method, request.url, { headers: request.headers, body }));
    if (error !== undefined) {
      console.error(`local_runtime: ${error.errorType}: ${error.errorMessage}`);
      return response.writeHead(500, { "content-type": "application/json" }).end('{"message":"Internal Server Error"}');
    }
    response.writeHead(result.statusCode, result.headers).end(result.body);
  });
  server.listen(Number(port), "127.0.0.1", () => console.log(`local_runtime: http://127.0.0.1:${server.address().port}`));
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, async () => {
      server.close();
      await runtime.stop();
      process.exit(0);
    });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.length < 3) {
    console.error("local_runtime: usage: node local_runtime.mjs BOOTSTRAP [PORT]");
    process.exit(2);
  }
  await main(...process.argv.slice(2));
}
