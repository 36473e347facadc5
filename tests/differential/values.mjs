// Random attribute values. The domains are small, so that operations meet the same items and values compare.

const strings = ["", "a", "ab", "abc", "b", "B", "é", "😀", "zz", "0", "10", "9"];
const numbers = ["0", "1", "-1", "2", "10", "9", "1.5", "-2.75", "100", "0.001", "1e3", "-0", "+7", "5E-1", "007", "1.50",
  "12345678901234567890123456789012345678", "0.00000000000000000000000000000000000001", "9.9e125", "1e-130"];
const plainNumbers = ["0", "1", "-1", "2", "10", "9", "1.5", "-2.75", "100", "0.001", "12345678901234567890123456789012345678"];
const bytes = ["", "AA==", "AAE=", "/w==", "YWI="];
const attributes = ["a", "b", "c", "d", "m", "li", "name", "x.y"];

const badValues = [
  { SS: [] }, { NS: [] }, { BS: [] }, { SS: ["a", "a"] }, { NS: ["1", "1.0"] }, { N: "" }, { N: "abc" }, { N: "1e126" }, { N: "1e-131" },
  { N: "123456789012345678901234567890123456789" }, { NULL: false }, {}, { S: "a", N: "1" }, { NS: ["x"] },
];

export function stringValue(random) {
  return { S: random.pick(random.modern ? strings : strings.slice(1)) };
}
export function numberValue(random) {
  return { N: random.pick(random.modern ? numbers : plainNumbers) };
}

export function scalar(random) {
  return random.weighted([
    [4, () => stringValue(random)],
    [4, () => numberValue(random)],
    [1, () => ({ B: random.pick(random.modern ? bytes : bytes.slice(1)) })],
    [1, () => ({ BOOL: random.chance(0.5) })],
    [0.5, () => ({ NULL: true })],
  ])();
}

export function anyValue(random, depth = 0) {
  if (depth < 3 && random.chance(0.25)) {
    return random.weighted([
      [1, () => ({ L: Array.from({ length: random.below(4) }, () => anyValue(random, depth + 1)) })],
      [1, () => ({ M: Object.fromEntries(random.some(attributes, random.below(4)).map((name) => [name, anyValue(random, depth + 1)])) })],
    ])();
  }
  if (random.chance(0.15)) return anySet(random);
  return scalar(random);
}

export function anySet(random) {
  return random.weighted([
    [2, () => ({ SS: random.some(strings.slice(1), 1 + random.below(3)) })],
    [2, () => ({ NS: random.some(["1", "2", "3", "-4.5", "100"], 1 + random.below(3)) })],
    [1, () => ({ BS: random.some(bytes.slice(1), 1 + random.below(2)) })],
  ])();
}

/** Mostly a good value. */
export function roughValue(random) {
  return random.chance(0.01) ? random.pick(badValues) : anyValue(random);
}

export function attributeName(random) {
  return random.pick(attributes);
}

/** A key value of the type; now and then one of the same type that is refused, or of another type. */
export function keyValue(random, type, few = 4) {
  if (random.chance(0.004)) return { [type]: type === "N" ? "abc" : random.modern ? "" : "k1" };
  if (random.chance(0.004)) return anyValue(random);
  const at = random.below(few);
  if (type === "S") return { S: ["a", "ab", "b", "é", "k1", "k2"][at] };
  if (type === "N") return { N: ["1", "2", "-3", "10.5", "9", "0"][at] };
  return { B: ["AA==", "AAE=", "/w==", "YWI=", "AP8=", "AQ=="][at] };
}
