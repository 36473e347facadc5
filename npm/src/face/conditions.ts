/** Filters, conditions and key conditions of the user's, with their values tagged. */
import type { Tagged } from "../bridge/contract.js";
import { isObject, isPlain } from "./copies.js";
import { ofModel, QueryError } from "./errors.js";
import type { FieldInfo, Shape } from "./shape.js";
import { depthMax, fieldToTagged, idOf, toTagged } from "./tagged.js";
import { storedValue } from "./wire.js";

/** undefined where there is nothing to ask for. That it is an object was seen to with the other options. */
export function conditionToTagged(shape: Shape, condition: unknown): Tagged | undefined {
  if (condition === null || condition === undefined) return undefined;
  const converted = mapFields(condition instanceof Map ? Object.fromEntries(condition) : condition, (name, wanted) => wantedStored(shape, name, wanted));
  try {
    return toTagged(converted);
  } catch (error) {
    // Which of the fields' values is no value is asked only then.
    mapFields(converted, (name, wanted) => fieldToTagged(shape.modelName, name, wanted));
    throw error;
  }
}

/** What has no members would hold for every item, as a condition. */
function isCondition(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !(idOf in value);
}

/**
 * The condition with what `visit` gives for its fields. What is no condition within one is the core's to refuse. `depth` stops
 * at cycles, which are refused as values.
 */
export function mapFields(condition: unknown, visit: (name: string, wanted: unknown) => unknown, depth = 0): unknown {
  if (!isCondition(condition) || depth > depthMax) return condition;
  const within = (part: unknown): unknown => mapFields(part, visit, depth + 1);
  return Object.fromEntries(
    Object.entries(condition).map(([name, wanted]) => {
      if ((name === "$and" || name === "$or") && Array.isArray(wanted)) return [name, wanted.map(within)];
      return [name, name === "$not" && isCondition(wanted) ? within(wanted) : visit(name, wanted)];
    }),
  );
}

/**
 * What is undefined would be left out on the way to the core: a condition of a value that somebody forgot would hold for
 * every item. Members of a map to compare with are left out as they are where it is stored.
 */
function refuseUndefined(modelName: string, field: string, wanted: unknown, index?: string | null): void {
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

const comparing = new Set(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"]);
const listing = new Set(["$in", "$between"]);

/** What a field is to be compared with, its values as they are stored. */
export function wantedStored(shape: Shape, field: string, wanted: unknown, index?: string | null): unknown {
  const info = shape.byName.get(field);
  const stored = info === undefined ? wanted : convertValue(info, wanted);
  refuseUndefined(shape.modelName, field, stored, index);
  return stored;
}

function convertValue(info: FieldInfo, wanted: unknown): unknown {
  const convert = (value: unknown): unknown => storedValue(info, value);
  if (!isPlain(wanted)) return convert(wanted);
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
