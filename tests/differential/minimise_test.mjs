import assert from "node:assert/strict";
import { test } from "node:test";
import { minimise } from "./minimise.mjs";

const operations = Array.from({ length: 59 }, (_, number) => number);
const needing = (needed) => async (list) => needed.every((one) => list.includes(one));

test("only what the difference needs is left", async () => {
  assert.deepEqual(await minimise(operations, needing([0, 7, 31, 58])), [0, 7, 31, 58]);
  assert.deepEqual(await minimise(operations, needing([0, 58])), [0, 58]);
  assert.deepEqual(await minimise(operations, needing(operations)), operations);
});

test("neighbours that only show it together stay together", async () => {
  const together = async (list) => list.includes(20) === list.includes(21) && (list.includes(20) || list.includes(40)) && list.includes(58);
  const least = await minimise(operations, together);
  assert.ok(await together(least));
  assert.ok(least.length <= 4, `${least}`);
});

test("a list of two stays as it is", async () => {
  let asked = 0;
  const shows = async () => (++asked, true);
  assert.deepEqual(await minimise([0, 1], shows), [0, 1]);
  assert.equal(asked, 0);
});
