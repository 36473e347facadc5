/** Names that mean something to JavaScript or TypeScript are refused with their line, or become code that compiles and loads. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { codegenOptions, runCodegen } from "../../src/tools/codegen.js";
import { npmFolder, repository, temporaryFolder } from "./support.js";

const sections = new Map<string, string[]>();
{
  let heading = "";
  for (const line of readFileSync(join(repository, "tests/names/names.txt"), "utf8").split("\n")) {
    if (line.startsWith("# ")) heading = line.slice(2).split(":")[0]!;
    else if (line !== "") sections.set(heading, [...(sections.get(heading) ?? []), ...line.split(" ")]);
  }
}
const names = (heading: string): string[] => {
  const found = sections.get(heading);
  if (!found) throw new Error(`names.txt has no section '${heading}'`);
  return found;
};
const taken = names("taken");
const refusedFields = [...names("refused"), ...names("refused for fields"), ...names("refused for fields of JavaScript")];

const prefix = (number: number): string => `z${number.toString(36).padStart(3, "0")}`;

const asFields = (some: readonly string[]): string =>
  `models:\n  Host:\n    modelPrefix: h\n    fields:\n      hostId: {type: UlidField}\n${some
    .map((name) => `      ${JSON.stringify(name)}: {type: StringField}\n`)
    .join("")}    primaryKey: {partitionKey: hostId}\n`;

/** Unique, sort key of an index; and as names of indexes and constraints. */
const asKeys = (some: readonly string[]): string =>
  `models:\n  Target:\n    modelPrefix: tgt\n    fields: {targetId: {type: UlidField}}\n    primaryKey: {partitionKey: targetId}\n${some
    .map(
      (name, number) => `  Model${number}:
    modelPrefix: ${prefix(number)}
    fields:
      ofId: {type: RelatedField, model: Target}
      ${name}: {type: StringField}
    primaryKey: {partitionKey: ${name}}
    indexes:
      ${name}: {partitionKey: modelPrefix, sortKey: ${name}, indexId: gsi1}
      ${name}ForTarget: {partitionKey: ofId, sortKey: ${name}, indexId: gsi2}
    uniqueConstraints: {${name}: {field: ${name}, uniqueConstraintId: uc1}}
`,
    )
    .join("")}`;

const asModels = (some: readonly string[]): string =>
  `models:\n${some
    .map(
      (name, number) => `  ${name}:
    modelPrefix: ${prefix(number)}
    fields:
      id: {type: UlidField}
      ownerId: {type: RelatedField, model: ${some[Math.max(number - 1, 0)]}}
      name: {type: StringField}
    primaryKey: {partitionKey: id}
    indexes: {forOwner: {partitionKey: ownerId, sortKey: id, indexId: gsi1}, all: {partitionKey: modelPrefix, sortKey: id, indexId: gsi2}}
    uniqueConstraints: {uniqueName: {field: name, uniqueConstraintId: uc1}}
`,
    )
    .join("")}`;

function generate(folder: string, definitions: string, form: "esm" | "commonjs" | "ts"): void {
  mkdirSync(join(folder, form), { recursive: true });
  writeFileSync(join(folder, form, "package.json"), JSON.stringify({ type: form === "commonjs" ? "commonjs" : "module" }));
  writeFileSync(join(folder, "names.yaml"), definitions);
  const [language, modules] = form === "ts" ? (["ts", "esm"] as const) : (["js", form] as const);
  runCodegen(codegenOptions({}, { definitions: join(folder, "names.yaml"), output: join(folder, form, "models"), language, modules }));
}

const compilerOptions = {
  target: "ES2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  lib: ["ES2023", "DOM"],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noEmit: true,
};

const loads = {
  esm: 'import generated from "./.bao/models.js";\nimport { initModels } from "dynamo-bao";\n',
  commonjs: 'const generated = require("./.bao/models.js");\nconst { initModels } = require("dynamo-bao");\n',
};
const use = `const manager = initModels({ models: generated, aws: { endpoint: "http://127.0.0.1:1" }, db: { tableName: "abc" } });
console.log(manager.getModel(process.argv[2]).name);\n`;

describe("names", () => {
  it("that no field may have are refused with their line", () => {
    let message = "";
    try {
      generate(temporaryFolder(), asFields(refusedFields), "esm");
    } catch (error) {
      message = (error as Error).message;
    }
    for (const [number, name] of refusedFields.entries()) {
      // Those of JavaScript alone are looked at where all else is right.
      if (names("refused for fields of JavaScript").includes(name)) continue;
      expect(message).toContain(`names.yaml:${6 + number}: Host.${name}: `);
    }
    const own = names("refused for fields of JavaScript");
    for (const [number, name] of own.entries()) {
      expect(() => generate(temporaryFolder(), asFields(own), "ts"), name).toThrow(`names.yaml:${6 + number}: Host.${name}: `);
    }
  });

  const models = [...taken, ...names("refused for fields"), ...names("refused for fields of JavaScript")];
  it.each([
    ["fields", asFields(taken), "Host"],
    ["keys", asKeys(taken), "Model0"],
    ["models", asModels(models), "value"],
  ])("of %s become code that compiles and loads", async (_, definitions, model) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(npmFolder, join(folder, "node_modules/dynamo-bao"));
    for (const form of ["esm", "commonjs", "ts"] as const) generate(folder, definitions, form);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*/models/*.ts", "*/.bao/*.ts"] }));
    const run = (arguments_: string[]): Promise<{ stdout: string }> =>
      promisify(execFile)(process.execPath, arguments_).catch((error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr }));
    const tsc = join(npmFolder, "node_modules/typescript/bin/tsc");
    expect((await run([tsc, "-p", folder])).stdout).toBe("");
    for (const form of ["esm", "commonjs"] as const) {
      writeFileSync(join(folder, form, "use.js"), loads[form] + use);
      expect((await run([join(folder, form, "use.js"), model])).stdout).toBe(`${model}\n`);
    }
  }, 120_000);
});
