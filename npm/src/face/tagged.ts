/** JavaScript values to the contract's tagged JSON. */
import type { Tagged } from "../bridge/contract.js";
import { base64ToBytes, bytesToBase64 } from "./base64.js";
import { ofModel, ValidationError } from "./errors.js";
import { illFormed, isIllFormed } from "./unicode.js";

/** DynamoDB nests 32 levels; filters add some of their own. What is deeper is a mistake, perhaps a cycle. */
export const depthMax = 64;

/** Whose `[idOf]()` gives the text that stands for an object: instances of models. */
export const idOf: unique symbol = Symbol("dynamo-bao.id");

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
  try {
    return toTagged(value);
  } catch (error) {
    if (!(error instanceof ValidationError) || error.fieldName !== undefined) throw error;
    throw ofModel(modelName, new ValidationError(`${modelName}.${field}: ${error.message}`, field, error.value));
  }
}

function objectToTagged(value: object, depth: number): Tagged {
  if (depth >= depthMax) throw new ValidationError(`A value is nested deeper than ${depthMax} levels`, undefined, value);
  if (Array.isArray(value)) return value.map((member) => toTagged(member, depth + 1));
  if (value instanceof Date) return dateToTagged(value, depth);
  if (value instanceof Set) return setToTagged(value, depth);
  if (value instanceof Uint8Array) return { "#b": bytesToBase64(value) };
  if (value instanceof ArrayBuffer) return { "#b": bytesToBase64(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value)) return { "#b": bytesToBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  if (idOf in value) return (value as { [idOf](): string })[idOf]();
  const members = value instanceof Map ? value.entries() : Object.entries(value);
  return membersToTagged(members, depth);
}

// The value of a field is the core's to refuse by the field's name; within one, it would not be seen.
function dateToTagged(value: Date, depth: number): Tagged {
  const ms = value.getTime();
  if (!Number.isNaN(ms)) return { "#d": ms };
  if (depth > 0) throw new ValidationError("An invalid date is no value that can be stored", undefined, value);
  return { "#d": null };
}

function setToTagged(value: Set<unknown>, depth: number): Tagged {
  const members = [...value];
  if (depth > 0 && !members.every((member) => typeof member === "string")) {
    throw new ValidationError("A set within a value may hold strings only", undefined, value);
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
    // Plain assignment of this one name would set the prototype.
    if (text === "__proto__") {
      Object.defineProperty(result, text, { value: toTagged(member, depth + 1), enumerable: true });
    } else {
      result[text] = toTagged(member, depth + 1);
    }
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
