import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { foldText } from "../../src/bridge/folding.js";

describe("folding", () => {
  // The same file holds the native library to the same answers (tests/unit/search).
  it("agrees with the corpus", () => {
    const lines = readFileSync(new URL("../../../tests/data/search_text.tsv", import.meta.url), "utf8").split("\n");
    const cases = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split("\t"));
    expect(cases.length).toBeGreaterThan(300);
    for (const [input, lower, asIs] of cases) {
      expect(foldText(input!, true), input).toBe(lower);
      expect(foldText(input!, false), input).toBe(asIs);
    }
  });
});
