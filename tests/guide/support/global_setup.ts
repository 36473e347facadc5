/**
 * Installs the package once, as a user does: from the tarball that `npm pack` makes, into an empty project. The
 * projects that the tests make lie below it, so that they find it in node_modules.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    scratch: string;
  }
}

const root = join(import.meta.dirname, "../../..");

/** BAO_TARBALL names one that was packed before; without it npm/ is packed, which must have been built. */
function tarball(scratch: string): string {
  const given = process.env.BAO_TARBALL;
  if (given !== undefined) return given;
  const npm = join(root, "npm");
  if (!existsSync(join(npm, "dist"))) throw new Error("npm/dist is missing: build the package first (npm run build in npm/)");
  execFileSync("npm", ["pack", "--silent", "--pack-destination", scratch], { cwd: npm, stdio: ["ignore", "pipe", "inherit"] });
  const packed = readdirSync(scratch).find((name) => name.endsWith(".tgz"));
  if (packed === undefined) throw new Error("npm pack left no tarball");
  return join(scratch, packed);
}

export default function setup(project: TestProject): () => void {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "bao-guide-")));
  writeFileSync(join(scratch, "package.json"), '{"name": "scratch", "private": true}\n');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball(scratch)], { cwd: scratch, stdio: ["ignore", "pipe", "pipe"] });
  project.provide("scratch", scratch);
  return () => rmSync(scratch, { recursive: true, force: true });
}
