/** Filters, conditions and key conditions of the user's, with their values tagged. */
import type { Tagged } from "../bridge/contract.js";
import { isPlain } from "./copies.js";
import { ofModel, QueryError } from "./errors.js";
import type { FieldInfo, Shape } from "./shape.js";
import { depthMax, fieldToTagged, toTagged } from "./tagged.js";

/** undefined where there is nothing to ask for. */
export function conditionToTagged(shape: Shape, condition: unknown): Tagged | undefined {
  if (condition === null || condition === undefined) return undefined;
  if (typeof condition !== "object" || Array.isArray(condition)) {
    throw new QueryError(`A filter or condition must be an object, not ${Array.isArray(condition) ? "a list" : typeof condition}`);
  }
  const converted = shape.custom.length === 0 ? condition : convertCustom(shape, condition as Record<string, unknown>);
  eachField(converted, (name, wanted) => refuseUndefined(shape.modelName, name, wanted));
  try {
    return toTagged(converted);
  } catch (error) {
    // Which of the fields' values is no value is asked only then.
    eachField(converted, (name, wanted) => void fieldToTagged(shape.modelName, name, wanted));
    throw error;
  }
}

function isCondition(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is no condition within one is the core's to refuse. `depth` stops at cycles, which are refused as values. */
function eachField(condition: unknown, visit: (name: string, wanted: unknown) => void, depth = 0): void {
  if (!isCondition(condition) || depth > depthMax) return;
  for (const [name, wanted] of Object.entries(condition)) {
    if ((name === "$and" || name === "$or") && Array.isArray(wanted)) for (const part of wanted) eachField(part, visit, depth + 1);
    else if (name === "$not" && isCondition(wanted)) eachField(wanted, visit, depth + 1);
    else visit(name, wanted);
  }
}

/**
 * What is undefined would be left out on the way to the core: a condition of a value that somebody forgot would hold for
 * every item. Members of a map to compare with are left out as they are where it is stored.
 */
export function refuseUndefined(modelName: string, field: string, wanted: unknown, index?: string | null): void {
  let operator = "";
  if (isPlain(wanted)) {
    const missing = Object.entries(wanted).find(([name, value]) => name.startsWith("$") && isMissing(value));
    if (missing === undefined) return;
    operator = ` of ${missing[0]}`;
  } else if (wanted !== undefined) {
    return;
  }
  const message = `${modelName}.${field}: the value${operator} to compare with is undefined; null asks for what has no value`;
  throw ofModel(modelName, new QueryError(message, index ?? undefined, field));
}

function isMissing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.includes(undefined));
}

// Values of custom fields are compared in their stored form.
function convertCustom(shape: Shape, condition: Record<string, unknown>, depth = 0): Record<string, unknown> {
  if (depth > depthMax) return condition;
  return Object.fromEntries(
    Object.entries(condition).map(([name, wanted]) => {
      if ((name === "$and" || name === "$or") && Array.isArray(wanted)) {
        return [name, wanted.map((part: unknown) => (isCondition(part) ? convertCustom(shape, part, depth + 1) : part))];
      }
      if (name === "$not" && isCondition(wanted)) return [name, convertCustom(shape, wanted, depth + 1)];
      const info = shape.byName.get(name);
      return [name, info?.custom?.toDy ? convertValue(info, wanted) : wanted];
    }),
  );
}

const comparing = new Set(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"]);
const listing = new Set(["$in", "$between"]);

function convertValue(info: FieldInfo, wanted: unknown): unknown {
  const convert = (value: unknown): unknown => (value === null || value === undefined ? value : info.field.toDy(value));
  if (typeof wanted !== "object" || wanted === null || Object.getPrototypeOf(wanted) !== Object.prototype) return convert(wanted);
  const operators = Object.entries(wanted);
  if (!operators.some(([name]) => name.startsWith("$"))) return convert(wanted);
  return Object.fromEntries(
    operators.map(([name, value]) => {
      if (comparing.has(name)) return [name, convert(value)];
      if (listing.has(name) && Array.isArray(value)) return [name, value.map(convert)];
      return [name, value];
    }),
  );
}
