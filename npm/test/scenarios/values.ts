/** The values of scenarios (tests/scenarios/README.md, "Values") and how they compare with what a face gives. */

export interface Captured {
  id: string;
  fields: Record<string, unknown>;
}

export interface Names {
  items: Map<string, Captured>;
  pages: Map<string, Record<string, unknown> | undefined>;
  numbers: Map<string, number>;
}

type Special = { name: string; argument: unknown };
const specials = new Set(["$date", "$binary", "$set", "$bigint", "$json", "$repeat", "$any", "$increment"]);

export function special(node: unknown): Special | undefined {
  if (typeof node !== "object" || node === null || Array.isArray(node)) return undefined;
  const [entry, ...more] = Object.entries(node);
  return entry !== undefined && more.length === 0 && specials.has(entry[0]) ? { name: entry[0], argument: entry[1] } : undefined;
}

function placeholder(name: string, names: Names): unknown {
  const number = names.numbers.get(name);
  if (number !== undefined) return number;
  const [item, field] = name.split(".") as [string, string | undefined];
  const captured = names.items.get(item);
  if (captured === undefined) throw new Error(`nothing was captured as '${item}'`);
  return field === undefined ? captured.id : captured.fields[field];
}

function scalar(text: string, names: Names): unknown {
  const whole = /^\$\{([^}]+)\}$/.exec(text);
  if (whole) return placeholder(whole[1]!, names);
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = placeholder(name, names);
    return value instanceof Date ? String(value.getTime()) : String(value);
  });
}

export function toText(node: unknown, names: Names): string {
  return typeof node === "string" ? String(scalar(node, names)) : String(node);
}

export function toValue(node: unknown, names: Names): unknown {
  if (typeof node === "string") return scalar(node, names);
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map((member) => toValue(member, names));
  const form = special(node);
  if (form === undefined) return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, toValue(member, names)]));
  return specialValue(form, names);
}

function specialValue({ name, argument }: Special, names: Names): unknown {
  switch (name) {
    case "$date":
      return new Date(argument as string);
    case "$binary":
      return new Uint8Array(Buffer.from(argument as string, "base64"));
    case "$set":
      return new Set((argument as unknown[]).map((member) => toText(member, names)));
    case "$bigint":
      return BigInt(argument as string);
    case "$json":
      return toValue(argument, names);
    case "$repeat":
      return (argument as [string, number])[0].repeat((argument as [string, number])[1]);
    case "$increment": {
      const amount = toValue(argument, names);
      return Number(amount) < 0 ? String(amount) : `+${String(amount)}`;
    }
    default:
      throw new Error(`${name} is no value`);
  }
}

const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || (value instanceof Set && value.size === 0);

/** What differs; undefined where the value is as expected. `missing`: further values that stand for none. */
export function mismatch(expected: unknown, actual: unknown, names: Names, missing: readonly unknown[] = []): string | undefined {
  if (expected === null) return isMissing(actual) || missing.includes(actual) ? undefined : `expected no value, got ${show(actual)}`;
  const form = special(expected);
  if (form?.name === "$any") return anyMismatch(form.argument as string, actual);
  const wanted = toValue(expected, names);
  return same(wanted, actual) ? undefined : `expected ${show(wanted)}, got ${show(actual)}`;
}

function anyMismatch(kind: string, actual: unknown): string | undefined {
  const fits: Record<string, boolean> = {
    ulid: typeof actual === "string" && /^[0-9A-HJKMNP-TV-Z]{26}$/.test(actual),
    string: typeof actual === "string" && actual !== "",
    // Whatever was stamped while this runs is after 2024.
    date: Number(actual) > 1_704_067_200_000,
  };
  if (fits[kind] === undefined) throw new Error(`unknown kind of value '${kind}'`);
  return fits[kind] ? undefined : `expected any ${kind}, got ${show(actual)}`;
}

function same(wanted: unknown, actual: unknown): boolean {
  // Dates are numbers in rows, and what JSON holds of bytes and dates is text.
  if (wanted instanceof Date && typeof actual === "number") return wanted.getTime() === actual;
  if (actual instanceof Date && typeof wanted === "number") return wanted === actual.getTime();
  if (wanted instanceof Date) return actual instanceof Date && wanted.getTime() === actual.getTime();
  if (typeof wanted === "bigint" || typeof actual === "bigint") return /^-?\d+$/.test(String(wanted)) && String(wanted) === String(actual);
  if (typeof wanted !== "object" || wanted === null) return Object.is(wanted, actual);
  if (wanted instanceof Uint8Array) return actual instanceof Uint8Array && Buffer.compare(wanted, actual) === 0;
  if (wanted instanceof Set) return actual instanceof Set && wanted.size === actual.size && [...wanted].every((member) => actual.has(member));
  if (typeof actual !== "object" || actual === null || Array.isArray(wanted) !== Array.isArray(actual)) return false;
  const names = Object.keys(wanted);
  return (
    names.length === Object.keys(actual).length &&
    names.every((name) => name in actual && same((wanted as Record<string, unknown>)[name], (actual as Record<string, unknown>)[name]))
  );
}

export function show(value: unknown): string {
  if (value instanceof Set) return `{ ${[...value].join(" ")} }`;
  if (typeof value === "bigint") return String(value);
  return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? String(member) : member)) ?? "undefined";
}
