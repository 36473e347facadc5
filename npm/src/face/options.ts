/** Options that JSON, or the core, would take for "not given" though something was. */
import { type BaoError, ofModel, QueryError, ValidationError } from "./errors.js";

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Numbers that JSON cannot say. Others are the core's to check. */
export function refuseNoNumbers(modelName: string, options: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== "number" || Number.isFinite(value)) continue;
    throw ofModel(modelName, new ValidationError(`${modelName}: ${name} must be a whole number (value: ${value})`, undefined, value));
  }
}

export function wrongOption(modelName: string, name: string, mustBe: string, value: unknown, index?: string | null): BaoError {
  return ofModel(modelName, new QueryError(`${modelName}: ${name} must be ${mustBe}, not ${shown(value)}`, index ?? undefined));
}

/** One bucket of an iteration or search. */
export function refuseNoBucket(modelName: string, buckets: number, bucket: unknown): void {
  if (Number.isSafeInteger(bucket)) return;
  throw ofModel(modelName, new QueryError(`${modelName}: Invalid bucket number ${shown(bucket)}: there are ${buckets}, counted from 0`));
}
