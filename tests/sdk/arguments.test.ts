/**
 * Folders where files are meant are named. Empty arguments, as scripts give them where a variable is not set: none is taken for one that was left out.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { scratchFolder, startBao } from "./support/bao.ts";
import { bao } from "./support/command.ts";

let scratch: ReturnType<typeof scratchFolder>;
let cwd: string;

beforeEach(() => {
  scratch = scratchFolder();
  cwd = scratch.path;
});
afterEach(() => scratch.remove());

const refused = (name: string) => ({ code: 2, out: "", err: `bao: ${name} must not be empty\nbao: see \`bao --help\`\n` });

test("an empty table name is neither the default table's nor the configured one's", async () => {
  const server = await startBao();
  const endpoint = ["--endpoint", server.endpoint];
  for (const name of ["dynamo-bao-dev", "notes"]) expect(await bao(["create-table", name, ...endpoint], { cwd })).toMatchObject({ code: 0 });
  writeFileSync(join(cwd, "bao.yaml"), `aws:\n  endpoint: ${server.endpoint}\ndb:\n  tableName: notes\n`);
  writeFileSync(join(cwd, "items.jsonl"), '{"Item":{"_pk":{"S":"a"},"_sk":{"S":"b"}}}\n');
  for (const command of ["create-table", "update-table", "delete-table"]) {
    expect(await bao([command, ""], { cwd, input: "\n" })).toMatchObject(refused("name"));
  }
  expect(await bao(["import", "", "items.jsonl"], { cwd })).toMatchObject(refused("table"));
  expect(await bao(["export", "", "copy.jsonl"], { cwd })).toMatchObject(refused("table"));
  expect(await bao(["fsck", "--table", ""], { cwd })).toMatchObject(refused("--table"));
  expect(await bao(["rebuild-search-text", "Note", "--table", ""], { cwd })).toMatchObject(refused("--table"));
  expect((await server.client().send(new ListTablesCommand({}))).TableNames).toEqual(["dynamo-bao-dev", "notes"]);
  expect(readdirSync(cwd).sort()).toEqual(["bao.yaml", "items.jsonl"]);
  await server.stop();
});

test.each([
  ["create-table", "notes", "--endpoint"],
  ["create-table", "notes", "--region"],
  ["create-table", "notes", "--models"],
  ["rebuild-search-text", "Note", "--table", "notes", "--tenant"],
  ["fsck", "--table", "notes", "--state"],
  ["codegen", "--fields-include"],
  ["codegen", "--lang"],
  ["local", "--host"],
  ["local", "--port"],
  ["local", "--db"],
  ["local", "--faults"],
  ["local", "--allow-origin"],
])("%s %s %s %s: an option is not empty, however it is written", async (...args) => {
  const line = args.filter((each) => each !== undefined);
  const name = line.at(-1)!;
  expect(await bao([...line, ""], { cwd })).toMatchObject(refused(name));
  // What comes next is not its value.
  expect(await bao([...line.slice(0, -1), `${name}=`, "notes.db"], { cwd })).toMatchObject(refused(name));
  expect(existsSync(join(cwd, "notes.db"))).toBe(false);
});

test("the folders of codegen are not empty", async () => {
  expect(await bao(["codegen", ""], { cwd })).toMatchObject(refused("definitions"));
  expect(await bao(["watch", "models.yaml", ""], { cwd })).toMatchObject(refused("output"));
});

test("a folder where a file is meant is named", async () => {
  writeFileSync(join(cwd, "models.yaml"), "models:\n  A:\n    modelPrefix: a\n    fields: {id: {type: StringField}}\n    primaryKey: {partitionKey: id}\n");
  mkdirSync(join(cwd, "folder"));
  mkdirSync(join(cwd, "models/a.hpp"), { recursive: true });
  const file = ["--endpoint", "file:notes.db"];
  expect(await bao(["create-table", "notes", ...file], { cwd })).toMatchObject({ code: 0 });
  for (const [args, name] of [
    [["codegen"], "models/a.hpp"],
    [["local", "--port", "0", "--faults", "folder"], "folder"],
    [["fsck", "--table", "notes", "--state", "folder", ...file], "folder"],
    [["import", "notes", "folder", "--yes", ...file], "folder"],
  ] as const) {
    expect(await bao([...args], { cwd })).toMatchObject({ code: 1, out: "", err: `bao: ${name}: cannot be read: it is a folder\n` });
  }
  mkdirSync(join(cwd, "bao.yaml"));
  expect(await bao(["codegen"], { cwd })).toMatchObject({ code: 1, err: "bao: bao.yaml: cannot be read: it is a folder\n" });
});

test("--help tells of the table's default where there is one", async () => {
  const table = async (command: string) => /^.*The table\b.*$/m.exec((await bao([command, "--help"], { cwd })).out)?.[0];
  expect(await table("create-table")).toMatch(/REQUIRED +The table *$/);
  expect(await table("fsck")).toMatch(/REQUIRED +The table *$/);
  writeFileSync(join(cwd, "bao.yaml"), "db: {tableName: notes}\n");
  expect(await table("create-table")).toMatch(/name TEXT +The table; default: notes, as bao\.yaml says/);
});

test("a port that there is not is told with those that there are", async () => {
  for (const port of ["99999", "-1", "x"]) {
    const ended = await bao(["local", `--port=${port}`], { cwd });
    expect(ended).toMatchObject({ code: 2, out: "", err: expect.stringMatching(new RegExp(`--port: .*${port} not in range.* 0 .*65535`)) });
  }
});

test("what was to be printed and could not is a failure", async () => {
  const failed = { code: 1, err: "bao: standard output: cannot be written: No space left on device\n" };
  expect(await bao(["create-table", "notes", "--endpoint", `file:${join(cwd, "db")}`], { cwd, outTo: "/dev/full" })).toMatchObject(failed);
  expect(await bao(["init", "--yes"], { cwd, outTo: "/dev/full" })).toMatchObject(failed);
  expect(await bao(["codegen"], { cwd, outTo: "/dev/full" })).toMatchObject(failed);
});
