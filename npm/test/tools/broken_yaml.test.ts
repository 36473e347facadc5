/** The corpus of tests/broken_yaml: the same mistakes in the same words as the native command line's, but for the parser's own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDefinitions } from "../../src/tools/definitions.js";
import { generate } from "../../src/tools/module.js";
import { repository } from "./support.js";

const corpus = join(repository, "tests/broken_yaml");
const cases = readdirSync(corpus).filter((name) => !name.endsWith(".expected"));

/** What this parser says where the native one has words, or a line, of its own. */
const ownWords: Record<string, string> = {
  "tab_indent.yaml":
    "tab_indent.yaml:3: not valid YAML: Tabs are not allowed as indentation (YAML is indented by spaces, not tabs)\n",
  "unclosed_flow.yaml":
    "unclosed_flow.yaml:6: not valid YAML: Flow map in block collection must be sufficiently indented and end with a }\n",
};

function mistakesOf(name: string): string {
  const result = generate({
    ...readDefinitions(join(corpus, name)),
    language: "js",
    modules: "esm",
    manifest: "../.bao/models",
    modelsFromManifest: "../models",
    fieldsFolder: ".",
    fieldFiles: [],
  });
  if (!("mistakes" in result)) return "no mistakes";
  return result.mistakes.map((line) => `${line.replaceAll(`${corpus}/`, "")}\n`).join("");
}

describe("broken definitions", () => {
  it.each(cases)("%s", (name) => {
    const expected = readFileSync(join(corpus, `${name.replace(/\.ya?ml$/, "")}.expected`), "utf8");
    expect(mistakesOf(name)).toBe(ownWords[name] ?? expected);
  });

  it("the corpus is whole", () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
    for (const name of Object.keys(ownWords)) expect(existsSync(join(corpus, name)), name).toBe(true);
  });
});
