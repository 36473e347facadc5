/** Filters, conditions and key conditions of the user's, with their values tagged. */
import type { Tagged } from "../bridge/contract.js";
import { QueryError } from "./errors.js";
import type { FieldInfo, Shape } from "./shape.js";
import { toTagged } from "./tagged.js";

/** undefined where there is nothing to ask for. */
export function conditionToTagged(shape: Shape, condition: unknown): Tagged | undefined {
  if (condition === null || condition === undefined) return undefined;
  if (typeof condition !== "object" || Array.isArray(condition)) {
    throw new QueryError(`A filter or condition must be an object, not ${Array.isArray(condition) ? "a list" : typeof condition}`);
  }
  if (shape.custom.length === 0) return toTagged(condition);
  return toTagged(convertCustom(shape, condition as Record<string, unknown>));
}

// Values of custom fields are compared in their stored form.
function convertCustom(shape: Shape, condition: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(condition).map(([name, wanted]) => {
      if ((name === "$and" || name === "$or") && Array.isArray(wanted)) {
        return [name, wanted.map((part) => convertCustom(shape, part as Record<string, unknown>))];
      }
      if (name === "$not" && typeof wanted === "object" && wanted !== null) {
        return [name, convertCustom(shape, wanted as Record<string, unknown>)];
      }
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
