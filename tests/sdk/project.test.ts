/** A project from `bao init` to its table: what bao.yaml says stands where the arguments say nothing. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { scratchFolder, startBao } from "./support/bao.ts";
import { bao, startCommand } from "./support/command.ts";

let scratch: ReturnType<typeof scratchFolder>;
let cwd: string;

beforeEach(() => {
  scratch = scratchFolder();
  cwd = scratch.path;
});
afterEach(() => scratch.remove());

test("init, codegen, create-table, delete-table", async () => {
  const server = await startBao();
  expect(await bao(["init"], { cwd, input: "notes\neu-west-1\n" })).toMatchObject({ code: 0, err: "" });
  const config = join(cwd, "bao.yaml");
  writeFileSync(config, readFileSync(config, "utf8").replace("aws:\n", `aws:\n  endpoint: ${server.endpoint}\n`));
  expect(await bao(["codegen"], { cwd })).toMatchObject({ code: 0, err: "" });
  expect(existsSync(join(cwd, "models/post.hpp"))).toBe(true);
  expect(await bao(["codegen", "models.yaml", "js", "--lang", "js"], { cwd })).toMatchObject({ code: 0 });
  expect(existsSync(join(cwd, "js/post.js"))).toBe(true);
  expect(await bao(["create-table"], { cwd })).toMatchObject({ code: 0, err: "" });
  const described = await server.client().send(new DescribeTableCommand({ TableName: "notes" }));
  expect(described.Table?.GlobalSecondaryIndexes).toHaveLength(6);
  expect(await bao(["delete-table", "other", "--yes"], { cwd })).toMatchObject({ code: 1, err: expect.stringContaining("table 'other' does not exist") });
  expect(await bao(["delete-table"], { cwd, input: "notes\n" })).toMatchObject({ code: 0, err: "" });
  await server.stop();
});

test("codegen runs into one folder at once, and over no file of the user's", async () => {
  await bao(["init", "--yes"], { cwd });
  const codegen = ["codegen", "models.yaml", "models", "--lang", "ts"];
  for (let round = 0; round < 5; ++round) {
    rmSync(join(cwd, "models"), { recursive: true, force: true });
    for (const ended of await Promise.all(Array.from({ length: 4 }, () => bao(codegen, { cwd })))) expect(ended).toMatchObject({ code: 0, err: "" });
    expect(readdirSync(join(cwd, "models")).sort()).toEqual(["index.ts", "post.ts", "user.ts"]);
  }
  writeFileSync(join(cwd, "models/index.ts"), "export const mine = 1;\n");
  expect(await bao(codegen, { cwd })).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^bao: models\/index\.ts: there already, and not generated: /) });
  expect(readFileSync(join(cwd, "models/index.ts"), "utf8")).toBe("export const mine = 1;\n");
});

test("a mistake in bao.yaml is told with its line, but --help and init work", async () => {
  writeFileSync(join(cwd, "bao.yaml"), "codegen:\n  language: perl\n");
  expect(await bao(["codegen"], { cwd })).toMatchObject({
    code: 1,
    out: "",
    err: "bao: bao.yaml:2: codegen.language must be cpp or js or ts, not 'perl'\n",
  });
  expect((await bao(["--help"], { cwd })).code).toBe(0);
  expect((await bao(["init", "--yes"], { cwd })).out).toContain("bao.yaml is there already");
  expect(await bao(["create-table"], { cwd })).toMatchObject({ code: 2 });
});

test.each(["SIGINT", "SIGTERM"] as const)("watch generates what bao.yaml says, and ends with 0 on %s", async (signal) => {
  await bao(["init", "--yes"], { cwd });
  const { child, ended } = startCommand(["watch"], { cwd });
  const post = join(cwd, "models/post.hpp");
  await expect.poll(() => existsSync(post), { timeout: 20_000 }).toBe(true);
  const models = join(cwd, "models.yaml");
  writeFileSync(`${models}.new`, readFileSync(models, "utf8").replaceAll("title:", "headline:"));
  renameSync(`${models}.new`, models);
  await expect.poll(() => readFileSync(post, "utf8"), { timeout: 20_000 }).toContain("headline");
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 0, err: "", out: expect.stringContaining("watching models.yaml; Ctrl+C ends it\n") });
});

const commands = ["init", "create-table", "update-table", "delete-table", "codegen", "watch", "rebuild-search-text", "fsck", "export", "import", "local"];

test("--version and --help tell about the program, and each command about itself", async () => {
  const version = await bao(["--version"], { cwd });
  expect(version).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^bao \d+\.\d+\.\d+\n$/) });
  const help = await bao(["--help"], { cwd });
  expect(help).toMatchObject({ code: 0, err: "" });
  for (const command of commands) {
    expect(help.out).toMatch(new RegExp(`^ +${command} `, "m"));
    const own = await bao([command, "--help"], { cwd });
    expect(own, command).toMatchObject({ code: 0, err: "", out: expect.stringContaining("--help") });
  }
});

test("wrong usage exits with 2, says what is wrong in two lines, and does nothing", async () => {
  const wrong: [string[], string][] = [
    [[], "A subcommand is required"],
    [["nonsense"], "there is no command 'nonsense'"],
    [["--nonsense"], "A subcommand is required"],
    ...commands.map((command): [string[], string] => [[command, "--nonsense"], ""]),
    [["create-table"], "name is required"],
    [["rebuild-search-text", "--table", "notes"], "model is required"],
    [["codegen", "--lang", "perl"], "perl"],
    [["local", "--port", "65536"], "--port"],
    [["local", "--sync", "never"], "--sync"],
  ];
  for (const [args, complaint] of wrong) {
    const ended = await bao(args, { cwd });
    expect(ended, args.join(" ")).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toContain(complaint);
    expect(ended.err.split("\n"), ended.err).toEqual([expect.stringMatching(/^bao: /), "bao: see `bao --help`", ""]);
  }
  expect(readdirSync(cwd)).toEqual([]);
});

test("what destroys asks, and without an answer does nothing", async () => {
  const server = await startBao();
  const at = ["--endpoint", server.endpoint];
  expect((await bao(["create-table", "notes", ...at], { cwd })).code).toBe(0);
  for (const input of ["", "\n", "y\n", "yes\n", "other\n"]) {
    expect(await bao(["delete-table", "notes", ...at], { cwd, input })).toMatchObject({ code: 1, err: "bao: table 'notes' was not deleted\n" });
  }
  expect(await bao(["create-table", "notes", ...at], { cwd })).toMatchObject({ code: 1, err: "bao: table 'notes' exists already\n" });
  expect((await bao(["delete-table", "notes", ...at, "--yes"], { cwd })).code).toBe(0);
  expect(await bao(["update-table", "notes", ...at], { cwd })).toMatchObject({ code: 1, err: "bao: table 'notes' does not exist\n" });
  await server.stop();
});

test("a searchable model brings the index that it needs; update-table adds it, and iteration may move to it", async () => {
  const server = await startBao();
  const at = ["--endpoint", server.endpoint];
  const indexes = async (TableName: string) => {
    const described = await server.client().send(new DescribeTableCommand({ TableName }));
    return described.Table!.GlobalSecondaryIndexes!.map((index) => index.IndexName).sort();
  };
  const define = (more: string) =>
    writeFileSync(
      join(cwd, "models.yaml"),
      `models:\n  Note:\n    modelPrefix: n\n    iterable: true\n${more}    fields: {id: {type: StringField}, text: {type: StringField}}\n    primaryKey: {partitionKey: id}\n`,
    );
  const plain = ["gsi1", "gsi2", "gsi3", "gsi4", "gsi5", "iter_index"];
  writeFileSync(join(cwd, "bao.yaml"), "paths:\n  modelDefinitionsPath: models.yaml\n");
  define("");
  expect((await bao(["create-table", "notes", ...at], { cwd })).code).toBe(0);
  expect(await indexes("notes")).toEqual(plain);
  define("    searchable: {fields: [text]}\n");
  expect((await bao(["create-table", "other", ...at], { cwd })).code).toBe(0);
  expect(await indexes("other")).toEqual([...plain, "iter_search_index"]);
  expect(await bao(["update-table", "notes", ...at], { cwd })).toMatchObject({ code: 0, err: "", out: expect.stringContaining("added index iter_search_index\n") });
  expect(await indexes("notes")).toEqual([...plain, "iter_search_index"]);
  const again = await bao(["update-table", "notes", ...at], { cwd });
  expect(again).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/table 'notes' up to date\n$/) });
  expect(again.out).not.toContain("added index");
  writeFileSync(join(cwd, "models.yaml"), "models: 5\n");
  expect(await bao(["create-table", "third", ...at], { cwd })).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^models.yaml:1: .*\nbao: nothing was changed\n$/) });
  await server.stop();
});
