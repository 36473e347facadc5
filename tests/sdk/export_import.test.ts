/** `bao export` and `bao import`: a table as JSON lines, to and from a server, a file and standard streams. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AttributeValue, type DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bao, scratchFolder, startBao, startFaultyBao } from "./support/bao.ts";
import { bao as run, startCommand as start } from "./support/command.ts";
import { createItemTable, fill, key } from "./support/tables.ts";

let server: Bao;
let client: DynamoDBClient;
let scratch: ReturnType<typeof scratchFolder>;
let file: string;

beforeEach(async () => {
  server = await startBao();
  client = server.client();
  scratch = scratchFolder();
  file = join(scratch.path, "items.jsonl");
});
afterEach(async () => {
  await server.stop();
  scratch.remove();
});

const at = (endpoint = server.endpoint) => ["--endpoint", endpoint];

async function everything(from: DynamoDBClient, TableName = "items") {
  const found: Record<string, AttributeValue>[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await from.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }));
    found.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  const order = (item: Record<string, AttributeValue>) => `${item.pk!.S}/${item.sk!.S}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function lines(count: number, more = ""): string {
  return Array.from({ length: count }, (_, index) => `{"Item":{"pk":{"S":"p${index}"},"sk":{"S":"0"}${more}}}\n`).join("");
}

test("a table goes to a file and into another table, value by value", async () => {
  await createItemTable(client);
  for (let index = 0; index < 30; ++index) await fill(client, `p${index}`, 10);
  const everyType = {
    ...key("types"),
    text: { S: 'quotes " and \\ and \n, \u00e9 \u{1f680} \u0000' },
    number: { N: "-12345678901234567890123456789012345678" },
    binary: { B: Uint8Array.from({ length: 256 }, (_, index) => index) },
    sets: { L: [{ SS: ["a", "b"] }, { NS: ["1"] }, { BS: [Uint8Array.of(0)] }] },
    rest: { M: { nothing: { NULL: true }, yes: { BOOL: true }, none: { M: {} } } },
  };
  await client.send(new PutItemCommand({ TableName: "items", Item: everyType }));
  await client.send(new PutItemCommand({ TableName: "items", Item: { ...key("large"), text: { S: "x".repeat(390_000) } } }));

  const exported = await run(["export", "items", file, ...at()]);
  expect(exported).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^302 items of table 'items' exported, [\d.]+ read units\n$/) });
  const written = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(written).toHaveLength(302);
  for (const line of written) expect(Object.keys(JSON.parse(line))).toEqual(["Item"]);
  expect(readdirSync(scratch.path)).toEqual(["items.jsonl"]);

  const other = await startBao();
  await createItemTable(other.client());
  const imported = await run(["import", "items", file, ...at(other.endpoint)]);
  expect(imported).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^302 items imported into table 'items', [\d.]+ write units\n$/) });
  expect(await everything(other.client())).toEqual(await everything(client));
  await other.stop();
});

test("standard streams: data on one, words on the other", async () => {
  await createItemTable(client);
  const imported = await run(["import", "items", "-", ...at()], { input: lines(60) });
  expect(imported).toMatchObject({ code: 0, err: "" });
  const exported = await run(["export", "items", "-", "--segments", "1", "--consistent", ...at()]);
  expect(exported).toMatchObject({ code: 0, err: expect.stringMatching(/^60 items of table 'items' exported/) });
  expect(exported.out.trimEnd().split("\n").sort()).toEqual(lines(60).trimEnd().split("\n").sort());
});

test("through faults: what is imported is whole, and what is exported is whole", async () => {
  const faulty = await startFaultyBao([
    { fault: "unprocessed", operation: "BatchWriteItem", probability: 0.5 },
    { fault: "throttle", operation: "Scan", probability: 0.2 },
    { fault: "error_after", operation: "BatchWriteItem", probability: 0.1 },
    { fault: "drop_after", operation: "BatchWriteItem", probability: 0.1 },
  ]);
  await createItemTable(faulty.client());
  const imported = await run(["import", "items", "-", ...at(faulty.endpoint)], { input: lines(300) });
  expect(imported).toMatchObject({ code: 0, err: "", out: expect.stringContaining("300 items imported") });
  expect((await run(["export", "items", file, ...at(faulty.endpoint)])).err).toBe("");
  expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(300);
  await faulty.stop();
});

test("an embedded file is a place, too; memory is none", async () => {
  const db = `file:${join(scratch.path, "tables.db")}`;
  const items = lines(30).replaceAll('"pk"', '"_pk"').replaceAll('"sk"', '"_sk"');
  expect(await run(["import", "tab", "-", ...at(db)], { input: items })).toMatchObject({ code: 0, err: "" });
  const exported = await run(["export", "tab", "-", ...at(db)]);
  expect(exported.out.trimEnd().split("\n").sort()).toEqual(items.trimEnd().split("\n").sort());
  const path = db.slice("file:".length);
  for (const _ of [1, 2]) {
    expect(await run(["export", "tba", "-", ...at(db)])).toMatchObject({ code: 1, err: `bao: ${path}: there is no table 'tba'\n` });
  }
  const absent = join(scratch.path, "absent.db");
  expect(await run(["export", "tab", "-", ...at(`file:${absent}`)])).toMatchObject({ code: 1, err: `bao: ${absent}: there is no such file\n` });
  expect(existsSync(absent)).toBe(false);
  for (const command of ["export", "import"]) {
    expect(await run([command, "tab", file, ...at("memory:")])).toMatchObject({ code: 1, err: expect.stringContaining("memory:") });
  }
});

test("nothing is replaced without being asked for", async () => {
  await createItemTable(client);
  await fill(client, "a", 2);
  writeFileSync(file, "mine\n");
  for (const input of ["", "n\n", "no\n"]) {
    expect(await run(["export", "items", file, ...at()], { input })).toMatchObject({ code: 1, err: expect.stringContaining("was left as it is") });
  }
  expect(readFileSync(file, "utf8")).toBe("mine\n");
  expect((await run(["export", "items", file, ...at()], { input: "y\n" })).code).toBe(0);
  writeFileSync(file, "mine\n");
  expect((await run(["export", "items", file, "--yes", ...at()])).code).toBe(0);

  const before = await everything(client);
  writeFileSync(file, '{"Item":{"pk":{"S":"a"},"sk":{"S":"000"}}}\n');
  expect(await run(["import", "items", file, ...at()], { input: "n\n" })).toMatchObject({ code: 1, err: expect.stringContaining("was left as it is") });
  expect(await run(["import", "items", "-", ...at()], { input: readFileSync(file, "utf8") })).toMatchObject({
    code: 1,
    err: expect.stringContaining("--yes is needed"),
  });
  expect(await everything(client)).toEqual(before);
  expect((await run(["import", "items", file, ...at()], { input: "y\n" })).code).toBe(0);
  expect((await everything(client))[0]).toEqual(key("a", "000"));
});

const bad: [string, string, string][] = [
  ["no JSON", "nonsense", "unexpected byte at offset 0"],
  ["another shape", '{"Keys":{}}', 'there is no "Item"'],
  ["a value without a type", '{"Item":{"pk":5}}', "unexpected byte at offset 14"],
  ["an item without its key", '{"Item":{"pk":{"S":"x"}}}', "The provided key element does not match the schema"],
  ["a number that is none", '{"Item":{"pk":{"S":"x"},"sk":{"S":"0"},"n":{"N":"1e999"}}}', "invalid number at offset 49"],
];
test.each(bad)("%s: the line is named, and what stands before it is imported", async (_, line, cause) => {
  await createItemTable(client);
  writeFileSync(file, `${lines(37)}\n${line}\n${lines(1)}`);
  const ended = await run(["import", "items", file, "--parallel", "1", ...at()]);
  expect(ended).toMatchObject({ code: 1, out: "" });
  expect(ended.err.split("\n")).toEqual([expect.stringMatching(`^bao: ${file}:39: `), "bao: 37 items were imported before that", ""]);
  expect(ended.err).toContain(cause);
  expect(await everything(client)).toHaveLength(37);
});

test("one key twice in a batch: the later line wins", async () => {
  await createItemTable(client);
  const twice = lines(5, ',"v":{"N":"1"}') + lines(5, ',"v":{"N":"2"}');
  expect(await run(["import", "items", "-", ...at()], { input: twice })).toMatchObject({ code: 0, err: "" });
  expect((await everything(client)).map((item) => item.v)).toEqual(Array(5).fill({ N: "2" }));
});

test.each(["SIGINT", "SIGTERM"] as const)("%s in the middle of an export leaves no file behind", async (signal) => {
  const slow = await startFaultyBao([{ fault: "latency", operation: "Scan", delayMs: 600_000 }]);
  await createItemTable(slow.client());
  const running = start(["export", "items", file, ...at(slow.endpoint)]);
  await expect.poll(() => readdirSync(scratch.path), { timeout: 20_000 }).toHaveLength(1);
  // The guard stands a moment after the file does.
  await new Promise((resolve) => setTimeout(resolve, 200));
  running.child.kill(signal);
  expect(await running.ended).toMatchObject({ code: null, signal });
  expect(readdirSync(scratch.path)).toEqual([]);
  await slow.stop();
});

test.each(["SIGINT", "SIGTERM"] as const)("%s in the middle of an import says what was imported", async (signal) => {
  const slow = await startFaultyBao([{ fault: "latency", operation: "BatchWriteItem", delayMs: 600_000, skip: 2 }]);
  await createItemTable(slow.client());
  writeFileSync(file, lines(200));
  const running = start(["import", "items", file, "--parallel", "1", ...at(slow.endpoint)]);
  // The third batch is written, and its answer does not come.
  await expect.poll(async () => (await everything(slow.client())).length, { timeout: 20_000 }).toBe(75);
  await new Promise((resolve) => setTimeout(resolve, 200));
  running.child.kill(signal);
  expect(await running.ended).toMatchObject({ code: null, signal, out: "", err: "bao: interrupted\nbao: 50 items were imported before that\n" });
  await slow.stop();
});

test("Ctrl+C ends an import that waits for its input", async () => {
  await createItemTable(client);
  const running = start(["import", "items", "-", ...at()], { keepOpen: true });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  running.child.kill("SIGINT");
  const ended = await running.ended;
  expect(ended.code !== 0 && ended.err.startsWith("bao: ")).toBe(true);
  expect(ended.err).toContain("interrupted");
});

test("failures leave no file behind, and exit with 1; wrong usage exits with 2", async () => {
  const missing = await run(["export", "nowhere", file, ...at()]);
  expect(missing).toMatchObject({ code: 1, out: "", err: expect.stringContaining("Requested resource not found") });
  expect(readdirSync(scratch.path)).toEqual([]);
  expect(await run(["import", "nowhere", file, ...at()])).toMatchObject({ code: 1, err: expect.stringContaining(`${file}: cannot be read`) });
  writeFileSync(file, '{"Item":{"id":{"S":"a"}}}\n');
  // Not the line's fault.
  expect(await run(["import", "nowhere", file, "--yes", ...at()])).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^bao: (?!.*jsonl:1)[^]*Requested resource not found/) });
  const usages = [["export", "items"], ["import"], ["export", "items", file, "--segments", "0"], ["import", "items", file, "--parallel", "x"]];
  for (const usage of usages) expect(await run([...usage, ...at()]), usage.join(" ")).toMatchObject({ code: 2, out: "" });
});
