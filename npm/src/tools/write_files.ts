import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { Failure } from "./failure.js";
import type { SourceFile } from "./module.js";

export interface WriteSummary {
  written: number;
  unchanged: number;
  /** Generated earlier, by no model now. */
  removed: number;
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function startsWith(path: string, banner: Buffer): boolean {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(banner.length);
    return readSync(file, start, 0, start.length, 0) === banner.length && start.equals(banner);
  } finally {
    closeSync(file);
  }
}

function removeOthers(folder: string, kept: ReadonlySet<string>, banner: string): number {
  let removed = 0;
  const start = Buffer.from(banner);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = normalize(join(folder, entry.name));
    if (!entry.isFile() || kept.has(path) || !startsWith(path, start)) continue;
    rmSync(path);
    ++removed;
  }
  return removed;
}

/**
 * Makes the folder hold these files. Every new text is first written beside its place, then all are renamed into place:
 * where something cannot be written, the old files stay as they are. A file whose text is the same is not touched.
 * Other files that begin with `banner` are of models that are gone, and are removed.
 */
export function writeFiles(folder: string, files: readonly SourceFile[], banner: string): WriteSummary {
  const summary: WriteSummary = { written: 0, unchanged: 0, removed: 0 };
  const staged: { temporary: string; place: string }[] = [];
  const kept = new Set<string>();
  try {
    mkdirSync(folder, { recursive: true });
    for (const { path, text } of files) {
      const place = normalize(join(folder, path));
      kept.add(place);
      if (textOf(place) === text) {
        ++summary.unchanged;
        continue;
      }
      mkdirSync(dirname(place), { recursive: true });
      const temporary = `${place}.new${process.pid}`;
      staged.push({ temporary, place });
      writeFileSync(temporary, text);
      ++summary.written;
    }
    for (const { temporary, place } of staged) renameSync(temporary, place);
    summary.removed = removeOthers(folder, kept, banner);
  } catch (error) {
    throw new Failure((error as Error).message);
  } finally {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
  }
  return summary;
}
