// Makes dist/:   node scripts/build.mjs [folder of bao.wasm and tools.wasm]
//
// Node gets one CommonJS file, which its ES module wrapper re-exports; Workers and browsers get one ES module each,
// which bundlers give to `import` and `require` alike. So there is one instance of the package in a program.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
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

const wasm = wasmPath("bao.wasm");
const toolsWasm = wasmPath("tools.wasm");
const common = { bundle: true, target: "es2022", logLevel: "warning", legalComments: "none", minifySyntax: true };

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
    plugin.onResolve({ filter: /\.wasm\?bytes$/ }, () => ({ path: wasm, namespace: "bytes" }));
    plugin.onLoad({ filter: /.*/, namespace: "bytes" }, () => ({ contents: readFileSync(wasm), loader: "binary" }));
  },
};

async function main() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, "tools"), { recursive: true });
  cpSync(toolsWasm, join(dist, "tools", "tools.wasm"));
  cpSync(wasm, join(dist, "bao.wasm"));
  const packed = brotliCompressSync(readFileSync(wasm)).toString("base64");
  writeFileSync(
    join(dist, "bao.wasm.cjs"),
    `"use strict";\nmodule.exports = require("node:zlib").brotliDecompressSync(Buffer.from("${packed}", "base64"));\n`,
  );
  const entry = (name) => [join(src, "entry", `${name}.ts`)];
  await Promise.all([
    build({ ...common, entryPoints: entry("node"), outfile: join(dist, "node.cjs"), format: "cjs", platform: "node", external: ["./bao.wasm.cjs"] }),
    build({
      ...common,
      entryPoints: entry("workerd"),
      outfile: join(dist, "workerd.js"),
      format: "esm",
      platform: "neutral",
      external: ["./bao.wasm", "cloudflare:workers", "node:async_hooks"],
    }),
    build({ ...common, entryPoints: entry("browser"), outfile: join(dist, "browser.js"), format: "esm", platform: "neutral", plugins: [wasmBytes] }),
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
