// How long a Worker's first use of the package takes in workerd: initModels, and the first find beyond what a
// later one takes, against a server that finds nothing; `instance` is the part of initModels that makes the module's instance.
// Each round has an isolate of its own. workerd's clock counts whole milliseconds, whose edges fall anywhere: the mean of many
// rounds is what one takes, and is finer than the clock.   node start_time.mjs TARBALL [ROUNDS]
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Miniflare } from "miniflare";

const [tarball, rounds = "60"] = process.argv.slice(2);
if (tarball === undefined) {
  console.error("start_time: usage: node start_time.mjs TARBALL [ROUNDS]");
  process.exit(2);
}

const server = createServer((incoming, outgoing) => {
  incoming.resume();
  incoming.on("end", () => outgoing.end("{}"));
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const endpoint = `http://127.0.0.1:${server.address().port}`;

const worker = `
import { BaoModel, PrimaryKeyConfig, fields, initModels } from "dynamo-bao";
class User extends BaoModel {
  static modelPrefix = "u";
  static fields = { userId: fields.StringField({ required: true }), name: fields.StringField() };
  static primaryKey = PrimaryKeyConfig("userId");
}
export default {
  async fetch() {
    await (await fetch("${endpoint}", { method: "POST", body: "{}" })).text(); // workerd's own first request is not the package's
    const Instance = WebAssembly.Instance;
    let instance = 0;
    WebAssembly.Instance = function (module, imports) {
      const before = performance.now();
      const made = new Instance(module, imports);
      instance += performance.now() - before;
      return made;
    };
    const times = [performance.now()];
    initModels({ models: { User }, aws: { region: "us-west-2", endpoint: "${endpoint}", credentials: { accessKeyId: "a", secretAccessKey: "b" } }, db: { tableName: "t" } });
    times.push(performance.now());
    for (let n = 0; n < 3; ++n) {
      await User.find("somebody");
      times.push(performance.now());
    }
    return Response.json([instance, ...times.slice(1).map((time, n) => time - times[n])]);
  },
};`;

const project = mkdtempSync(join(tmpdir(), "bao-start-"));
try {
  writeFileSync(join(project, "package.json"), '{"name": "start", "private": true}');
  writeFileSync(join(project, "worker.js"), worker);
  writeFileSync(join(project, "wrangler.toml"), 'name = "start"\nmain = "worker.js"\ncompatibility_date = "2024-01-01"\n');
  const options = { cwd: project, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false" } };
  execFileSync("npm", ["install", "--no-audit", "--no-fund", resolve(tarball)], options);
  execFileSync(process.execPath, [join(import.meta.dirname, "node_modules/wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--minify", "--outdir", "out"], options);
  const out = join(project, "out");
  const modules = readdirSync(out)
    .filter((name) => /\.(js|wasm)$/.test(name))
    .sort((a, b) => Number(b.endsWith(".js")) - Number(a.endsWith(".js")))
    .map((name) => ({ type: name.endsWith(".js") ? "ESModule" : "CompiledWasm", path: join(out, name) }));
  const starts = [];
  for (let round = 0; round < Number(rounds); ++round) {
    const miniflare = new Miniflare({ modules, modulesRoot: out, compatibilityDate: "2024-01-01" });
    const [instance, init, first, , later] = await (await miniflare.dispatchFetch("http://localhost/")).json();
    await miniflare.dispose();
    starts.push({ instance, init, first: first - later, sum: init + first - later });
  }
  for (const what of ["instance", "init", "first", "sum"]) {
    const sorted = starts.map((start) => start[what]).sort((a, b) => a - b);
    const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
    console.log(`${what}: mean ${mean.toFixed(2)} ms, median ${sorted[sorted.length >> 1].toFixed(0)} ms, worst ${sorted.at(-1).toFixed(0)} ms`);
  }
} finally {
  server.close();
  server.closeAllConnections();
  rmSync(project, { recursive: true, force: true });
}
