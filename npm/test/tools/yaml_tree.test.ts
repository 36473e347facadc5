import { describe, expect, it } from "vitest";
import { parseYaml, type Tree, type TreeNode } from "../../src/tools/yaml_tree.js";

function rootOf(text: string): TreeNode {
  const tree = parseYaml(new TextEncoder().encode(text), "m.yaml");
  if (!("root" in tree)) throw new Error(tree.message);
  return (tree as Tree).root;
}

describe("scalars", () => {
  it.each([
    ["a: true", { t: "true" }],
    ["a: 0x1F", { t: "0x1F" }],
    ["a: 9007199254740993", { t: "9007199254740993" }],
    ["a: 2024-01-01", { t: "2024-01-01" }],
    ['a: "5"', { t: "5", q: true }],
    ["a: '5'", { t: "5", q: true }],
    ["a: !!str 5", { t: "5", q: true }],
    ["a: |\n  one\n  two\n", { t: "one\ntwo\n", q: true }],
    ["a: >-\n  one\n  two\n", { t: "one two", q: true }],
    ["a: ~", { t: "~" }],
  ])("%j", (text, node) => {
    expect(rootOf(text)).toEqual({ n: 1, m: [{ ...node, k: "a", n: 1 }] });
  });

  it("an empty value is null", () => {
    const [member] = rootOf("a:\n").m ?? [];
    expect(member?.t ?? "").toBe("");
    expect(member?.q).toBeUndefined();
  });
});

it("lines are those of keys, and of anchored text where it is used", () => {
  const root = rootOf("# comment\nfirst: &a\n  x: 1\nsecond: *a\nthird:\n  - y\n  - {z: 2}\n");
  expect(root).toEqual({
    n: 2,
    m: [
      { k: "first", n: 2, m: [{ k: "x", n: 3, t: "1" }] },
      { k: "second", n: 4, m: [{ k: "x", n: 3, t: "1" }] },
      { k: "third", n: 5, l: [{ n: 6, t: "y" }, { n: 7, m: [{ k: "z", n: 7, t: "2" }] }] },
    ],
  });
});

it("keys may repeat: the loader reports that", () => {
  expect(rootOf("a: 1\na: 2\n").m?.map(({ k, n }) => [k, n])).toEqual([["a", 1], ["a", 2]]);
});

it("line ends of Windows and a byte order mark change nothing", () => {
  expect(rootOf("\ufeffa: 1\r\nb:\r\n  c: d\r\n")).toEqual(rootOf("a: 1\nb:\n  c: d\n"));
});

it("text that is no YAML is a mistake with its line, and nothing is thrown", () => {
  const texts = ["a: [", "a: b: c", "a: 'x", "- a\nb", "a: *x", "? [a]\n: b", "a: !<", "{", "}", "a: 1\n---\nb: 2", "a: !x y"];
  const mistakes = texts.map((text) => [text, parseYaml(new TextEncoder().encode(text), "m.yaml")] as const);
  for (const [text, mistake] of mistakes) {
    if ("root" in mistake) throw new Error(`${JSON.stringify(text)} was taken`);
    expect(mistake.line, text).toBeGreaterThan(0);
    expect(mistake.message, text).toMatch(/^not valid YAML: \S[^\n]*$/);
  }
});
