// node run.mjs PROGRAM|npm: this library (PROGRAM, or the npm package in npm/dist) and the older npm package work through
// cases.yaml, each on a table of its own that the other then reads, changes and deletes from; after each step both tables hold
// the same rows, attribute for attribute. Once without a tenant and once with one. Exit: 0, 1 they differ, 77 the engine or the
// older package is not installed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { olderPackage, readYaml, request, startEngine } from "./engine.mjs";
import { npmSide } from "./npm_side.mjs";

const program = process.argv[2];

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
  const endpoint = await startEngine();
  const older = olderPackage(endpoint);
  const cases = readYaml("cases.yaml");
  const failed = [];
  for (const tenant of ["", "acme"]) {
    const name = tenant === "" ? "no tenant" : `tenant ${tenant}`;
    const [ours, theirs] = [await ourSide(cases, endpoint, tenant), npmSide(older, cases, tenant)];
    failed.push(...(await workThrough({ endpoint, cases, tenant, name, ours, theirs })));
  }
  console.log(`${cases.items.length} items; ${failed.length} steps failed`);
  process.exit(failed.length === 0 ? 0 : 1);
}

await main();
