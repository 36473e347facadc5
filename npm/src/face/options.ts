/** Options that nobody, or JSON, or the core, would take for "not given" though something was. */
import type { CountOptions, FindOptions, IterateOptions, QueryOptions, SaveOptions, ScanOptions, SearchOptions } from "../types.js";
import { type BaoError, ofModel, QueryError, ValidationError } from "./errors.js";
import { makeError } from "./make_error.js";

/** What each kind of read takes. */
export const ofFinds: (keyof FindOptions)[] = ["batchDelay", "bypassCache", "loaderContext", "consistent", "signal"];
export const ofCounts: (keyof CountOptions)[] = ["index", "consistent", "signal", "filter"];
export const ofScans: (keyof ScanOptions)[] = [...ofCounts, "limit", "startKey", "attributes", "returnWrapped", "segment", "totalSegments"];
export const ofQueries: (keyof QueryOptions)[] = [
  "loaderContext", "consistent", "signal", "filter", "limit", "startKey", "attributes", "returnWrapped",
  "direction", "countOnly", "loadRelated", "relatedFields", "relatedOnly",
];
export const ofWalks: (keyof IterateOptions)[] = ["signal", "filter", "batchSize"];
export const ofSearches: (keyof SearchOptions)[] = [...ofWalks, "limit", "operator", "maxQueriesPerBucket", "parallel", "cursor"];
const writing: (keyof SaveOptions)[] = ["condition", "forceReindex", "constraints", "signal"];

/**
 * Refuses the first name in `given` that is none of `known`. `isOpen`: others may have names of their own there, so that only
 * what is nearly one of `known` is strange.
 */
export function refuseStrange(kind: string, place: string, given: unknown, known: readonly string[], isOpen = false, model = place): void {
  for (const name in given as object) {
    if (known.includes(name)) continue;
    const meant = didYouMean(name, known, isOpen ? 2 : 3);
    if (meant || !isOpen) throw makeError({ kind, model, message: `${place}: unknown option '${name}'${meant}` });
  }
}

/** What to add to an error; empty where none of `known` is nearer than `below` differences. */
export function didYouMean(name: string, known: readonly string[], below = 3): string {
  const meant = known.find((one) => differences(name, one) < below);
  return meant ? `; did you mean '${meant}'?` : "";
}

/** Letters that one of the names lacks: a wrong one counts twice; their order and case do not. */
function differences(name: string, meant: string): number {
  let left = name.toLowerCase();
  let lacking = 0;
  for (const letter of meant.toLowerCase()) {
    if (!left.includes(letter)) lacking += 1;
    left = left.replace(letter, "");
  }
  return lacking + left.length;
}

/** Hooks are given the options, too, and may have their own. Only saves have constraints. */
export function refuseStrangeToWrite(modelName: string, options: SaveOptions | null | undefined, constraining: readonly string[] = []): void {
  refuseStrange("ValidationError", modelName, options, writing, true);
  refuseStrange("ValidationError", modelName, options?.constraints, constraining);
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Numbers that JSON cannot say. Others are the core's to check. */
export function refuseNoNumbers(modelName: string, options: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== "bigint" && (typeof value !== "number" || Number.isFinite(value))) continue;
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
