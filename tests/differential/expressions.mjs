// Random expressions: mostly right, sometimes wrong in a way that the service knows a message for.
import { anySet, anyValue, attributeName, numberValue, scalar, stringValue } from "./values.mjs";

/** Collects the placeholders of one request. */
export class Placeholders {
  names = {};
  values = {};

  constructor(random) {
    this.random = random;
  }

  name(attribute) {
    const reserved = attribute === "name";
    const plain = /^[a-z]+$/.test(attribute) && !(reserved && !this.random.chance(0.02));
    if (plain && this.random.chance(0.5)) return attribute;
    if (this.random.chance(0.003)) return "#undefined";
    const placeholder = `#n${Object.keys(this.names).length}`;
    this.names[placeholder] = attribute;
    return placeholder;
  }

  value(value) {
    if (this.random.chance(0.003)) return ":undefined";
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  /** Adds what was collected to a request; now and then something that nothing uses. */
  into(request) {
    if (this.random.chance(0.004)) this.names["#unused"] = "a";
    if (this.random.chance(0.004)) this.values[":unused"] = { S: "a" };
    if (Object.keys(this.names).length > 0) request.ExpressionAttributeNames = this.names;
    if (Object.keys(this.values).length > 0) request.ExpressionAttributeValues = this.values;
    return request;
  }
}

export function path(random, places, deep = 0.25) {
  let out = places.name(attributeName(random));
  for (let steps = 0; steps < 2 && random.chance(deep); ++steps) {
    out += random.chance(0.5) ? `[${random.below(3)}]` : `.${places.name(attributeName(random))}`;
  }
  return out;
}

function operand(random, places, value = () => scalar(random)) {
  return random.weighted([
    [3, () => path(random, places)],
    [4, () => places.value(value())],
    [0.4, () => `size(${path(random, places)})`],
  ])();
}

function comparison(random, places) {
  return random.weighted([
    [5, () => `${operand(random, places)} ${random.pick(["=", "<>", "<", "<=", ">", ">="])} ${operand(random, places)}`],
    [2, () => `attribute_exists(${path(random, places)})`],
    [2, () => `attribute_not_exists(${path(random, places)})`],
    [1, () => `attribute_type(${path(random, places)}, ${places.value({ S: random.pick(["S", "N", "B", "BOOL", "NULL", "SS", "NS", "L", "M"]) })})`],
    [1, () => `begins_with(${path(random, places)}, ${places.value(stringValue(random))})`],
    [1, () => `contains(${path(random, places)}, ${operand(random, places)})`],
    [1, () => between(random, places)],
    [1, () => `${operand(random, places)} IN (${Array.from({ length: 1 + random.below(3) }, () => operand(random, places)).join(", ")})`],
    [1, () => `size(${path(random, places)}) ${random.pick(["=", "<", ">="])} ${places.value(numberValue(random))}`],
    [0.05, () => random.pick(wrong)(random, places)],
  ])();
}

function between(random, places) {
  const type = random.pick([numberValue, stringValue]);
  return `${path(random, places)} BETWEEN ${places.value(type(random))} AND ${places.value(type(random))}`;
}

const wrong = [
  (random, places) => `${path(random, places)} = `,
  (random, places) => `${path(random, places)}`,
  (random, places) => `size(${path(random, places)})`,
  (random, places) => `unknown(${path(random, places)})`,
  (random, places) => `attribute_exists(${places.value(scalar(random))})`,
  (random, places) => `attribute_exists(${path(random, places)}, ${path(random, places)})`,
  (random, places) => `begins_with(${path(random, places)}, ${places.value(numberValue(random))})`,
  (random, places) => `attribute_type(${path(random, places)}, ${places.value({ S: "X" })})`,
  (random, places) => `((${path(random, places)} = ${places.value(scalar(random))}))`,
  (random, places) => `${path(random, places)} < ${places.value(anySet(random))}`,
  (random, places) => `${path(random, places)} = ${places.value(scalar(random))} AND`,
  () => "a = a",
  () => "",
  () => "a = b c",
  (random, places) => `list_append(${path(random, places)}, a) = a`,
  (random, places) => `NOT contains(a, a)`,
];

export function condition(random, places, depth = 0) {
  if (depth < 3 && random.chance(0.3)) {
    return random.weighted([
      [3, () => `${condition(random, places, depth + 1)} AND ${condition(random, places, depth + 1)}`],
      [3, () => `${condition(random, places, depth + 1)} OR ${condition(random, places, depth + 1)}`],
      [1, () => `NOT ${condition(random, places, depth + 1)}`],
      [1, () => `(${comparison(random, places)} OR ${comparison(random, places)})`],
    ])();
  }
  return comparison(random, places);
}

function setValue(random, places) {
  return random.weighted([
    [5, () => places.value(anyValue(random))],
    [1, () => path(random, places)],
    [2, () => `${path(random, places)} ${random.pick(["+", "-"])} ${places.value(numberValue(random))}`],
    [1, () => `if_not_exists(${path(random, places)}, ${places.value(anyValue(random))})`],
    [1, () => `if_not_exists(${path(random, places)}, ${places.value(numberValue(random))}) + ${places.value(numberValue(random))}`],
    [1, () => `list_append(${path(random, places)}, ${places.value({ L: [scalar(random)] })})`],
    [0.5, () => `list_append(if_not_exists(${path(random, places)}, ${places.value({ L: [] })}), ${places.value({ L: [scalar(random)] })})`],
    [0.03, () => `size(${path(random, places)})`],
    [0.03, () => `attribute_exists(${path(random, places)})`],
    [0.03, () => `list_append(${path(random, places)}, ${places.value(numberValue(random))})`],
    [0.03, () => `${path(random, places)} + ${places.value(stringValue(random))}`],
  ])();
}

/** An UpdateExpression; `keys`: attributes that may be named although they are keys of an index or the table. */
export function update(random, places, keys) {
  const targets = random.some(["a", "b", "c", "d", "m", "li", "name", "x.y"], 1 + random.below(3));
  const sections = { SET: [], REMOVE: [], ADD: [], DELETE: [] };
  for (const target of targets) {
    const deep = random.chance(0.2);
    const place = places.name(target) + (deep ? random.pick([".a", ".b", "[0]", "[1]", "[7]"]) : "");
    const section = random.weighted([[6, "SET"], [2, "REMOVE"], [2, "ADD"], [1, "DELETE"]]);
    if (section === "SET") sections.SET.push(`${place} = ${setValue(random, places)}`);
    if (section === "REMOVE") sections.REMOVE.push(place);
    if (section === "ADD") {
      sections.ADD.push(`${place} ${places.value(random.chance(0.03) ? anyValue(random) : random.chance(0.6) ? numberValue(random) : anySet(random))}`);
    }
    if (section === "DELETE") sections.DELETE.push(`${place} ${places.value(random.chance(0.03) ? anyValue(random) : anySet(random))}`);
  }
  for (const key of keys) {
    const place = places.name(key.name);
    if (random.chance(0.3)) sections.REMOVE.push(place);
    else sections.SET.push(`${place} = ${places.value(key.value)}`);
  }
  if (random.chance(0.01)) sections.SET.push(sections.SET[0] ?? "a.b = a");
  const order = random.some(Object.keys(sections), 4).filter((name) => sections[name].length > 0);
  return order.map((name) => `${name} ${sections[name].join(", ")}`).join(" ") + (random.chance(0.004) ? " ," : "");
}

export function projection(random, places) {
  if (random.chance(0.005)) return random.pick(["", "a,", "a, a", "a.b, a", "a[x]", "a b"]);
  const out = random.some(["a", "b", "m", "li", "name", "p", "s", "x.y"], 1 + random.below(3)).map((name) => {
    let place = places.name(name);
    if (random.chance(0.2)) place += random.pick([".a", ".b.c", "[0]", "[1].a", "[2]"]);
    return place;
  });
  return out.join(", ");
}
