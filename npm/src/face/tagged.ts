/** JavaScript values to the contract's tagged JSON. */
import type { Tagged } from "../bridge/contract.js";
import { base64ToBytes, bytesToBase64 } from "./base64.js";
import { setMember } from "./copies.js";
import { ofModel, ValidationError } from "./errors.js";
import type { FieldInfo } from "./shape.js";
import { illFormed, isIllFormed } from "./unicode.js";

/** DynamoDB nests 32 levels; filters add some of their own. What is deeper is a mistake, perhaps a cycle. */
export const depthMax = 64;

/** Whose `[idOf]()` gives the text that stands for an object: instances of models. */
export const idOf: unique symbol = Symbol("dynamo-bao.id");

/** `info`: the field that the object is a value of. */
export interface HasId {
  [idOf](info?: FieldInfo): string;
}

/** Where the value is that is being converted, within the one of a field. */
const steps: (string | number)[] = [];

function memberToTagged(step: string | number, member: unknown, depth: number): Tagged {
  steps[depth] = step;
  steps.length = depth + 1;
  return toTagged(member, depth + 1);
}

export function toTagged(value: unknown, depth = 0): Tagged {
  switch (typeof value) {
    case "string":
      return wellFormed(value);
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "number":
      return Number.isFinite(value) ? value : { "#n": String(value) };
    case "bigint":
      return { "#n": value.toString() };
    case "object":
      return value === null ? null : objectToTagged(value, depth);
    default:
      throw new ValidationError(`A ${typeof value} is no value that can be stored`, undefined, value);
  }
}

function wellFormed(text: string): string {
  if (isIllFormed(text)) throw new ValidationError(illFormed, undefined, text);
  return text;
}

/** The same for a value of a field, which errors name. */
export function fieldToTagged(modelName: string, field: string, value: unknown): Tagged {
  steps.length = 0;
  try {
    return toTagged(value);
  } catch (error) {
    if (!(error instanceof ValidationError) || error.fieldName !== undefined) throw error;
    throw ofModel(modelName, new ValidationError(`${[modelName, field, ...steps].join(".")}: ${error.message}`, field, error.value));
  }
}

function objectToTagged(value: object, depth: number): Tagged {
  if (depth >= depthMax) {
    // A path so long, perhaps round and round, says nothing.
    steps.length = 0;
    throw new ValidationError(`Nested deeper than ${depthMax} levels`, undefined, value);
  }
  if (Array.isArray(value)) return value.map((member, position) => memberToTagged(position, member, depth));
  // JSON has no NaN: null stands for what is no date, which the core refuses by its place.
  if (value instanceof Date) return { "#d": value.getTime() };
  if (value instanceof Set) return setToTagged(value, depth);
  if (value instanceof Uint8Array) return { "#b": bytesToBase64(value) };
  if (value instanceof ArrayBuffer) return { "#b": bytesToBase64(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value)) return { "#b": bytesToBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  if (idOf in value) return (value as HasId)[idOf]();
  const members = value instanceof Map ? value.entries() : Object.entries(value);
  return membersToTagged(members, depth);
}

function setToTagged(value: Set<unknown>, depth: number): Tagged {
  const members = [...value];
  if (depth > 0 && !members.every((member) => typeof member === "string")) {
    throw new ValidationError("A set may hold strings only", undefined, value);
  }
  return { "#s": members.map((member) => toTagged(member, depth + 1)) };
}

function membersToTagged(members: Iterable<[unknown, unknown]>, depth: number): Tagged {
  const result: Record<string, Tagged> = {};
  let count = 0;
  let looksTagged = false;
  for (const [name, member] of members) {
    if (member === undefined) continue;
    const text = wellFormed(String(name));
    setMember(result, text, memberToTagged(text, member, depth));
    count += 1;
    looksTagged = text.startsWith("#");
  }
  return looksTagged && count === 1 ? { "#m": result } : result;
}

/** Tagged JSON, as rows of maps and lists hold it, back to JavaScript values. */
export function fromTagged(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromTagged);
  const entries = Object.entries(value);
  const only = entries.length === 1 ? entries[0] : undefined;
  if (only !== undefined && only[0].startsWith("#")) return untag(only[0], only[1]);
  return untagMembers(entries);
}

function untagMembers(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries.map(([name, member]) => [name, fromTagged(member)]));
}

function untag(tag: string, content: unknown): unknown {
  switch (tag) {
    case "#n":
      return numberOfText(content as string);
    case "#d":
      return new Date(content as number);
    case "#b":
      return base64ToBytes(content as string);
    case "#s":
      return new Set(content as string[]);
    case "#ns":
      return new Set((content as string[]).map(numberOfText));
    case "#bs":
      return new Set((content as string[]).map(base64ToBytes));
    default:
      return untagMembers(Object.entries(content as object));
  }
}

/** A number where it is exact, else a bigint; decimal fractions are numbers. */
export function numberOfText(text: string): number | bigint {
  const number = Number(text);
  if (Number.isSafeInteger(number) || !/^-?\d+$/.test(text)) return number;
  return BigInt(text);
}
