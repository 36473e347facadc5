// node run.mjs PROGRAM|npm: this library (PROGRAM, or the npm package in npm/dist) and the older npm package work through
// cases.yaml, each on a table of its own that the other then reads, changes and deletes from; after each step both tables hold
// the same rows, attribute for attribute. Once without a tenant and once with one. Exit: 0, 1 they differ, 77 the engine or the
// older package is not installed.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { npmSide } from "./npm_side.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const peers = process.env.BAO_PEERS_DIR ?? resolve(here, "../../build/peers");
const program = process.argv[2];

function notInstalled(what) {
  console.log(`${what} is not installed (./dev setup)`);
  process.exit(process.env.CI ? 1 : 77);
}

async function startEngine() {
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

async function request(endpoint, operation, body) {
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

// The rows of a table by their keys, without what each writer makes up.
async function rows(endpoint, table, generated) {
  const { Items: items, LastEvaluatedKey: more } = await request(endpoint, "Scan", JSON.stringify({ TableName: table }));
  assert.equal(more, undefined, "the table is larger than one page");
  const all = {};
  for (const item of items) {
    for (const name of generated) delete item[name];
    for (const value of Object.values(item)) value.SS?.sort();
    // The older package's unique rows do not expire with their item; ours carry its ttl.
    if (item._sk.S === "_raft_uc") delete item.ttl;
    delete item._gsi_test_id; // on the older package's unique rows of tenants; nothing reads it
    all[`${item._pk.S} ${item._sk.S}`] = item;
  }
  return all;
}

const run = promisify(execFile);

// The steps of one tenant ("": none) on two new tables; the names of those that failed.
async function workThrough({ endpoint, cases, tenant, name, ours, theirs }) {
  const byOlder = `by-older-${tenant}`;
  const byOurs = `by-ours-${tenant}`;
  for (const table of [byOlder, byOurs]) await ours("create-table", table);
  const failed = [];
  const step = async (what, done) => {
    try {
      await done();
      console.log(`ok    ${name}: ${what}`);
    } catch (error) {
      console.log(`FAIL  ${name}: ${what}\n${error.stderr || error.message}`);
      failed.push(what);
    }
  };
  const same = async () => {
    const left = await rows(endpoint, byOlder, cases.generated);
    assert.deepEqual(await rows(endpoint, byOurs, cases.generated), left);
  };
  await step("the older package writes", () => theirs("write", byOlder));
  await step("this library writes", () => ours("write", byOurs));
  await step("both wrote the same rows", same);
  await step("this library reads what the older package wrote", () => ours("read", byOlder));
  await step("the older package reads what this library wrote", () => theirs("read", byOurs));
  await step("this library changes what the older package wrote", () => ours("change", byOlder));
  await step("the older package changes what this library wrote", () => theirs("change", byOurs));
  await step("both left the same rows", same);
  await step("the older package reads both", async () => {
    await theirs("read-changed", byOlder);
    await theirs("read-changed", byOurs);
  });
  await step("this library reads both", async () => {
    await ours("read-changed", byOlder);
    await ours("read-changed", byOurs);
  });
  await step("the older package deletes what this library changed last", () => theirs("delete", byOlder));
  await step("this library deletes what the older package changed last", () => ours("delete", byOurs));
  await step("no row is left over", async () => {
    assert.deepEqual(await rows(endpoint, byOlder, []), {});
    assert.deepEqual(await rows(endpoint, byOurs, []), {});
  });
  return failed;
}

// This library's side: the npm package, or a program.
async function ourSide(cases, endpoint, tenant) {
  if (program === "npm") return npmSide(await import("../../npm/dist/node.mjs"), cases, tenant, endpoint);
  return async (phase, table) => {
    if (phase !== "create-table") return run(program, [phase, endpoint, table, ...(tenant === "" ? [] : [tenant])]);
    const { stdout } = await run(program, ["table-body", table]);
    return request(endpoint, "CreateTable", stdout);
  };
}

async function main() {
  if (!existsSync(resolve(peers, "node_modules/dynamo-bao"))) notInstalled("dynamo-bao");
  const yaml = createRequire(`${peers}/package.json`)("yaml");
  const cases = yaml.parse(readFileSync(resolve(here, "cases.yaml"), "utf8"));
  const endpoint = await startEngine();
  process.env.AWS_ACCESS_KEY_ID = "local";
  process.env.AWS_SECRET_ACCESS_KEY = "local";
  process.env.AWS_REGION = "us-west-2";
  const olderPackage = createRequire(`${peers}/package.json`)("dynamo-bao");
  // The older package knows AWS's endpoints only.
  globalThis.fetch = async (input, options) => {
    const sent = new Request(input, options);
    return nodeFetch(endpoint, { method: sent.method, headers: sent.headers, body: await sent.text() });
  };
  const failed = [];
  for (const tenant of ["", "acme"]) {
    const name = tenant === "" ? "no tenant" : `tenant ${tenant}`;
    const [ours, theirs] = [await ourSide(cases, endpoint, tenant), npmSide(olderPackage, cases, tenant)];
    failed.push(...(await workThrough({ endpoint, cases, tenant, name, ours, theirs })));
  }
  console.log(`${cases.items.length} items; ${failed.length} steps failed`);
  process.exit(failed.length === 0 ? 0 : 1);
}

await main();
