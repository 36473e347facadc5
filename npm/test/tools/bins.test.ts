/** The commands as their users start them: the package's bin files, over dist/ as `npm run build` leaves it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { copyDefinitions, npmFolder, repository, temporaryFolder } from "./support.js";

interface Outcome {
  code: number;
  out: string;
  err: string;
}

const environment = { PATH: process.env["PATH"], AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

function run(folder: string, bin: string, args: string[] = [], input = "", more: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const path = join(npmFolder, "bin", `${bin}.js`);
    const options = { cwd: folder, env: { ...environment, ...more }, timeout: 15_000 };
    const child = execFile(process.execPath, [path, ...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin?.end(input);
  });
}

function project(golden?: string): string {
  const folder = temporaryFolder();
  if (golden !== undefined) copyDefinitions(golden, folder);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(npmFolder, join(folder, "node_modules/dynamo-bao"));
  return folder;
}

const { bin: bins, version } = JSON.parse(readFileSync(join(npmFolder, "package.json"), "utf8")) as {
  bin: Record<string, string>;
  version: string;
};

describe.each(Object.keys(bins))("%s", (name) => {
  it("tells about itself", async () => {
    const folder = temporaryFolder();
    const help = await run(folder, name, ["--help"]);
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toContain(`${name} `);
    expect(await run(folder, name, ["--version"])).toEqual({ code: 0, err: "", out: `${name} ${version}\n` });
  });

  it("ends with 2 for arguments that it does not know", async () => {
    const folder = temporaryFolder();
    const outcome = await run(folder, name, ["--nonsense"]);
    expect(outcome).toEqual({ code: 2, out: "", err: `${name}: Unknown option '--nonsense'\n${name}: see \`${name} --help\`\n` });
    const many = await run(folder, name, ["a", "b", "c"]);
    expect(many.code).toBe(2);
    expect(many.err).toMatch(/^.*the argument '[abc]' is one too many\n/);
  });
});

describe("arguments", () => {
  // A script's "$TABLE" where nothing is set is not an argument that was left out.
  it.each([
    ["bao-create-table", "name", [""]],
    ["bao-update-table", "name", [""]],
    ["bao-delete", "name", ["", "--yes"]],
    ["bao-delete", "--endpoint", ["my-table", "--yes", "--endpoint", ""]],
    ["bao-create-table", "--region", ["my-table", "--region="]],
    ["bao-rebuild-search-text", "model", [""]],
    ["bao-rebuild-search-text", "--table", ["Note", "--table", ""]],
    ["bao-rebuild-search-text", "--tenant", ["Note", "--tenant="]],
    ["bao-codegen", "definitions", [""]],
    ["bao-watch", "output", ["models.yaml", ""]],
    ["bao-local", "--host", ["--host", ""]],
    ["bao-local", "--allow-origin", ["--allow-origin="]],
  ] as const)("%s: an empty %s is refused", async (name, argument, args) => {
    const outcome = await run(project(), name, [...args], "\n", { TABLE_NAME: "the-default", DYNAMO_BAO_ENDPOINT: "memory:" });
    expect(outcome).toEqual({ code: 2, out: "", err: `${name}: ${argument} must not be empty\n${name}: see \`${name} --help\`\n` });
  });
});

describe("bao-codegen", () => {
  it("generates what the program can use, by import and by require", async () => {
    const folder = project("blog");
    expect(await run(folder, "bao-codegen", ["models.yaml", "./models"])).toEqual({
      code: 0,
      err: "",
      out: "./models: 14 written, 0 unchanged, 0 removed\n",
    });
  });

  it("ends with 1 and every mistake", async () => {
    const folder = project();
    writeFileSync(join(folder, "models.yaml"), "models:\n  A: 5\n  B: 6\n");
    const { code, err } = await run(folder, "bao-codegen");
    expect(code).toBe(1);
    expect(err).toBe(
      "models.yaml:2: A: the model must be a map, not '5'\nmodels.yaml:3: B: the model must be a map, not '6'\n" +
        "bao-codegen: nothing was written\n",
    );
  });

  it("ends with 2 for a language that there is not", async () => {
    const { code, err } = await run(project("guide"), "bao-codegen", ["--lang", "perl"]);
    expect(code).toBe(2);
    expect(err).toContain("--lang must be js or ts or cpp, not 'perl'");
  });

  it("reads the configuration that DYNAMO_BAO_CONFIG names", async () => {
    const folder = project("guide");
    writeFileSync(join(folder, "other.mjs"), "export default { paths: { modelsDir: 'here' }, codegen: { moduleSystem: 'esm' } };");
    const outcome = await run(folder, "bao-codegen", [], "", { DYNAMO_BAO_CONFIG: "other.mjs" });
    expect(outcome.out).toBe("here: 8 written, 0 unchanged, 0 removed\n");
    expect(outcome.err).toContain("bao-codegen: note: the nearest package.json");
    const missing = await run(folder, "bao-codegen", [], "", { DYNAMO_BAO_CONFIG: "none.mjs" });
    expect(missing.code).toBe(1);
    expect(missing.err).toContain("none.mjs: there is no such file");
  });
});

describe("bao-init", () => {
  it("writes a project whose models generate", async () => {
    const folder = project();
    const outcome = await run(folder, "bao-init", ["--yes"]);
    expect(outcome).toMatchObject({ code: 0, err: "" });
    expect(outcome.out).toContain("wrote models.yaml\nwrote dynamo-bao.config.js\nwrote .env.example\n");
    expect((await run(folder, "bao-codegen")).out).toBe("models: 8 written, 0 unchanged, 0 removed\n");
  });

  it("asks, and leaves what is there", async () => {
    const folder = project("guide");
    const before = readFileSync(join(folder, "models.yaml"), "utf8");
    const outcome = await run(folder, "bao-init", [], "my-table\n");
    // The second question meets the end of the input.
    expect(outcome).toMatchObject({ code: 1, err: "bao-init: nothing was written: there was no answer (--yes takes the defaults)\n" });
    expect((await run(folder, "bao-init", ["--yes"])).out).toContain("models.yaml is there already");
    expect(readFileSync(join(folder, "models.yaml"), "utf8")).toBe(before);
  });
});

describe("tables", () => {
  const memory = ["my-table", "--endpoint", "memory:"];

  it("are created, updated and deleted", async () => {
    const engine = spawn(join(repository, "tests/peers/start"), ["dynoxide"], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [port] = (await once(engine.stdout, "data")) as [Buffer];
      const table = ["my-table", "--endpoint", `http://127.0.0.1:${port.toString().trim()}`];
      const folder = project();
      const created = await run(folder, "bao-create-table", table);
      expect(created).toMatchObject({ code: 0, err: "" });
      expect(created.out).toMatch(/enabling TTL\ntable 'my-table' created\n$/);
      const again = await run(folder, "bao-create-table", table);
      expect(again).toMatchObject({ code: 1, err: "bao-create-table: table 'my-table' exists already\n" });
      const searchable = await run(folder, "bao-update-table", [...table, "--search"]);
      expect(searchable).toMatchObject({ code: 0, err: "" });
      expect(searchable.out).toContain("added index iter_search_index\n");
      expect((await run(folder, "bao-delete", [...table, "--yes"])).out).toMatch(/table 'my-table' deleted\n$/);
      const gone = await run(folder, "bao-update-table", table);
      expect(gone.code).toBe(1);
      expect(gone.err.split("\n").length).toBeLessThanOrEqual(3);
    } finally {
      engine.kill();
      await once(engine, "exit");
    }
  }, 60_000);

  it("get the texts that searches look into", async () => {
    const engine = spawn(join(repository, "tests/peers/start"), ["dynoxide"], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [port] = (await once(engine.stdout, "data")) as [Buffer];
      const folder = project();
      const yaml = (more: string) =>
        `models:\n  Note:\n    modelPrefix: n\n    iterable: true\n${more}    fields: {id: {type: StringField}, text: {type: StringField}}\n    primaryKey: {partitionKey: id}\n`;
      const endpoint = `http://127.0.0.1:${port.toString().trim()}`;
      writeFileSync(join(folder, "package.json"), '{"type": "module"}');
      writeFileSync(
        join(folder, "dynamo-bao.config.js"),
        `export default { aws: { endpoint: "${endpoint}", region: "us-west-2" }, db: { tableName: "notes", iterationIndexName: "iter_search_index" }, paths: { modelsDir: "models" } };`,
      );
      const program = (work: string) =>
        writeFileSync(join(folder, "work.js"), `import config from "./dynamo-bao.config.js"; import { initModels } from "dynamo-bao";\nconst { Note } = initModels(config).models;\n${work}\n`);
      const node = (): Promise<string> =>
        new Promise((resolve, reject) => execFile(process.execPath, ["work.js"], { cwd: folder, env: environment }, (error, out) => (error ? reject(error) : resolve(out))));
      expect(await run(folder, "bao-create-table", [])).toMatchObject({ code: 0, err: "" });
      writeFileSync(join(folder, "models.yaml"), yaml(""));
      expect((await run(folder, "bao-codegen")).code).toBe(0);
      program('await Promise.all(["a", "b", "c"].map((id) => Note.create({ id, text: "Some Words" })));');
      await node();
      expect(await run(folder, "bao-rebuild-search-text", ["Note"])).toMatchObject({ code: 1, err: "bao-rebuild-search-text: the model 'Note' is not searchable\n" });
      writeFileSync(join(folder, "models.yaml"), yaml("    searchable: {fields: [text]}\n"));
      expect((await run(folder, "bao-codegen")).code).toBe(0);
      program('console.log((await Note.searchAll("words")).items.length);');
      expect(await node()).toBe("0\n");
      expect(await run(folder, "bao-rebuild-search-text", ["Note"])).toEqual({ code: 0, err: "", out: "3 items of 'Note' rebuilt\n" });
      expect(await node()).toBe("3\n");
      // One item with a field that cannot be read does not keep the others from it.
      const counted = (type: string, indexes: string) =>
        writeFileSync(join(folder, "models.yaml"), yaml("    searchable: {fields: [text]}\n").replace("text: {type: StringField}", `text: {type: StringField}, count: {type: ${type}}`) + indexes);
      counted("StringField", "");
      expect((await run(folder, "bao-codegen")).code).toBe(0);
      program('await Note.update("b", { count: "many" });');
      await node();
      counted("IntegerField", "");
      expect((await run(folder, "bao-codegen")).code).toBe(0);
      expect(await run(folder, "bao-rebuild-search-text", ["Note", "--segments", "1"])).toEqual({
        code: 1,
        err: expect.stringMatching(/^b: .*count.*many.*\nbao-rebuild-search-text: 1 items of 'Note' failed: see above\n$/),
        out: "2 items of 'Note' rebuilt\n",
      });
      expect((await run(folder, "bao-rebuild-search-text", [])).code).toBe(2);
      expect((await run(folder, "bao-rebuild-search-text", ["Nobody"])).err).toBe("bao-rebuild-search-text: there is no model 'Nobody'\n");
      expect((await run(folder, "bao-rebuild-search-text", ["Note", "--segments", "0"])).code).toBe(2);
    } finally {
      engine.kill();
      await once(engine, "exit");
    }
  }, 60_000);

  it("get the index of searchable models, and iteration moves to it", async () => {
    const engine = spawn(join(repository, "tests/peers/start"), ["dynoxide"], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [port] = (await once(engine.stdout, "data")) as [Buffer];
      const folder = project();
      const endpoint = `http://127.0.0.1:${port.toString().trim()}`;
      writeFileSync(join(folder, "package.json"), '{"type": "module"}');
      const use = (index: string, searchable: string): Promise<Outcome> => {
        writeFileSync(
          join(folder, "dynamo-bao.config.js"),
          `export default { aws: { endpoint: "${endpoint}", region: "us-west-2" }, db: { tableName: "notes", iterationIndexName: "${index}" }, paths: { modelDefinitionsPath: "models.yaml", modelsDir: "models" } };`,
        );
        const fields = "    fields: {id: {type: StringField}, text: {type: StringField}}\n    primaryKey: {partitionKey: id}\n";
        writeFileSync(join(folder, "models.yaml"), `models:\n  Note:\n    modelPrefix: n\n    iterable: true\n${searchable}${fields}`);
        return run(folder, "bao-codegen");
      };
      const node = (work: string): Promise<string> => {
        const start = 'import config from "./dynamo-bao.config.js"; import { initModels } from "dynamo-bao";\nconst { Note } = initModels(config).models;\n';
        writeFileSync(join(folder, "work.js"), `${start}let seen = 0;\nconst count = async () => { for await (const batch of Note.iterateAll()) seen += batch.length; console.log(seen); };\n${work}\n`);
        return new Promise((resolve) => execFile(process.execPath, ["work.js"], { cwd: folder, env: environment }, (_, out, err) => resolve(out + err)));
      };
      expect((await use("iter_index", "")).code).toBe(0);
      expect(await run(folder, "bao-create-table", [])).toMatchObject({ code: 0, err: "" });
      expect(await node('for (const id of ["a", "b", "c"]) await Note.create({ id, text: "Words" }); await count();')).toBe("3\n");
      // The model becomes searchable: update-table adds the index over the items that are there, nothing else.
      expect((await use("iter_index", "    searchable: {fields: [text]}\n")).code).toBe(0);
      expect((await run(folder, "bao-update-table", [])).out).toContain("added index iter_search_index\n");
      expect((await run(folder, "bao-update-table", [])).out).not.toContain("added index");
      expect(await node('await Note.create({ id: "d", text: "Words" }); await count();')).toBe("4\n");
      expect((await use("iter_search_index", "    searchable: {fields: [text]}\n")).code).toBe(0);
      expect(await node("await count();")).toBe("4\n");
      expect(await run(folder, "bao-rebuild-search-text", ["Note"])).toMatchObject({ code: 0, err: "" });
      expect(await node('console.log((await Note.searchAll("words")).items.length);')).toBe("4\n");
      expect((await use("iter_index", "    searchable: {fields: [text]}\n")).code).toBe(0);
      expect(await node("await count();")).toBe("4\n");
      writeFileSync(join(folder, "models.yaml"), "models: [\n");
      expect(await run(folder, "bao-update-table", [])).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^bao-update-table: models.yaml:\d+: .*\n$/) });
    } finally {
      engine.kill();
      await once(engine, "exit");
    }
  }, 60_000);

  it("are deleted only by who types their name", async () => {
    const folder = project();
    for (const answer of ["", "y\n", "other\n"]) {
      const outcome = await run(folder, "bao-delete", memory, answer);
      expect(outcome).toMatchObject({ code: 1, err: "bao-delete: table 'my-table' was not deleted\n" });
    }
    expect((await run(folder, "bao-delete", memory, "my-table\n")).code).toBe(0);
  });

  it("have to be named", async () => {
    const outcome = await run(project(), "bao-create-table", ["--endpoint", "memory:"]);
    expect(outcome.code).toBe(2);
    expect(outcome.err).toContain("bao-create-table: the name of the table is missing\n");
    // An embedded engine begins with the table that it is asked for.
    const named = await run(project(), "bao-create-table", ["--endpoint", "memory:"], "", { TABLE_NAME: "from-environment" });
    expect(named.err).toBe("bao-create-table: table 'from-environment' exists already\n");
  });

  it("fail in a line or two", async () => {
    const outcome = await run(project(), "bao-create-table", ["my-table", "--endpoint", "nonsense"]);
    expect(outcome.code).toBe(1);
    expect(outcome.err.split("\n").length).toBeLessThanOrEqual(3);
    expect(outcome.err).toMatch(/^bao-create-table: .*endpoint/);
  });
});

describe("bao-watch", () => {
  /** Resolves once what the process printed so far matches. */
  function printed(child: ChildProcess, pattern: RegExp): Promise<void> {
    let text = "";
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${pattern} in: ${text}`)), 10_000);
      const look = (chunk: Buffer) => {
        text += chunk.toString();
        if (!pattern.test(text)) return;
        clearTimeout(timer);
        child.stdout?.off("data", look);
        child.stderr?.off("data", look);
        resolve();
      };
      child.stdout?.on("data", look);
      child.stderr?.on("data", look);
    });
  }

  it("generates after each change, and goes on after mistakes", async () => {
    const folder = project("guide");
    const definitions = join(folder, "models.yaml");
    const right = readFileSync(definitions, "utf8");
    const child = spawn(process.execPath, [join(npmFolder, "bin/bao-watch.js")], { cwd: folder, env: environment });
    try {
      await printed(child, /8 written[^]*watching models.yaml/);
      const broken = printed(child, /models.yaml:1: .*\nbao-watch: nothing was written/);
      writeFileSync(definitions, "models: 5\n");
      await broken;
      const again = printed(child, /2 written, 6 unchanged/);
      writeFileSync(definitions, right.replace('modelPrefix: "u"', "modelPrefix: v"));
      await again;
    } finally {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      expect(await ended).toBe(0);
    }
    expect(readFileSync(join(folder, "models/user.js"), "utf8")).toContain('modelPrefix = "v"');
  });
});
