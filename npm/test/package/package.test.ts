/** The packed package in projects of its users. Needs dist/: `npm run build` (`npm test` does that first). */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
let scratch: string;
let project: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "bao-package-"));
  project = join(scratch, "project");
  mkdirSync(project);
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", scratch], { cwd: root });
  const packed: { filename: string }[] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  write("package.json", '{"name": "user", "private": true}');
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", join(scratch, packed[0]!.filename)], { cwd: project });
}, 120_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(project, name);
  writeFileSync(path, text);
  return path;
}

async function output(file: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, [file], { cwd: project });
  return JSON.parse(stdout);
}

const commonJsModel = `
  const { BaoModel, PrimaryKeyConfig, fields } = require("dynamo-bao");
  class User extends BaoModel {
    static modelPrefix = "u";
    static fields = { userId: fields.UlidField({ autoAssign: true }), name: fields.StringField({ required: true }) };
    static primaryKey = PrimaryKeyConfig("userId");
  }
  module.exports = { User };
`;

const findInMemory = `
  initModels({ models: { User }, aws: { endpoint: "memory:" } });
  const { userId } = await User.create({ name: "Ann" });
  const [one, two] = await runWithBatchContext(() => Promise.all([User.find(userId), User.find(userId)]));
`;

describe("in Node", () => {
  it("import and require give one instance, and a find works", async () => {
    write("user.cjs", commonJsModel);
    const file = write(
      "main.mjs",
      `import { BaoModel, initModels, runWithBatchContext } from "dynamo-bao";
       import { createRequire } from "node:module";
       const { User } = createRequire(import.meta.url)("./user.cjs");
       ${findInMemory}
       console.log(JSON.stringify([Object.getPrototypeOf(User) === BaoModel, one === two, one.name]));`,
    );
    expect(await output(file)).toEqual([true, true, "Ann"]);
  });

  it.each([
    ["README.md", "Ann false\n"],
    ["npm/README.md", expect.stringMatching(/^\[\{.*"title":"Hello".*\}\] Ann\n$/)],
  ])("the first program of %s runs", async (readme, printed) => {
    const program = /```js[^\n]*\n(.*?)```/s.exec(readFileSync(join(root, "..", readme), "utf8"))?.[1];
    const { stdout } = await run(process.execPath, [write("readme.mjs", program ?? "")], { cwd: project });
    expect(stdout).toEqual(printed);
  });

  it("CommonJS alone works", async () => {
    write("user.cjs", commonJsModel);
    const file = write(
      "main.cjs",
      `const { initModels, runWithBatchContext } = require("dynamo-bao");
       const { User } = require("./user.cjs");
       (async () => { ${findInMemory} console.log(JSON.stringify([one === two, one.name])); })();`,
    );
    expect(await output(file)).toEqual([true, "Ann"]);
  });

  it("a program exits when its work is done", async () => {
    // Kept connections and timers must not hold the process: `output` would time out.
    const file = write("exit.mjs", 'import { initModels } from "dynamo-bao"; initModels({ models: {}, aws: { endpoint: "memory:" } }); console.log("1");');
    expect(await output(file)).toBe(1);
  });

  it("the older package's paths give the same classes, with keys in format 1", async () => {
    const file = write(
      "paths.mjs",
      `import { createRequire } from "node:module";
       import * as main from "dynamo-bao";
       const require = createRequire(import.meta.url);
       const checks = {};
       for (const name of ["model", "model-config", "fields", "constants", "exceptions", "tenant-context", "model-manager"]) {
         const imported = await import(\`dynamo-bao/src/\${name}.js\`);
         const required = require(\`dynamo-bao/src/\${name}.js\`);
         checks[name] = Object.keys(required).every((key) => required[key] === imported[key]);
       }
       const { BaoModel } = await import("dynamo-bao/src/model.js");
       const { StringField } = await import("dynamo-bao/src/fields.js");
       console.log(JSON.stringify([checks, BaoModel.prototype instanceof main.BaoModel, BaoModel.keyFormat, StringField === main.fields.StringField]));`,
    );
    const [checks, ...rest] = (await output(file)) as [Record<string, boolean>, ...unknown[]];
    expect(Object.values(checks)).toEqual(Array(7).fill(true));
    expect(rest).toEqual([true, 1, true]);
  });

  it("a program that a bundler made one file of finds its WebAssembly", async () => {
    write("user.cjs", commonJsModel);
    const main = write(
      "bundled.mjs",
      `import { initModels, runWithBatchContext } from "dynamo-bao"; import { User } from "./user.cjs";
       (async () => { ${findInMemory} console.log(JSON.stringify([one === two, one.name])); })();`,
    );
    const outfile = join(scratch, "elsewhere", "bundle.cjs");
    await build({ entryPoints: [main], bundle: true, platform: "node", format: "cjs", outfile });
    expect(await output(outfile)).toEqual([true, "Ann"]);
  });
});

describe("in bundles", () => {
  it("for browsers, import and require give one instance, and a find works", async () => {
    write("user.cjs", commonJsModel);
    const main = write(
      "browser.mjs",
      `import { BaoModel, initModels, runWithBatchContext } from "dynamo-bao"; import { User } from "./user.cjs";
       import { StringField } from "dynamo-bao/src/fields.js"; import { fields } from "dynamo-bao";
       const warn = console.warn; console.warn = () => {};
       ${findInMemory}
       console.log(JSON.stringify([Object.getPrototypeOf(User) === BaoModel, one.name, StringField === fields.StringField]));`,
    );
    const outfile = join(scratch, "elsewhere", "browser.mjs");
    await build({ entryPoints: [main], bundle: true, platform: "browser", format: "esm", outfile });
    expect(await output(outfile)).toEqual([true, "Ann", true]);
  });

  it("for Workers, there is one copy, with the module imported statically and nothing of Node's", async () => {
    write("user.cjs", commonJsModel);
    const main = write("worker.mjs", 'import { initModels } from "dynamo-bao"; import { User } from "./user.cjs"; export default { initModels, User };');
    const result = await build({
      entryPoints: [main],
      bundle: true,
      write: false,
      format: "esm",
      conditions: ["workerd", "worker", "browser"],
      external: ["*.wasm", "cloudflare:workers"],
      metafile: true,
    });
    const inputs = Object.keys(result.metafile.inputs).filter((path) => path.includes("dynamo-bao/dist"));
    expect(inputs.map((path) => path.slice(path.lastIndexOf("/") + 1))).toEqual(["workerd.js"]);
    expect(result.outputFiles[0]!.text).not.toMatch(/from "node:/);
  });
});

describe("types", () => {
  const source = `
    import { BaoModel, fields, initModels, PrimaryKeyConfig, type Values } from "dynamo-bao";
    import { StringField } from "dynamo-bao/src/fields.js";
    interface User extends Values<typeof User.fields> {}
    class User extends BaoModel {
      static modelPrefix = "u";
      static fields = { userId: fields.UlidField({ autoAssign: true }), name: StringField({ required: true }) };
      static primaryKey = PrimaryKeyConfig("userId");
    }
    export async function main(): Promise<string> {
      initModels({ models: { User } });
      return (await User.create({ name: "Ann" })).name;
    }
  `;

  it.each([
    ["user.mts", "nodenext"],
    ["user.cts", "nodenext"],
    ["user.ts", "bundler"],
  ])("serve %s (%s)", async (name, resolution) => {
    const file = write(name, source);
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const module = resolution === "bundler" ? "esnext" : "nodenext";
    const options = ["--noEmit", "--strict", "--target", "es2022", "--module", module, "--moduleResolution", resolution, "--types", ""];
    await run(process.execPath, [tsc, ...options, file], { cwd: project }).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
  });
});

it("holds what it says, and names no place of the machine that made it", () => {
  const manifest = JSON.parse(readFileSync(join(project, "node_modules", "dynamo-bao", "package.json"), "utf8")) as { dependencies: object };
  expect(Object.keys(manifest.dependencies)).toEqual(["yaml"]);
  for (const file of ["LICENSE", "THIRD-PARTY-NOTICES.md", "README.md", "dist/bao.wasm", "dist/bao-worker.wasm", "dist/bao-engine.wasm", "dist/node.cjs", "dist/workerd.js", "dist/browser.js"]) {
    const text = readFileSync(join(project, "node_modules", "dynamo-bao", file), "latin1");
    expect(text.length).toBeGreaterThan(500);
    expect(text).not.toContain(root);
  }
});
