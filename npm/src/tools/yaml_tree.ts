/**
 * YAML text as the tree that the schema loader reads (src/core/schema/definition_tree.hpp), by the rules that
 * src/native/yaml has for the native command line.
 */
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from "yaml";

/** Members are named for the wire: see src/wasm_tools/tools.hpp. */
export interface TreeNode {
  /** Line of the key, else of the node. */
  n?: number;
  k?: string;
  t?: string;
  q?: true;
  l?: TreeNode[];
  m?: TreeNode[];
}

export interface Tree {
  file: string;
  root: TreeNode;
}

export interface Mistake {
  file: string;
  /** 0: the file as a whole. */
  line: number;
  message: string;
}

/** Maps and lists within each other; models need 6 and their defaults 32 more. */
const depthMax = 64;
/** Values of the whole document, those of anchors counted again for each alias: bounds "billion laughs". */
const nodesMax = 500_000;
const standardTags = "tag:yaml.org,2002:";

class Refusal extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

interface Measured {
  node: TreeNode;
  nodes: number;
  depth: number;
}

class TreeBuilder {
  private nodes = 0;
  private readonly anchors = new Map<string, Measured | "open">();

  constructor(private readonly lines: LineCounter) {}

  /** `keyStart`: where the value's key is, as a node's own range begins behind its tag. */
  build(node: Node | null, depth: number, keyStart?: number): Measured {
    if (node === null) return this.measured({}, 1, 0, 0);
    const start = node.range?.[0] ?? 0;
    if (isAlias(node)) return this.alias(node, depth, start);
    this.refuseForeignTag(node.tag, keyStart ?? start);
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined) this.anchors.set(anchor, "open");
    const built = this.own(node, depth, start);
    if (anchor !== undefined) {
      this.count(built.nodes, start);
      this.anchors.set(anchor, built);
    }
    return built;
  }

  private own(node: Node, depth: number, start: number): Measured {
    const n = this.line(start);
    if (isScalar(node)) {
      const t = String(node.value ?? "");
      // Block scalars and quoted ones are texts whatever they look like, and so is what is tagged as one.
      const q = node.type !== "PLAIN" || node.tag === "!" || node.tag === `${standardTags}str`;
      return this.measured(q ? { n, t, q } : { n, t }, 1, 0, start);
    }
    if (depth + 1 > depthMax) throw new Refusal(start, `more than ${depthMax} levels of nesting`);
    const children: TreeNode[] = [];
    const sum: Measured = { node: isMap(node) ? { n, m: children } : { n, l: children }, nodes: 1, depth: 1 };
    this.count(1, start);
    const add = (child: Measured) => {
      children.push(child.node);
      sum.nodes += child.nodes;
      sum.depth = Math.max(sum.depth, 1 + child.depth);
    };
    if (isSeq(node)) {
      for (const item of node.items) add(this.build(item as Node | null, depth + 1));
    } else if (isMap(node)) {
      for (const pair of node.items) add(this.pair(pair as Pair<Node | null, Node | null>, depth + 1, start));
    }
    return sum;
  }

  private pair(pair: Pair<Node | null, Node | null>, depth: number, mapStart: number): Measured {
    const start = pair.key?.range?.[0] ?? mapStart;
    const key = this.build(pair.key, depth);
    if (key.depth > 0) throw new Refusal(start, "a map or list as the key of a map: keys are names");
    const value = this.build(pair.value, depth, start);
    // A copy: an anchor's node may stand under several keys.
    return { ...value, node: { ...value.node, k: key.node.t ?? "", n: this.line(start) }, nodes: value.nodes + 1 };
  }

  private alias(node: Alias, depth: number, start: number): Measured {
    const found = this.anchors.get(node.source);
    if (found === undefined) throw new Refusal(start, "the referenced anchor is not defined");
    if (found === "open") throw new Refusal(start, "an alias inside of its own anchor");
    this.count(found.nodes, start);
    if (depth + found.depth > depthMax) throw new Refusal(start, `more than ${depthMax} levels of nesting`);
    return found;
  }

  private measured(node: TreeNode, nodes: number, depth: number, start: number): Measured {
    this.count(nodes, start);
    return { node, nodes, depth };
  }

  private count(nodes: number, start: number): void {
    this.nodes += nodes;
    if (this.nodes > nodesMax) throw new Refusal(start, `more than ${nodesMax} values`);
  }

  private refuseForeignTag(tag: string | undefined, start: number): void {
    if (tag === undefined || tag === "?" || tag === "!" || tag.startsWith(standardTags)) return;
    throw new Refusal(start, `the tag ${tag.slice(0, 100)} is not supported`);
  }

  private line(offset: number): number {
    return this.lines.linePos(offset).line;
  }
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) ++line;
  return line;
}

/** The file's text, or where it is none. */
function decode(bytes: Uint8Array): string | { line: number; message: string } {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return { line: lineOfInvalid(bytes), message: "the file is not UTF-8 text" };
  }
  const zero = text.indexOf("\0");
  if (zero >= 0) return { line: lineAt(text, zero), message: "the file has a zero byte: it is not text" };
  return text;
}

function lineOfInvalid(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; ++line) {
    const end = bytes.indexOf(10, start);
    const stop = end < 0 ? bytes.length : end + 1;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(start, stop));
    } catch {
      return line;
    }
    start = stop;
  }
  return line;
}

/** Only what the parser says first, in one line. */
function parserMistake(document: Document.Parsed, text: string): { line: number; message: string } | undefined {
  const error = document.errors[0];
  if (error === undefined) return undefined;
  const line = Math.min(lineAt(text, error.pos[0]), lineAt(text, text.trimEnd().length));
  const message = error.code === "MISSING_CHAR" && /quote/.test(error.message) ? "quotes that are not closed" : error.message;
  const tab = /^ *\t/.test(text.split("\n", line)[line - 1] ?? "");
  const hint = tab ? " (YAML is indented by spaces, not tabs)" : "";
  const sentence = message.split("\n")[0] ?? message;
  return { line, message: `not valid YAML: ${sentence.replace(/:$/, "").replace(/ at line \d+, column \d+$/, "")}${hint}` };
}

/** One YAML document. Never throws for bad input. */
export function parseYaml(bytes: Uint8Array, file: string): Tree | Mistake {
  const text = decode(bytes);
  if (typeof text !== "string") return { file, ...text };
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    // Scalars stay texts: what they mean depends on where they stand. Twice the same key is the loader's to report.
    schema: "failsafe",
    uniqueKeys: false,
    merge: false,
    logLevel: "silent",
    lineCounter: lines,
    prettyErrors: false,
  });
  const all = "empty" in documents ? [] : documents;
  const refuse = (offset: number, message: string): Mistake => ({ file, line: lineAt(text, offset), message: `not valid YAML: ${message}` });
  const [first, second] = all;
  if (first === undefined) return { file, root: {} };
  const mistake = parserMistake(first, text);
  if (mistake !== undefined) return { file, ...mistake };
  try {
    const tree = { file, root: new TreeBuilder(lines).build(first.contents, 0).node };
    if (second !== undefined) return refuse(second.range[0], "a second document: one file holds one");
    return tree;
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.offset, error.message);
    throw error;
  }
}
