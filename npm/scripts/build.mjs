// Makes dist/:   node scripts/build.mjs [folder of the .wasm files]
//
// Node gets one CommonJS file, which its ES module wrapper re-exports; Workers and browsers get one ES module each,
// which bundlers give to `import` and `require` alike. So there is one instance of the package in a program.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const src = join(root, "src");
const dist = join(root, "dist");

/** The WebAssembly modules, as CMake leaves them. */
function wasmPath(name) {
  const folder = process.argv[2] ?? process.env.BAO_WASM_DIR;
  const folders = folder ? [folder] : ["wasm-release", "wasm"].map((preset) => join(root, "..", "build", preset));
  const places = folders.flatMap((each) => [join(each, name), join(each, "src", "wasm_tools", name)]);
  const found = places.find((place) => existsSync(place));
  if (found === undefined) {
    console.error(`build: there is no ${name} in ${folders.join(" or ")}: build it with CMake first`);
    process.exit(1);
  }
  return found;
}

/** bao.wasm for Node, bao-worker.wasm for Workers and browsers, bao-engine.wasm where an endpoint is `memory:`. */
const modules = ["bao.wasm", "bao-worker.wasm", "bao-engine.wasm"];
const common = { bundle: true, target: "es2022", logLevel: "warning", legalComments: "none", minifySyntax: true };

/** What Workers and browsers load: small. Errors have their names from errors.ts; wrangler 3 breaks what keepNames makes. */
const edge = { ...common, format: "esm", platform: "neutral", minify: true };

/** The package's main file, seen from its compat files, is a file of its own. */
const mainIs = (file) => ({
  name: "main",
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\.\/index\.js$/ }, ({ importer }) =>
      dirname(importer).endsWith("compat") ? { path: `../${file}`, external: true } : undefined,
    );
  },
});

const wasmBytes = {
  name: "wasm-bytes",
  setup(plugin) {
    plugin.onResolve({ filter: /\.wasm\?bytes$/ }, ({ path }) => ({ path: wasmPath(basename(path, "?bytes")), namespace: "bytes" }));
    plugin.onLoad({ filter: /.*/, namespace: "bytes" }, ({ path }) => ({ contents: readFileSync(path), loader: "binary" }));
  },
};

async function main() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, "tools"), { recursive: true });
  cpSync(wasmPath("tools.wasm"), join(dist, "tools", "tools.wasm"));
  for (const name of modules) cpSync(wasmPath(name), join(dist, name));
  for (const name of ["bao.wasm", "bao-engine.wasm"]) writePacked(name);
  const entry = (name) => [join(src, "entry", `${name}.ts`)];
  await Promise.all([
    build({ ...common, entryPoints: entry("node"), outfile: join(dist, "node.cjs"), format: "cjs", platform: "node", external: ["./bao.wasm.cjs", "./bao-engine.wasm.cjs"] }),
    build({ ...edge, entryPoints: entry("workerd"), outfile: join(dist, "workerd.js"), external: ["./*.wasm", "cloudflare:workers", "node:async_hooks"] }),
    build({ ...edge, entryPoints: entry("browser"), outfile: join(dist, "browser.js"), external: ["./engine_bytes.js"], plugins: [wasmBytes] }),
    build({ ...edge, entryPoints: entry("engine_bytes"), outfile: join(dist, "engine_bytes.js"), plugins: [wasmBytes] }),
    build({ ...edge, entryPoints: entry("memory_worker"), outfile: join(dist, "memory.worker.js"), external: ["./*.wasm", "./workerd.js"] }),
    build({ ...edge, entryPoints: entry("memory_browser"), outfile: join(dist, "memory.browser.js"), external: ["./browser.js", "./engine_bytes.js"] }),
    build({ ...common, entryPoints: [join(src, "memory.ts")], outfile: join(dist, "memory.cjs"), format: "cjs", platform: "node" }),
    build({ ...common, entryPoints: [join(src, "memory.ts")], outfile: join(dist, "memory.mjs"), format: "esm", platform: "node" }),
    build({
      ...common,
      // The bins also run on Node 18.
      target: "node18",
      entryPoints: [join(src, "tools", "index.ts")],
      outfile: join(dist, "tools", "index.js"),
      format: "esm",
      platform: "node",
      external: ["yaml", "dynamo-bao"],
    }),
    ...compatBuilds(),
  ]);
  writeWrapper(join(dist, "node.cjs"));
  for (const name of compatNames()) writeWrapper(join(dist, "compat", `${name}.cjs`));
  writeTypes();
  for (const name of ["LICENSE", "THIRD-PARTY-NOTICES.md"]) cpSync(join(root, "..", name), join(root, name));
}

/** A copy of a module in JavaScript, for bundlers that leave .wasm files behind. */
function writePacked(name) {
  const packed = brotliCompressSync(readFileSync(wasmPath(name))).toString("base64");
  writeFileSync(
    join(dist, `${name}.cjs`),
    `"use strict";\nmodule.exports = require("node:zlib").brotliDecompressSync(Buffer.from("${packed}", "base64"));\n`,
  );
}

const compatNames = () => readdirSync(join(src, "compat")).map((name) => name.replace(/\.ts$/, ""));

function compatBuilds() {
  const entryPoints = compatNames().map((name) => join(src, "compat", `${name}.ts`));
  const outdir = join(dist, "compat");
  const of = (file, extension, format) =>
    build({ ...common, entryPoints, outdir, format, platform: "neutral", outExtension: { ".js": extension }, plugins: [mainIs(file)] });
  return [of("node.cjs", ".cjs", "cjs"), of("workerd.js", ".worker.js", "esm"), of("browser.js", ".browser.js", "esm")];
}

/** An ES module that exports what the CommonJS file does. */
function writeWrapper(file) {
  const names = Object.keys(createRequire(file)(file)).sort();
  const from = file.slice(file.lastIndexOf("/") + 1);
  writeFileSync(file.replace(/\.cjs$/, ".mjs"), `import all from "./${from}";\nexport const { ${names.join(", ")} } = all;\n`);
}

function writeTypes() {
  execFileSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", join(root, "tsconfig.types.json")], { stdio: "inherit" });
  // One set of declarations serves both `import` and `require`: as CommonJS, which either may use.
  writeFileSync(join(dist, "types", "package.json"), '{ "type": "commonjs" }\n');
}

await main();
