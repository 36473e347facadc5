// The engines under comparison, all with the same face: call(operation, body) -> {status, body}.
import { spawn } from "node:child_process";
import http from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const answerMsMax = 60_000;

/** Ours, in a process of its own: a crash is seen as one. */
export class PipeEngine {
  name = "ours";
  #process;
  #waiting = [];
  #buffer = Buffer.alloc(0);
  #ended;

  constructor(program) {
    this.#process = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
    this.#process.stdout.on("data", (bytes) => this.#receive(bytes));
    this.#process.stdin.on("error", () => {});
    this.#process.on("exit", (code, signal) => {
      this.#ended = new Error(`the engine ended: ${signal ?? `exit code ${code}`}`);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
    });
  }

  call(operation, body) {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#process.stdin.write(`${operation} ${Buffer.byteLength(body)}\n${body}`);
    });
  }

  #receive(bytes) {
    this.#buffer = this.#buffer.length > 0 ? Buffer.concat([this.#buffer, bytes]) : bytes;
    for (;;) {
      const line = this.#buffer.indexOf(10);
      if (line < 0) return;
      const [status, size] = this.#buffer.toString("latin1", 0, line).split(" ").map(Number);
      if (this.#buffer.length < line + 1 + size) return;
      const body = this.#buffer.toString("utf8", line + 1, line + 1 + size);
      this.#buffer = this.#buffer.subarray(line + 1 + size);
      this.#waiting.shift().resolve({ status, body });
    }
  }

  stop() {
    this.#process.removeAllListeners("exit");
    this.#process.stdin.end();
  }
}

/** A peer of tests/peers. */
export class HttpEngine {
  #process;
  #agent;
  #port;

  static async start(name, connections) {
    const engine = new HttpEngine();
    engine.name = name;
    engine.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
    engine.#process = spawn(join(here, "../peers/start"), [name], { stdio: ["ignore", "pipe", "inherit"] });
    engine.#port = await new Promise((resolve, reject) => {
      engine.#process.stdout.once("data", (bytes) => resolve(Number(String(bytes))));
      engine.#process.once("exit", (code) => reject(Object.assign(new Error(`${name} did not start`), { code })));
    });
    return engine;
  }

  call(operation, body) {
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: "127.0.0.1",
          port: this.#port,
          method: "POST",
          agent: this.#agent,
          timeout: answerMsMax,
          headers: {
            "X-Amz-Target": `DynamoDB_20120810.${operation}`,
            "Content-Type": "application/x-amz-json-1.0",
            "Content-Length": Buffer.byteLength(body),
            "X-Amz-Date": "20200101T000000Z",
            Authorization:
              "AWS4-HMAC-SHA256 Credential=local/20200101/us-west-2/dynamodb/aws4_request, " +
              "SignedHeaders=host;x-amz-date;x-amz-target, Signature=0",
          },
        },
        (answer) => {
          const parts = [];
          answer.on("data", (bytes) => parts.push(bytes));
          answer.on("error", reject);
          answer.on("end", () => resolve({ status: answer.statusCode, body: Buffer.concat(parts).toString() }));
        },
      );
      request.on("timeout", () => request.destroy(new Error(`${this.name} gave no answer in ${answerMsMax} ms`)));
      request.on("error", reject);
      request.end(body);
    });
  }

  stop() {
    this.#process.removeAllListeners("exit");
    this.#process.kill();
    this.#agent.destroy();
  }
}
