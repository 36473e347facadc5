// Writes key_text.tsv: what JavaScript itself makes of numbers and ids in keys, so that the C++ core is compared
// with the language that wrote the tables. Run: node tests/data/make_key_text.mjs > tests/data/key_text.tsv
import { createHash } from "node:crypto";

let seed = 0;
/** 32 bits, the same in every run. */
function random() {
  return createHash("sha256").update(String(seed++)).digest().readUInt32LE(0);
}
function row(...cells) {
  process.stdout.write(cells.join("\t") + "\n");
}

// padded: an integer in key format 1.
const integers = [0, 1, -1, 5, -5, 42, -42, 1e15, -1e15, 2 ** 53, -(2 ** 53), 1700000000000];
for (let i = 0; i < 60; i++) integers.push((random() % 2 ? -1 : 1) * Math.floor(random() / 2 ** (random() % 32)));
for (const n of integers) row("padded", n, String(n).padStart(20, "0"));

// exponential: a float in key format 1; the middle column is the shortest text, as it is stored.
// string: a number in a unique row.
const floats = [0, 0.1, -0.1, 1.5, -1.5, 123.456, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7, 1.5e-7, 9.5e125, 1e-130];
// Ties of the 21st digit, which JavaScript rounds up and printf to even.
for (let e = -20; e >= -45; e--) floats.push(2 ** e, 3 * 2 ** e, -5 * 2 ** e, 1 + 2 ** e);
floats.push(Number.MAX_SAFE_INTEGER, 9.999999999999999e22, 0.000001, 999999999999999900000, 4.35, 0.5, 1 / 3);
const bits = new DataView(new ArrayBuffer(8));
while (floats.length < 300) {
  bits.setUint32(0, random());
  bits.setUint32(4, random());
  const value = bits.getFloat64(0);
  if (Math.abs(value) > 1e-130 && Math.abs(value) < 1e125) floats.push(value);
}
for (const x of floats) {
  row("exponential", x, x.toExponential(20));
  row("string", x, String(x));
}
for (const n of integers) row("string", n, String(n));

// bucket: an id as the hex digits of its UTF-8, the number of buckets, and the bucket.
const ids = ["", "a", "someid", "01HZX3V7Q2M4N5P6R7S8T9V0W1", "é", "日本語", "👍", "a👍b##__SK__##ü", "polygenelubricants"];
for (let i = 0; i < 60; i++) ids.push(createHash("sha256").update("id" + i).digest("base64").slice(0, 4 + (i % 40)));
for (const id of ids) {
  let h = 0;
  for (let i = 0; i < id.length; i++) h = (h * 31 + id.charCodeAt(i)) | 0;
  for (const buckets of [1, 2, 10, 100, 1000]) row("bucket", Buffer.from(id).toString("hex"), buckets, Math.abs(h) % buckets);
}
