/** 100,000 operations on the built package, in a process that watches the modules' memory and its own heap. Needs dist/. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const dist = new URL("../../dist/node.mjs", import.meta.url).href;
let scratch: string;

// Each round is 100 operations of all kinds; what it makes it takes away again.
const program = `
  import http from "node:http";
  const instances = [];
  const RealInstance = WebAssembly.Instance;
  WebAssembly.Instance = class extends RealInstance {
    constructor(...given) {
      super(...given);
      instances.push(this);
    }
  };
  const { BaoModel, IndexConfig, PrimaryKeyConfig, UniqueConstraintConfig, fields, initModels, runWithBatchContext } = await import(${JSON.stringify(dist)});
  const [place, kept] = process.argv.slice(2);
  class Thing extends BaoModel {
    static modelPrefix = "t";
    static fields = {
      id: fields.StringField({ required: true }),
      text: fields.StringField({ maxLength: 2000 }),
      email: fields.StringField(),
      tags: fields.StringSetField(),
      count: fields.CounterField(),
      at: fields.CreateDateField(),
    };
    static primaryKey = PrimaryKeyConfig("id");
    static indexes = { byText: IndexConfig("text", "id", "gsi1") };
    static uniqueConstraints = { uniqueEmail: UniqueConstraintConfig("email", "_uc1") };
  }
  // Finds only: any thing that is asked for is there, every tenth is not, and some answers never come.
  const server = http.createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const { RequestItems, Key } = JSON.parse(Buffer.concat(chunks));
      const keys = Key === undefined ? RequestItems.table.Keys : [Key];
      const items = keys.filter(({ _pk }) => !_pk.S.endsWith("9")).map((key) => ({ ...key, id: { S: key._pk.S.slice(2) }, text: { S: "text ".repeat(50) } }));
      if (keys.some(({ _pk }) => _pk.S.includes("lost"))) incoming.socket.destroy();
      else outgoing.end(JSON.stringify(Key === undefined ? { Responses: { table: items }, UnprocessedKeys: {} } : { Item: items[0] }));
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const memory = place === "memory";
  const endpoint = memory ? "memory:" : "http://127.0.0.1:" + server.address().port;
  initModels({
    models: { Thing },
    aws: { region: "us-west-2", endpoint, credentials: { accessKeyId: "a", secretAccessKey: "b" } },
    db: { tableName: "table" },
    retry: { maxAttempts: 1 },
    logging: { level: "OFF" },
  });
  const refused = () => {
    throw new Error("this was to fail");
  };
  const loaders = [];
  async function writes(round) {
    const id = "made-" + (round % 7);
    const thing = await Thing.create({ id, email: id + "@x.com", text: "text", tags: ["a"] });
    thing.tags.add("b");
    await thing.save();
    await Thing.update(id, { text: "x".repeat(round % 1000), count: "+1" });
    await Thing.create({ id }).then(refused, () => {});
    await Thing.update(id, { count: 1 }, { condition: { text: "never" } }).then(refused, () => {});
    await Thing.findByUniqueConstraint("uniqueEmail", id + "@x.com");
    await Thing.queryByIndex("byText", "seed");
    await Thing.delete(id);
    return 8;
  }
  async function finds(round, count) {
    const ids = Array.from({ length: count - 2 }, (_, i) => "seed-" + ((round + i) % 150));
    await runWithBatchContext(() => Promise.all(ids.map((id) => Thing.find(id))));
    const loaderContext = {};
    if (kept) loaders.push(loaderContext);
    await Thing.find("seed-" + (round % 10), { loaderContext });
    if (!memory && round % 10 === 0) await Thing.find("lost-" + round).then(refused, () => {});
    else await Thing.find("seed-1", { signal: AbortSignal.abort() }).then(refused, () => {});
  }
  async function rounds(from, to) {
    for (let round = from; round < to; round++) {
      const written = memory ? await writes(round) : 0;
      await finds(round, 100 - written);
    }
  }
  async function sizes() {
    for (let i = 0; i < 5; i++) {
      global.gc();
      await new Promise((later) => setTimeout(later, 10));
    }
    return { heap: process.memoryUsage().heapUsed, wasm: instances.reduce((sum, { exports }) => sum + exports.memory.buffer.byteLength, 0) };
  }
  if (memory) for (let i = 0; i < 100; i++) await Thing.create({ id: "seed-" + i, text: "seed" });
  await rounds(0, 200);
  const before = await sizes();
  await rounds(200, 1200);
  const after = await sizes();
  console.log(JSON.stringify({ heap: after.heap - before.heap, wasm: after.wasm - before.wasm, modules: instances.length }));
  server.close();
  server.closeAllConnections();
`;

interface Growth {
  heap: number;
  wasm: number;
  modules: number;
}

async function growth(place: "memory" | "server", ...more: string[]): Promise<Growth> {
  const { stdout } = await run(process.execPath, ["--expose-gc", "main.mjs", place, ...more], { cwd: scratch, timeout: 100_000 });
  return JSON.parse(stdout) as Growth;
}

// Ten bytes for each operation, and what allocators keep.
const growthMax = 1_000_000;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "bao-memory-"));
  writeFileSync(join(scratch, "main.mjs"), program);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("100,000 operations", () => {
  it.each(["memory", "server"] as const)("leave no memory behind (%s)", async (place) => {
    const { heap, wasm, modules } = await growth(place);
    // The embedded engine is a module of its own.
    expect(modules).toBe(place === "memory" ? 2 : 1);
    expect(wasm).toBeLessThan(growthMax);
    expect(heap).toBeLessThan(growthMax);
  }, 120_000);

  it("are seen to grow both where the caller keeps what they gave", async () => {
    const { heap, wasm } = await growth("server", "keep");
    expect(wasm).toBeGreaterThan(growthMax);
    expect(heap).toBeGreaterThan(growthMax / 2);
  }, 120_000);
});
