/** The engines that scenarios run against, behind a loopback proxy that notes what is sent. */
import { type ChildProcess, spawn } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SentRequest } from "./requests.js";

const start = fileURLToPath(new URL("../../../tests/peers/start", import.meta.url));

export interface Engine {
  readonly name: string;
  /** For the library: what goes through is in `sent`. "memory:" notes nothing. */
  readonly endpoint: string;
  readonly sent: SentRequest[] | undefined;
  /** One request past the library; undefined with "memory:", whose table is the client's own. */
  request(operation: string, body: object): Promise<any>;
  stop(): Promise<void>;
}

/** undefined: not installed. */
export async function startEngine(name: string): Promise<Engine | undefined> {
  const started = await startPeer(name);
  if (started === undefined) return undefined;
  const { process, port } = started;
  const sent: SentRequest[] = [];
  const proxy = await startProxy(port, sent);
  return {
    name,
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    sent,
    request: (operation, body) => send(port, operation, JSON.stringify(body)),
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      const ended = new Promise((resolve) => process.once("exit", resolve));
      process.kill("SIGTERM");
      await ended;
    },
  };
}

function startPeer(name: string): Promise<{ process: ChildProcess; port: number } | undefined> {
  const child = spawn(start, [name], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    createInterface(child.stdout).once("line", (line) => resolve({ process: child, port: Number(line) }));
    child.once("error", reject);
    child.once("exit", (code) => (code === 3 ? resolve(undefined) : reject(new Error(`${name} did not start (exit ${code})`))));
  });
}

const agent = new http.Agent({ keepAlive: true });

function startProxy(port: number, sent: SentRequest[]): Promise<http.Server> {
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const operation = String(incoming.headers["x-amz-target"]).replace(/^.*\./, "");
      sent.push({ operation, body: JSON.parse(body.toString()) });
      const headers = { ...incoming.headers };
      const forward = http.request({ port, host: "127.0.0.1", method: "POST", path: incoming.url, headers, agent }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      });
      forward.on("error", () => outgoing.destroy());
      forward.end(body);
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function send(port: number, operation: string, body: string): Promise<any> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${operation}`,
    "x-amz-date": "20200101T000000Z",
    "content-length": Buffer.byteLength(body),
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20200101/us-west-2/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0",
  };
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: "127.0.0.1", method: "POST", headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${operation}: ${text}`));
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}
