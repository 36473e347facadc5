/**
 * How each type of field reads from a row and compares: the one table of the face that goes by field type.
 * What may be stored, and how, is the core's business.
 */
import { base64ToBytes, bytesToBase64 } from "./base64.js";
import type { FieldInfo } from "./shape.js";
import { fromTagged, type HasId, idOf, numberOfText } from "./tagged.js";

export interface FieldKind {
  /** The name in definitions, e.g. "StringField". */
  readonly type: string;
  /** What reading a field without a value gives; a set's is made anew each time. */
  readonly missing: undefined | null | number;
  /** Whether a row's value is the field's value itself, so that there is nothing to materialise. */
  readonly plain: boolean;
  /** A row's value (never null) as the field's. */
  materialise(stored: unknown): unknown;
  /** What reading gives after this was assigned to the field. */
  assigned(value: unknown, info?: FieldInfo): unknown;
  same(left: unknown, right: unknown): boolean;
  /** For JSON.stringify. */
  json(value: unknown): unknown;
}

const self = (value: unknown): unknown => value;
const bigintAsText = (value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

function kind(type: string, differences: Partial<FieldKind> = {}): FieldKind {
  return {
    type,
    missing: null,
    plain: true,
    materialise: self,
    assigned: self,
    same: Object.is,
    json: bigintAsText,
    ...differences,
  };
}

const stored64 = (value: unknown): unknown => (typeof value === "string" ? numberOfText(value) : value);
const integer: Partial<FieldKind> = {
  plain: false,
  materialise: stored64,
  same: (left, right) => left === right || (isInteger(left) && isInteger(right) && BigInt(left) === BigInt(right)),
};

function isInteger(value: unknown): value is number | bigint {
  return typeof value === "bigint" || Number.isInteger(value);
}

const date: Partial<FieldKind> = {
  plain: false,
  materialise: (stored) => new Date(stored as number),
  assigned: (value) => {
    if (typeof value !== "number" && typeof value !== "string") return value;
    const made = new Date(value);
    // What is no date stays as it is, so that the error can name it.
    return Number.isNaN(made.getTime()) ? value : made;
  },
  same: (left, right) => left === right || (left instanceof Date && right instanceof Date && left.getTime() === right.getTime()),
};

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

const binary: Partial<FieldKind> = {
  plain: false,
  materialise: (stored) => base64ToBytes(stored as string),
  same: (left, right) => {
    const [a, b] = [bytesOf(left), bytesOf(right)];
    if (a === undefined || b === undefined) return left === right;
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
  },
  json: (value) => {
    const bytes = bytesOf(value);
    return bytes === undefined ? value : bytesToBase64(bytes);
  },
};

const stringSet: Partial<FieldKind> = {
  plain: false,
  materialise: (stored) => new Set(stored as string[]),
  // A copy, so that two items never share a set.
  assigned: (value) => (value instanceof Set || Array.isArray(value) ? new Set(value as Iterable<unknown>) : value),
  same: (left, right) =>
    left === right ||
    (left instanceof Set && right instanceof Set && left.size === right.size && [...left].every((member) => right.has(member))),
  json: (value) => (value instanceof Set ? [...value] : value),
};

const nested: Partial<FieldKind> = {
  plain: false,
  materialise: fromTagged,
  same: sameTree,
  json: jsonTree,
};

const json: Partial<FieldKind> = {
  plain: false,
  materialise: (stored) => JSON.parse(stored as string) as unknown,
  same: (left, right) => {
    try {
      return Object.is(left, right) || sameTree(reread(left), reread(right));
    } catch {
      // What is no JSON is a change, which is refused when it is saved.
      return false;
    }
  },
};

// Classes may have a JSON of their own, and members that JSON has not.
function reread(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** `"+5"` and `"-1"` of a counter, which are added to what is stored. */
export function isIncrement({ type }: FieldKind, value: unknown): value is string {
  return type === "CounterField" && typeof value === "string" && /^[+-]\d+$/.test(value);
}

/** Whether two values of maps, lists or JSON are equal, member by member. */
export function sameTree(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (left instanceof Date || right instanceof Date) return date.same!(left, right);
  if (left instanceof Set || right instanceof Set) return stringSet.same!(left, right);
  if (bytesOf(left) || bytesOf(right)) return binary.same!(left, right);
  // A Map is stored as an object, and reads back as one: it is another value.
  if (Array.isArray(left) !== Array.isArray(right) || left instanceof Map !== right instanceof Map) return false;
  const [a, b] = [membersOf(left), membersOf(right)];
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && sameTree(a[name], b[name]));
}

function membersOf(value: object): Record<string, unknown> {
  return value instanceof Map ? Object.fromEntries(value) : (value as Record<string, unknown>);
}

function jsonTree(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(jsonTree);
  if (value instanceof Set) return [...(value as Set<unknown>)];
  const bytes = bytesOf(value);
  if (bytes !== undefined) return bytesToBase64(bytes);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, jsonTree(member)]));
}

const related: Partial<FieldKind> = {
  missing: undefined,
  assigned: (value, info) => (typeof value === "object" && value !== null && idOf in value ? (value as HasId)[idOf](info) : value),
};

export const kinds = {
  StringField: kind("StringField", { missing: undefined }),
  IntegerField: kind("IntegerField", integer),
  FloatField: kind("FloatField"),
  BooleanField: kind("BooleanField"),
  BinaryField: kind("BinaryField", binary),
  StringSetField: kind("StringSetField", stringSet),
  DateTimeField: kind("DateTimeField", date),
  CreateDateField: kind("CreateDateField", date),
  ModifiedDateField: kind("ModifiedDateField", date),
  TtlField: kind("TtlField", date),
  UlidField: kind("UlidField", { missing: undefined }),
  VersionField: kind("VersionField", { missing: undefined }),
  CounterField: kind("CounterField", { ...integer, missing: 0 }),
  RelatedField: kind("RelatedField", related),
  MapField: kind("MapField", nested),
  ListField: kind("ListField", nested),
  JsonField: kind("JsonField", json),
} as const;

export type FieldTypeName = keyof typeof kinds;
