/** `bao local` as a process on a loopback port that the system chooses, and the SDK's clients for it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

const build = join(import.meta.dirname, "../../../build");

export interface Bao {
  endpoint: string;
  port: number;
  pid: number;
  /** Closed with the server. Tries once unless told otherwise: a test wants to see what the server said. */
  client(options?: DynamoDBClientConfig): DynamoDBClient;
  /** SIGTERM; gives the exit code once the process has ended. */
  stop(): Promise<number | null>;
}

/** BAO_BIN, or the first that was built. */
export function program(): string {
  const given = process.env.BAO_BIN;
  const places = given !== undefined ? [given] : ["release/src/cli/bao", "bin/bao", "debug/src/cli/bao"].map((place) => join(build, place));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`no bao at ${places.join(" or ")}: ./dev build`);
  return found;
}

export async function startBao(...options: string[]): Promise<Bao> {
  // The kernel kills the server when the test's process dies, however it dies.
  const command = ["--pdeathsig", "KILL", "--", program(), "local", "--port", "0", ...options];
  const child = spawn("setpriv", command, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const endpoint = await firstEndpoint(child);
  const clients: DynamoDBClient[] = [];
  return {
    endpoint,
    port: Number(new URL(endpoint).port),
    pid: child.pid!, // setpriv becomes the server
    client(settings = {}) {
      const client = new DynamoDBClient({
        region: "us-west-2",
        credentials: { accessKeyId: "any", secretAccessKey: "any" },
        endpoint,
        maxAttempts: 1,
        ...settings,
      });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.destroy();
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** The one line at the start: `bao local: http://127.0.0.1:PORT, in memory`. */
function firstEndpoint(child: ChildProcess): Promise<string> {
  let complaint = "";
  child.stderr!.on("data", (chunk) => (complaint += chunk));
  return new Promise((resolve, reject) => {
    createInterface(child.stdout!).once("line", (line) => {
      const endpoint = /^bao local: (http:\/\/127\.0\.0\.1:\d+), /.exec(line)?.[1];
      if (endpoint === undefined) reject(new Error(`unexpected first line: ${line}`));
      else resolve(endpoint);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`bao local ended with ${code}: ${complaint}`)));
  });
}

export interface FaultRule {
  fault: string;
  operation?: string;
  probability?: number;
  skip?: number;
  times?: number;
  delayMs?: number;
}

/** A server that these faults strike; the file is read at the start. */
export async function startFaultyBao(rules: FaultRule[], seed = 1): Promise<Bao> {
  const scratch = scratchFolder();
  try {
    const file = join(scratch.path, "faults.json");
    writeFileSync(file, JSON.stringify({ seed, rules }));
    return await startBao("--faults", file);
  } finally {
    scratch.remove();
  }
}

export function scratchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "bao-sdk-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
