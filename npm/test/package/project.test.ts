/** A project in Node as its user sets it up: the configuration's files, `.env`, MODELS_DIR. Needs dist/ (npm run build). */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { goldens, npmFolder, temporaryFolder } from "../tools/support.js";

const run = promisify(execFile);
const bin = (name: string): string => join(npmFolder, "bin", `${name}.js`);

function project(type: "commonjs" | "module" = "commonjs"): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(npmFolder, join(folder, "node_modules/dynamo-bao"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
  writeFileSync(join(folder, "models.yaml"), readFileSync(join(goldens, "cpp/custom_fields/models.yaml")));
  cpSync(join(goldens, "cpp/custom_fields/fields"), join(folder, "my fields"), { recursive: true });
  return folder;
}

it("dynamo-bao.config.js, .mjs and .cjs are found, and their fieldsDir serves the code generator", async () => {
  const settings = '{ paths: { modelsDir: "out/models", fieldsDir: "my fields" } }';
  for (const [name, text] of [
    ["dynamo-bao.config.js", `module.exports = ${settings};`],
    ["dynamo-bao.config.mjs", `export default ${settings};`],
    ["dynamo-bao.config.cjs", `module.exports = ${settings};`],
  ] as const) {
    const folder = project();
    writeFileSync(join(folder, name), text);
    const { stdout } = await run(process.execPath, [bin("bao-codegen")], { cwd: folder });
    expect([name, stdout]).toEqual([name, "out/models: 8 written, 0 unchanged, 0 removed\n"]);
    expect(readFileSync(join(folder, "out/models/account.js"), "utf8")).toContain('require("../../my fields/email-field.js")');
  }
});

it("a .env file is the environment's where that says nothing: the table, the endpoint, MODELS_DIR", async () => {
  const folder = project();
  writeFileSync(join(folder, "dynamo-bao.config.js"), 'module.exports = { paths: { fieldsDir: "my fields" } };');
  await run(process.execPath, [bin("bao-codegen")], { cwd: folder });
  writeFileSync(join(folder, ".env"), 'DYNAMO_BAO_ENDPOINT="memory:"\nTABLE_NAME=from-file\nMODELS_DIR=./models # here\n');
  writeFileSync(
    join(folder, "program.cjs"),
    `const { initModels } = require("dynamo-bao");
const manager = initModels(require("./dynamo-bao.config.js"));
const { Money } = require("./my fields/money_field.js");
const { Account } = manager.models;
(async () => {
  const made = await Account.create({ email: "Ann@x.com", balance: new Money(5) });
  const found = await Account.find(made.id);
  console.log(manager.tableName, found.email, found.balance.cents, found.getConsumedCapacity()[0]?.TableName ?? manager.tableName);
})();
`,
  );
  const bare = { PATH: process.env["PATH"] };
  expect((await run(process.execPath, ["program.cjs"], { cwd: folder, env: bare })).stdout).toBe("from-file ann@x.com 5 from-file\n");
  expect((await run(process.execPath, ["program.cjs"], { cwd: folder, env: { ...bare, TABLE_NAME: "from-shell" } })).stdout).toMatch(/^from-shell /);
  rmSync(join(folder, ".env"));
  await expect(run(process.execPath, ["program.cjs"], { cwd: folder, env: bare })).rejects.toMatchObject({ stderr: expect.stringContaining("No models") });
});
