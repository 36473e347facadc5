// Replaces the part of docs/benchmarks.md between `<!-- PART -->` and `<!-- end of PART -->`.
//   node bench/write_part.mjs PART <TEXT
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = new URL("../docs/benchmarks.md", import.meta.url);

export function writePart(part, text) {
  const page = readFileSync(path, "utf8");
  const marked = new RegExp(`(<!-- ${part} -->\n)[\\s\\S]*?(\n<!-- end of ${part} -->)`);
  if (!marked.test(page)) throw new Error(`${path.pathname} has no part "${part}"`);
  writeFileSync(path, page.replace(marked, (_, start, end) => `${start}\n${text.trim()}\n${end}`));
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) writePart(process.argv[2], readFileSync(0, "utf8"));
