import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codegenOptions, moduleSystemWarning, runCodegen } from "../../src/tools/codegen.js";
import type { ToolConfig } from "../../src/tools/config.js";
import { loadConfig } from "../../src/tools/config.js";
import { Failure } from "../../src/tools/failure.js";
import { BaoModel } from "../support/node.js";
import { copyDefinitions, goldens, temporaryFolder } from "./support.js";

function filesBelow(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(folder.length + 1)] = readFileSync(path, "utf8");
  }
  return files;
}

/** A project with a golden's definitions and this package.json. */
function project(golden: string, packageJson: object = {}): string {
  const folder = temporaryFolder();
  copyDefinitions(golden, folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify(packageJson));
  return folder;
}

function options(folder: string, config: ToolConfig = {}, language?: "js" | "ts" | "cpp") {
  return codegenOptions(config, { definitions: join(folder, "models.yaml"), output: join(folder, "models"), language });
}

describe("goldens", () => {
  const golden = readdirSync(join(goldens, "commonjs")).map((name) => ["commonjs", name] as const);
  const others = ["esm", "ts"].flatMap((form) => readdirSync(join(goldens, form)).map((name) => [form, name] as const));
  it.each([...golden, ...others] as const)("%s/%s", (form, name) => {
    const all = temporaryFolder();
    const folder = join(all, form, name);
    mkdirSync(folder, { recursive: true });
    copyDefinitions(name, folder);
    writeFileSync(join(folder, "package.json"), form === "esm" ? '{"type": "module"}' : "{}");
    const fields = join("cpp", name, "fields");
    const config: ToolConfig = {};
    if (existsSync(join(goldens, fields))) {
      cpSync(join(goldens, fields), join(all, fields), { recursive: true });
      config.paths = { fieldsDir: join(all, fields) };
    }
    runCodegen(options(folder, config, form === "ts" ? "ts" : "js"));
    const generated = filesBelow(folder);
    delete generated["models.yaml"];
    delete generated["package.json"];
    expect(generated).toEqual(filesBelow(join(goldens, form, name)));
  });

  it.each(["blog", "guide", "names", "field_types"])("cpp/%s", (name) => {
    const folder = project(name);
    runCodegen(options(folder, {}, "cpp"));
    expect(filesBelow(join(folder, "models"))).toEqual(filesBelow(join(goldens, "cpp", name, "models")));
  });
});

describe("custom fields", () => {
  it("without a file are refused, with the file that is missing, and so is a folder that is not there", () => {
    const folder = project("custom_fields");
    mkdirSync(join(folder, "fields"));
    const config = { paths: { fieldsDir: join(folder, "fields") } };
    expect(() => runCodegen(options(folder, config))).toThrow("Account.email: unknown field type 'EmailField'");
    writeFileSync(join(folder, "fields/email-field.js"), "");
    expect(() => runCodegen(options(folder, config))).toThrow(
      "Account.balance: the custom field type 'MoneyField' has no file: paths.fieldsDir of the configuration is the folder that has money-field.js",
    );
    expect(() => runCodegen(options(folder, { paths: { fieldsDir: join(folder, "nowhere") } }))).toThrow("nowhere: the folder cannot be read");
    expect(existsSync(join(folder, "models"))).toBe(false);
  });
});

describe("names of fields", () => {
  it("that every instance has already are refused, as when a class is registered", () => {
    const names = [BaoModel.prototype, Object.prototype].flatMap(Object.getOwnPropertyNames).filter((name) => !name.startsWith("_"));
    expect(names).toEqual(expect.arrayContaining(["isLoaded", "save", "hasOwnProperty", "constructor"]));
    const folder = temporaryFolder();
    for (const name of names) {
      const lines = ["models:", "  M:", "    modelPrefix: m", "    fields:", "      id: {type: StringField}", `      ${name}: {type: StringField}`, "    primaryKey: {partitionKey: id}"];
      writeFileSync(join(folder, "models.yaml"), lines.join("\n"));
      expect(() => runCodegen(options(folder)), name).toThrow(new RegExp(`models.yaml:6: M.${name}: (in JavaScript every instance has a member|the name is taken by a method of every model instance)`));
    }
    expect(existsSync(join(folder, "models"))).toBe(false);
  });
});

describe("files", () => {
  it("are not touched where they are equal", () => {
    const folder = project("guide");
    runCodegen(options(folder));
    const file = join(folder, "models/user.js");
    utimesSync(file, 1000, 1000);
    expect(runCodegen(options(folder))).toEqual({ written: 0, unchanged: 8, removed: 0 });
    expect(statSync(file).mtimeMs).toBe(1_000_000);
  });

  it("of models that are gone are removed, and those of others stay", () => {
    const folder = project("blog");
    runCodegen(options(folder));
    writeFileSync(join(folder, "models/mine.js"), "// mine\n");
    copyDefinitions("guide", folder);
    expect(runCodegen(options(folder)).removed).toBe(6);
    expect(readdirSync(join(folder, "models")).sort()).toEqual(["index.d.ts", "index.js", "mine.js", "post.d.ts", "post.js", "user.d.ts", "user.js"]);
  });

  it("that the user wrote are not replaced, and then nothing is written", () => {
    const folder = project("guide");
    mkdirSync(join(folder, "models"));
    writeFileSync(join(folder, "models/index.ts"), "export const mine = 1;\n");
    writeFileSync(join(folder, "models/user.ts"), "class User {}\n");
    const before = filesBelow(folder);
    expect(() => runCodegen(options(folder, {}, "ts"))).toThrow(
      `${join(folder, "models/index.ts")}, ${join(folder, "models/user.ts")}: there already, and not generated: move it, or generate into another folder (nothing was written)`,
    );
    expect(filesBelow(folder)).toEqual(before);
    // The manifest, which lies elsewhere.
    mkdirSync(join(folder, ".bao"));
    writeFileSync(join(folder, ".bao/models.js"), "module.exports = {};\n");
    expect(() => runCodegen(options(folder))).toThrow(/\.bao\/models\.js: there already, and not generated/);
    expect(existsSync(join(folder, "models/user.js"))).toBe(false);
  });

  it("that hold nothing of the user's are replaced: empty ones, version 0.4's, and ours with other line ends", () => {
    const folder = project("guide");
    runCodegen(options(folder));
    const right = filesBelow(folder);
    writeFileSync(join(folder, "models/user.js"), "// * * *\n// DO NOT EDIT: Generated by model-codegen \n// * * *\nold\n");
    writeFileSync(join(folder, ".bao/models.js"), "// THIS FILE IS AUTO-GENERATED by dynamo-bao codegen.\nold\n");
    writeFileSync(join(folder, "models/index.js"), "");
    writeFileSync(join(folder, "models/post.js"), `${right["models/post.js"]!.replaceAll("\n", "\r\n")}`);
    expect(runCodegen(options(folder))).toEqual({ written: 4, unchanged: 4, removed: 0 });
    expect(filesBelow(folder)).toEqual(right);
  });

  it("that another run is just writing are left to it", () => {
    const folder = project("guide");
    runCodegen(options(folder));
    const text = readFileSync(join(folder, "models/user.js"));
    writeFileSync(join(folder, "models/user.js.new4711"), text);
    writeFileSync(join(folder, "models/user.js.new"), text);
    expect(runCodegen(options(folder))).toEqual({ written: 0, unchanged: 8, removed: 1 });
    expect(existsSync(join(folder, "models/user.js.new4711"))).toBe(true);
  });

  it("that a killed run had begun are removed, from both folders", () => {
    const folder = project("guide");
    runCodegen(options(folder));
    const text = readFileSync(join(folder, "models/user.js"), "utf8");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const old = Date.now() / 1000 - 60;
    const put = (name: string, content: string, at?: number): string => {
      writeFileSync(join(folder, name), content);
      if (at !== undefined) utimesSync(join(folder, name), at, at);
      return join(folder, name);
    };
    const gone = [put(`models/user.js.new${dead}`, text, old), put(`models/post.js.new${dead}`, text.slice(0, 5), old), put(`.bao/models.js.new${dead}`, "", old)];
    const left = [
      put(`models/tag.js.new${process.ppid}`, text, old),
      put(`models/a.js.new${dead}`, text),
      put(`models/b.js.new${dead}`, "mine", old),
      put("models/c.js.new99999999999999999999", text, old),
    ];
    expect(runCodegen(options(folder))).toEqual({ written: 0, unchanged: 8, removed: 0 });
    expect(gone.filter((path) => existsSync(path))).toEqual([]);
    expect(left.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("of the manifest in another language are removed where they import what is gone", () => {
    const folder = project("guide");
    const manifests = () => readdirSync(join(folder, ".bao")).sort();
    runCodegen(options(folder));
    expect(runCodegen(options(folder, {}, "ts"))).toEqual({ written: 4, unchanged: 0, removed: 8 });
    expect(manifests()).toEqual(["models.ts"]);
    expect(runCodegen(options(folder))).toEqual({ written: 8, unchanged: 0, removed: 4 });
    expect(manifests()).toEqual(["models.d.ts", "models.js"]);
    // One that imports from another folder is that one's, and one of the user's is the user's.
    const more = { ...options(folder, {}, "ts"), output: join(folder, "more") };
    runCodegen(more);
    expect(manifests()).toEqual(["models.d.ts", "models.js", "models.ts"]);
    writeFileSync(join(folder, ".bao/models.js"), 'import "../more/user.js";\n');
    runCodegen(more);
    expect(manifests()).toEqual(["models.d.ts", "models.js", "models.ts"]);
  });

  it("of an editor's own, which are hidden, are no definitions", () => {
    const folder = project("guide");
    mkdirSync(join(folder, "definitions"));
    copyDefinitions("guide", join(folder, "definitions"));
    writeFileSync(join(folder, "definitions/.other.yaml"), "no: [yaml");
    symlinkSync("nobody@nowhere.1", join(folder, "definitions/.#models.yaml"));
    expect(runCodegen({ ...options(folder), definitions: join(folder, "definitions") }).written).toBe(8);
  });

  it("stay as they are where the definitions are broken", () => {
    const folder = project("guide");
    runCodegen(options(folder));
    const before = filesBelow(folder);
    const broken = "models:\n  User:\n    modelPrefix: too long\n  Post: 5\n";
    writeFileSync(join(folder, "models.yaml"), broken);
    let failure: Failure | undefined;
    try {
      runCodegen(options(folder));
    } catch (error) {
      failure = error as Failure;
    }
    const lines = failure?.lines as string[];
    // Every mistake at once, each with its place.
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/models\.yaml:[24]: (User|Post): /);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.at(-1)).toBe("nothing was written");
    expect(filesBelow(folder)).toEqual({ ...before, "models.yaml": broken });
  });

  it("stay as they are where one of them cannot be written", () => {
    const folder = project("guide");
    runCodegen(options(folder));
    const before = filesBelow(folder);
    copyDefinitions("blog", folder);
    // A folder where a file is to be.
    mkdirSync(join(folder, "models/tag.js"));
    expect(() => runCodegen(options(folder))).toThrow(`${join(folder, "models/tag.js")}: cannot be read: EISDIR`);
    const after = filesBelow(folder);
    delete after["models.yaml"];
    delete before["models.yaml"];
    expect(after).toEqual(before);
  });

  it("import each other over whatever lies between output and manifest", () => {
    const folder = project("guide");
    const config: ToolConfig = { paths: { generatedModelsManifest: join(folder, "generated/all.js") } };
    runCodegen({ ...options(folder, config), output: join(folder, "src/data models") });
    expect(readFileSync(join(folder, "generated/all.js"), "utf8")).toContain('require("../src/data models/user.js")');
    expect(readdirSync(join(folder, "generated"))).toEqual(["all.d.ts", "all.js"]);
  });
});

describe("options", () => {
  it("follow the nearest package.json, and a warning tells where they do not", () => {
    const folder = project("guide", { type: "module" });
    expect(options(folder).modules).toBe("esm");
    expect(moduleSystemWarning(options(folder))).toBeUndefined();
    const common = options(folder, { codegen: { moduleSystem: "commonjs" } });
    expect(common.modules).toBe("commonjs");
    expect(moduleSystemWarning(common)).toContain('"type": "module"');
    expect(options(project("guide")).modules).toBe("commonjs");
  });

  it("come from the configuration where no argument says otherwise", () => {
    const config: ToolConfig = { paths: { modelDefinitionsPath: "a.yaml", modelsDir: "b" }, codegen: { language: "ts" } };
    expect(codegenOptions(config, {})).toMatchObject({ definitions: "a.yaml", output: "b", language: "ts" });
    expect(codegenOptions(config, { output: "c", language: "js" })).toMatchObject({ definitions: "a.yaml", output: "c", language: "js" });
    expect(codegenOptions({}, {})).toMatchObject({ definitions: "models.yaml", output: "models", language: "js" });
  });
});

describe("configuration files", () => {
  it.each([
    ["dynamo-bao.config.mjs", "export default { db: { tableName: 'here' } };"],
    ["dynamo-bao.config.cjs", "module.exports = { db: { tableName: 'here' } };"],
    ["dynamo-bao.config.js", "module.exports = { db: { tableName: 'here' } };"],
  ])("%s", async (name, text) => {
    const folder = project("guide");
    writeFileSync(join(folder, name), text);
    expect(await loadConfig(folder)).toEqual({ db: { tableName: "here" } });
  });

  it("none is no configuration", async () => {
    expect(await loadConfig(project("guide"))).toEqual({});
  });

  it.each([
    ["export default 5;", /must export an object/],
    ["export default { codegen: { moduleSystem: 'amd' } };", /codegen\.moduleSystem must be "commonjs" or "esm", not "amd"/],
    ["export default { paths: { modelsDir: 5 } };", /paths\.modelsDir must be a string/],
    ["export default {", /dynamo-bao\.config\.mjs: /],
  ])("%s is refused", async (text, message) => {
    const folder = project("guide");
    writeFileSync(join(folder, "dynamo-bao.config.mjs"), text);
    await expect(loadConfig(folder)).rejects.toThrow(message);
  });
});
