/** The samples are the guide's text, line by line, but for leading white space, which the text has lost. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

interface Entry {
  file: string;
  /** Lines of the guide, counted from 1, both included. */
  first: number;
  last: number;
}

const folder = join(import.meta.dirname, "samples");
const guide = readFileSync(join(import.meta.dirname, "guide.txt"), "utf8").split("\n");
const entries = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as Entry[];

function linesOf(file: string): string[] {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  expect(lines.pop()).toBe("");
  return lines;
}

describe("samples", () => {
  test.each(entries)("$file is the guide's text", ({ file, first, last }) => {
    const unindented = linesOf(file).map((line) => line.replace(/^ +/, ""));
    expect(unindented).toEqual(guide.slice(first - 1, last));
  });

  test("no file is unknown to the index", () => {
    const files = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((path) => path !== "index.json" && statSync(join(folder, path)).isFile());
    expect(files.sort()).toEqual(entries.map(({ file }) => file).sort());
  });

  test("no code of the guide is left out", () => {
    const taken = new Set(entries.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n)));
    const left = guide.filter((line, n) => !taken.has(n + 1) && /[;{}[\],]$|=>|^\w+ = |^(npm|npx|wrangler|import|const|return) /.test(line));
    // Code inside of a sentence: "Add `...` to your wrangler.toml".
    expect(left).toEqual(['compatibility_flags = ["nodejs_compat"]']);
  });
});
