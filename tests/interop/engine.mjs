// What the programs of this folder share: an engine of tests/peers, requests to it, and the older npm package led to it.

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const peers = process.env.BAO_PEERS_DIR ?? resolve(here, "../../build/peers");

function notInstalled(what) {
  console.log(`${what} is not installed (./dev setup)`);
  process.exit(process.env.CI ? 1 : 77);
}

export async function startEngine() {
  const engine = spawn(resolve(here, "../peers/start"), ["dynoxide"], { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => engine.kill("SIGTERM"));
  const exited = new Promise((done) => engine.once("exit", (code) => done({ code })));
  const line = new Promise((done) => createInterface(engine.stdout).once("line", (port) => done({ port })));
  const { port, code } = await Promise.race([line, exited]);
  if (code === 3) notInstalled("dynoxide");
  if (!port) throw new Error("dynoxide did not start");
  return `http://127.0.0.1:${port}`;
}

const nodeFetch = globalThis.fetch;

/// An operation of DynamoDB; `body` is JSON text.
export async function request(endpoint, operation, body) {
  const response = await nodeFetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.0",
      "X-Amz-Target": `DynamoDB_20120810.${operation}`,
      "X-Amz-Date": "20200101T000000Z",
      Authorization:
        "AWS4-HMAC-SHA256 Credential=local/20200101/us-west-2/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0",
    },
    body,
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${operation}: ${text}`);
  return JSON.parse(text);
}

/// The older package; all that this process fetches from now on goes to the engine, as that package knows AWS's endpoints only.
export function olderPackage(endpoint) {
  if (!existsSync(resolve(peers, "node_modules/dynamo-bao"))) notInstalled("dynamo-bao");
  process.env.AWS_ACCESS_KEY_ID = "local";
  process.env.AWS_SECRET_ACCESS_KEY = "local";
  process.env.AWS_REGION = "us-west-2";
  globalThis.fetch = async (input, options) => {
    const sent = new Request(input, options);
    return nodeFetch(endpoint, { method: sent.method, headers: sent.headers, body: await sent.text() });
  };
  return createRequire(`${peers}/package.json`)("dynamo-bao");
}

/// A YAML file of this folder.
export function readYaml(name) {
  const yaml = createRequire(`${peers}/package.json`)("yaml");
  return yaml.parse(readFileSync(resolve(here, name), "utf8"));
}
