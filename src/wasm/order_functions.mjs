// Puts the functions of a WebAssembly module into the order in which gzip packs them best; what they do stays as it is.
//   node order_functions.mjs MODULE [feature of binaryen, such as --enable-simd ...]
// A Worker is uploaded packed by gzip, which finds what it has seen within the last 32 KiB only: functions that are alike
// belong near to each other. (The linkers of ELF and Mach-O do the same for compressed images; wasm-ld has no such option.)
// The functions that are called most stay first, as wasm-opt --reorder-functions left them: their numbers take one byte.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [module, ...features] = process.argv.slice(2);

const windowBytes = 32768;
const gramBytes = 8; // shorter ones are everywhere in code; of 4 to 12 the best
const firstFunctions = 64;

/** The bodies of the module's own functions, and how many imported ones are numbered before them. */
function functionBodies(bytes) {
  let at = 8;
  const unsigned = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const bodies = [];
  let imported = 0;
  while (at < bytes.length) {
    const id = bytes[at++];
    const end = unsigned() + at;
    if (id === 2) {
      for (let left = unsigned(); left > 0; left--) {
        for (let name = 0; name < 2; name++) {
          const size = unsigned();
          at += size;
        }
        if (bytes[at++] !== 0) throw new Error("order_functions: only functions may be imported");
        unsigned();
        imported++;
      }
    } else if (id === 10) {
      for (let left = unsigned(); left > 0; left--) {
        const size = unsigned();
        bodies.push(bytes.subarray(at, at + size));
        at += size;
      }
    }
    at = end;
  }
  return { bodies, imported };
}

/** For each body the numbers of the byte sequences in it that also stand in another body. */
function sharedGrams(bodies) {
  const numbers = new Map();
  const places = []; // of each gram: the bodies that have it
  bodies.forEach((body, index) => {
    for (let at = 0; at + gramBytes <= body.length; at++) {
      let key = 0;
      for (let byte = 0; byte < gramBytes; byte++) key = key * 256 + body[at + byte];
      let gram = numbers.get(key);
      if (gram === undefined) numbers.set(key, (gram = places.push([]) - 1));
      if (places[gram].at(-1) !== index) places[gram].push(index);
    }
  });
  const grams = bodies.map(() => []);
  places.forEach((indexes, gram) => {
    if (indexes.length > 1) for (const index of indexes) grams[index].push(gram);
  });
  return { grams, places };
}

/** One function after the other: the one of which the window before it holds the largest part. */
function packedOrder(bodies, first) {
  const { grams, places } = sharedGrams(bodies);
  const inWindow = new Uint32Array(places.length); // how often the window has a gram
  const known = new Uint32Array(bodies.length); // of a body's grams, those that the window has
  const window = [];
  let size = 0;
  const order = [];
  const left = new Set(bodies.keys());
  const append = (index) => {
    left.delete(index);
    order.push(index);
    window.push(index);
    size += bodies[index].length;
    for (const gram of grams[index]) if (inWindow[gram]++ === 0) for (const other of places[gram]) known[other]++;
    while (size > windowBytes && window.length > 1) {
      const gone = window.shift();
      size -= bodies[gone].length;
      for (const gram of grams[gone]) if (--inWindow[gram] === 0) for (const other of places[gram]) known[other]--;
    }
  };
  for (let index = 0; index < Math.min(first, bodies.length); index++) append(index);
  while (left.size > 0) {
    let best;
    let bestShare = -1;
    for (const index of left) {
      const share = known[index] / (grams[index].length + 60); // a small function fits anywhere: large ones choose first
      if (share > bestShare) [best, bestShare] = [index, share];
    }
    append(best);
  }
  return order;
}

/** The text of a module with its functions in `order`. wasm-dis writes each from a line `^ (func ` to a line `^ )`. */
function reordered(text, order) {
  const lines = text.split("\n");
  const functions = [];
  const others = [];
  let place; // of the first function among the other lines
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at].startsWith(" (func ")) {
      others.push(lines[at]);
      continue;
    }
    place ??= others.length;
    const start = at;
    while (lines[at] !== " )") at++;
    functions.push(lines.slice(start, at + 1).join("\n"));
  }
  if (functions.length !== order.length) {
    throw new Error(`order_functions: ${functions.length} functions in the text, ${order.length} in the module`);
  }
  return [...others.slice(0, place), ...order.map((index) => functions[index]), ...others.slice(place)].join("\n");
}

const { bodies, imported } = functionBodies(readFileSync(module));
const order = packedOrder(bodies, firstFunctions - imported);
const folder = mkdtempSync(join(tmpdir(), "order-functions-"));
try {
  const text = join(folder, "module.wat");
  execFileSync("wasm-dis", [...features, module, "-o", text]);
  writeFileSync(text, reordered(readFileSync(text, "utf8"), order));
  execFileSync("wasm-as", [...features, text, "-o", `${module}.ordered`]);
  renameSync(`${module}.ordered`, module);
} finally {
  rmSync(folder, { recursive: true });
}
