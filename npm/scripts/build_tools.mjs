// Makes what the bins run, dist/bin:   node scripts/build_tools.mjs [path of tools.wasm]
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

export function toolsWasmPath(given = process.env.BAO_TOOLS_WASM) {
  const places = given ? [given] : ["wasm-release", "wasm"].map((preset) => join(root, "..", "build", preset, "tools.wasm"));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`no WebAssembly module at ${places.join(" or ")}: build the CMake target bao_wasm_tools first`);
  return found;
}

export async function buildTools(given) {
  const wasm = toolsWasmPath(given);
  const out = join(root, "dist", "bin");
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: [join(root, "src", "tools", "index.ts")],
    outfile: join(out, "index.js"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    packages: "external",
    legalComments: "none",
    logLevel: "warning",
  });
  copyFileSync(wasm, join(out, "tools.wasm"));
}

if (process.argv[1] !== undefined && pathToFileURL(resolve(process.argv[1])).href === import.meta.url) {
  await buildTools(process.argv[2]);
}
