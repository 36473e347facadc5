/**
 * Builds what the bins need, dist/tools: `node scripts/build_tools.mjs [tools.wasm]`. By default the module is the one
 * that the preset wasm-release built.
 */
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const npm = join(dirname(fileURLToPath(import.meta.url)), "..");
const defaultModule = join(npm, "../build/wasm-release/src/wasm_tools/tools.wasm");

export async function buildTools(wasm = defaultModule) {
  if (!existsSync(wasm)) throw new Error(`${wasm} is missing: build the preset wasm-release first`);
  const out = join(npm, "dist/tools");
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: [join(npm, "src/tools/index.ts")],
    outfile: join(out, "index.js"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    packages: "external",
    legalComments: "none",
  });
  copyFileSync(wasm, join(out, "tools.wasm"));
}

if (process.argv[1] !== undefined && pathToFileURL(resolve(process.argv[1])).href === import.meta.url) {
  await buildTools(process.argv[2]);
}
