import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { provideToolsModule } from "../../src/tools/module.js";

export const npmFolder = fileURLToPath(new URL("../..", import.meta.url));
export const repository = join(npmFolder, "..");
/** As scripts/build.mjs finds it. */
function toolsModule(): string {
  const given = process.env["BAO_WASM_DIR"];
  const folders = given ? [given] : ["wasm-release", "wasm"].map((preset) => join(repository, "build", preset));
  const found = folders.map((folder) => join(folder, "tools.wasm")).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no tools.wasm in ${folders.join(" or ")}`);
  return found;
}

provideToolsModule(() => new Uint8Array(readFileSync(toolsModule())));

export const goldens = join(repository, "tests/goldens");

const folders: string[] = [];
// Here and not where a folder is made: a hook that a running test adds would not run.
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bao-tools-"));
  folders.push(folder);
  return folder;
}

/** The definitions of a golden, as models.yaml in a folder. */
export function copyDefinitions(golden: string, folder: string): void {
  cpSync(join(goldens, "cpp", golden, "models.yaml"), join(folder, "models.yaml"));
}
