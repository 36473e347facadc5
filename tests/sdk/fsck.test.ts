/** `bao fsck` as a process: killed, interrupted and resumed. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bao, type FaultRule, scratchFolder, startBao, startFaultyBao } from "./support/bao.ts";
import { bao as run, type Ended, startCommand as start } from "./support/command.ts";

const models = `models:
  Note:
    modelPrefix: n
    fields: {id: {type: StringField}, text: {type: StringField}, slug: {type: StringField}}
    primaryKey: {partitionKey: id}
    uniqueConstraints: {uniqueSlug: {field: slug, uniqueConstraintId: uc1}}
`;

let scratch: ReturnType<typeof scratchFolder>;
let state: string;
let server: Bao | undefined;

beforeEach(() => {
  scratch = scratchFolder();
  writeFileSync(join(scratch.path, "models.yaml"), models);
  state = join(scratch.path, "state");
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  scratch.remove();
});

/** Forty items of a hundred kilobytes, ten a page; every other one lacks the row that reserves its slug. */
async function fill(client: DynamoDBClient): Promise<void> {
  const text = { S: "x".repeat(100_000) };
  for (let first = 0; first < 40; first += 10) {
    const puts = Array.from({ length: 10 }, (_, index) => {
      const id = `id${first + index}`;
      const item = { _pk: { S: `n#${id}` }, _sk: { S: "n" }, id: { S: id }, text };
      return { PutRequest: { Item: index % 2 === 0 ? item : { ...item, slug: { S: `slug-${id}` } } } };
    });
    await client.send(new BatchWriteItemCommand({ RequestItems: { notes: puts } }));
  }
}

async function startFilled(rules: FaultRule[]): Promise<string[]> {
  server = rules.length === 0 ? await startBao() : await startFaultyBao(rules);
  const at = ["--endpoint", server.endpoint];
  expect(await run(["create-table", "notes", ...at])).toMatchObject({ code: 0 });
  await fill(server.client());
  return ["fsck", "--models", join(scratch.path, "models.yaml"), "--table", "notes", "--segments", "2", ...at];
}

const findings = (ended: Ended) => ended.out.split("\n").filter((line) => line.startsWith("Note "));
const summary = (ended: Ended) => ended.out.trimEnd().split("\n").at(-1);
const slow: FaultRule[] = [{ fault: "latency", operation: "Scan", delayMs: 1_100 }];

/** Runs it until its state holds pages that were checked, then ends it. */
async function endInTheMiddle(command: string[], signal: NodeJS.Signals): Promise<Ended> {
  const { child, ended } = start([...command, "--state", state]);
  const hasCome = () => existsSync(state) && readFileSync(state, "utf8").includes('"next"');
  await expect.poll(hasCome, { timeout: 20_000, interval: 50 }).toBe(true);
  child.kill(signal);
  return ended;
}

test("findings that cannot be told end it, and are found again", async () => {
  const command = [...(await startFilled([])), "--state", state];
  const said = "bao: standard output: cannot be written: No space left on device\n";
  const lost = await run(command, { outTo: "/dev/full" });
  expect(lost).toMatchObject({ code: 1, err: expect.stringContaining(said) });
  const again = await run(command);
  expect(again).toMatchObject({ code: 1, err: "" });
  expect(findings(again)).toHaveLength(20);
  // Repairs that were done are still no success.
  expect(await run([...command, "--repair", "--yes"], { outTo: "/dev/full" })).toMatchObject({ code: 1, err: expect.stringContaining(said) });
});

test("killed in the middle and started again, it finds what an uninterrupted run finds", async () => {
  const command = await startFilled(slow);
  const whole = await run(command);
  expect(whole.code).toBe(1);
  expect(findings(whole)).toHaveLength(20);
  const killed = await endInTheMiddle(command, "SIGKILL");
  expect(killed).toMatchObject({ code: null, signal: "SIGKILL" });
  expect(findings(killed).length).toBeGreaterThan(0);
  expect(findings(killed).length).toBeLessThan(20);
  const resumed = await run([...command, "--state", state]);
  expect(resumed).toMatchObject({ code: 1, err: "" });
  // Nothing is left out, what was checked is not checked again, and the counts are of both runs.
  expect(new Set([...findings(killed), ...findings(resumed)])).toEqual(new Set(findings(whole)));
  expect(findings(resumed).length).toBeLessThan(20);
  expect(summary(resumed)).toBe(summary(whole));
  expect(existsSync(state)).toBe(false);
}, 60_000);

test("killed in the middle of repairs and started again, it leaves nothing to find", async () => {
  const command = await startFilled(slow);
  await endInTheMiddle([...command, "--repair", "--yes"], "SIGKILL");
  const other = await run([...command, "--state", state]);
  expect(other).toMatchObject({ code: 1, out: "", err: expect.stringContaining(`${state}: it was begun with --repair\n`) });
  expect(await run([...command, "--repair", "--yes", "--state", state])).toMatchObject({ code: 0, err: "" });
  expect(await run(command)).toMatchObject({ code: 0, out: expect.stringContaining("40 items and 20 unique rows checked: 0 findings") });
}, 60_000);

test.each(["SIGINT", "SIGTERM"] as const)("%s ends it at once, with what was done so far said", async (signal) => {
  const command = await startFilled([{ fault: "latency", operation: "Scan", delayMs: 600_000, skip: 3 }]);
  const ended = await endInTheMiddle(command, signal);
  expect(ended).toMatchObject({ code: null, signal });
  expect(ended.err).toBe(`bao: interrupted\nbao: run it again to go on from ${state}\n`);
  expect(summary(ended)).toMatch(/^\d+ items and 0 unique rows checked: \d+ findings \(/);
  expect(Number(/: (\d+) findings/.exec(summary(ended)!)![1])).toBe(findings(ended).length);
}, 60_000);

test("repairs are asked for, and without an answer nothing is changed", async () => {
  const command = await startFilled([]);
  for (const input of ["", "n\n", "no\n"]) {
    const asked = await run([...command, "--repair"], { input });
    expect(asked).toMatchObject({ code: 1, out: "", err: "Repair what can be, in table 'notes'? [y/N] bao: nothing was changed\n" });
  }
  const moving = await run([...command, "--repair", "--move-keys"]);
  expect(moving.err).toContain("and move items to their models' key format, in table 'notes'?");
  expect(await run([...command, "--move-keys"])).toMatchObject({ code: 2, err: expect.stringContaining("--move-keys requires --repair") });
  expect((await run(command)).code).toBe(1);
  expect((await run([...command, "--repair"], { input: "y\n" })).code).toBe(0);
  expect((await run(command)).code).toBe(0);
});

test("failures are told in a line or two, wrong usage exits with 2", async () => {
  const command = await startFilled([]);
  const elsewhere = ["fsck", "--models", join(scratch.path, "none.yaml"), "--table", "notes", ...command.slice(-2)];
  expect(await run(elsewhere)).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/none.yaml: there is no such file or folder\nbao: nothing was checked\n$/) });
  const missing = await run([...command.map((word) => (word === "notes" ? "nowhere" : word)), "--state", state]);
  expect(missing).toMatchObject({ code: 1, out: "", err: "bao: table 'nowhere' does not exist\n" });
  expect(existsSync(state)).toBe(false);
  for (const wrong of [["fsck"], [...command, "more"], [...command, "--segments", "65"]]) {
    expect(await run(wrong), wrong.join(" ")).toMatchObject({ code: 2, out: "" });
  }
});
