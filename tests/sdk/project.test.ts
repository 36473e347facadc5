/** A project from `bao init` to its table: what bao.yaml says stands where the arguments say nothing. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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
