/** Options, and other objects and lists, that nobody, or JSON, or the core, would take for "not given" though something was. */
import type { CountOptions, FindOptions, IterateOptions, QueryOptions, SaveConstraints, SaveOptions, ScanOptions, SearchOptions } from "../types.js";
import { isObject } from "./copies.js";
import { ofModel, QueryError } from "./errors.js";
import { makeError } from "./make_error.js";
import type { TableOptions } from "./model_manager.js";
import { idOf } from "./tagged.js";

/** What each kind of call takes. */
export const ofFinds: (keyof FindOptions)[] = ["batchDelay", "bypassCache", "loaderContext", "consistent", "signal"];
export const ofCounts: (keyof CountOptions)[] = ["index", "consistent", "signal", "filter"];
export const ofScans: (keyof ScanOptions)[] = [...ofCounts, "limit", "startKey", "attributes", "returnWrapped", "segment", "totalSegments"];
export const ofQueries: (keyof QueryOptions)[] = [
  "loaderContext", "consistent", "signal", "filter", "limit", "startKey", "attributes", "returnWrapped",
  "direction", "countOnly", "loadRelated", "relatedFields", "relatedOnly",
];
export const ofWalks: (keyof IterateOptions)[] = ["signal", "filter", "batchSize"];
export const ofSearches: (keyof SearchOptions)[] = [...ofWalks, "limit", "operator", "maxQueriesPerBucket", "parallel", "cursor"];
export const ofTables: (keyof TableOptions)[] = ["searchIndex", "progress", "signal"];
const ofWrites: (keyof SaveOptions)[] = ["condition", "forceReindex", "constraints", "signal"];

type Kind = [mustBe: string, is: (value: any) => boolean];
const flag: Kind = ["true or false", (value) => typeof value === "boolean"];
const object: Kind = ["an object", isObject];
const condition: Kind = ["an object", (value) => isObject(value) || value instanceof Map];
const whole: Kind = ["a whole number", Number.isInteger];
const text = (mustBe: string): Kind => [mustBe, (value) => value && typeof value === "string"];
const either = (one: string, other: string): Kind => [`"${one}" or "${other}"`, (value) => value === one || value === other];

type Options = FindOptions & ScanOptions & QueryOptions & IterateOptions & SearchOptions & SaveOptions & SaveConstraints & TableOptions;

/** What an option is, in all calls that take it. The others are checked where they are used; so are the bounds of numbers, by the core. */
const kinds: Record<Exclude<keyof Options, "signal" | "fieldMatches" | "relatedFields" | "progress">, Kind> = {
  bypassCache: flag, consistent: flag, countOnly: flag, loadRelated: flag, relatedOnly: flag, returnWrapped: flag,
  forceReindex: flag, mustExist: flag, mustNotExist: flag, searchIndex: flag,
  constraints: object, startKey: object, filter: condition, condition,
  loaderContext: ["an object", (value) => Object(value) === value],
  segment: whole, totalSegments: whole, batchSize: whole, maxQueriesPerBucket: whole,
  parallel: ["a whole number, or true or false", (value) => flag[1](value) || whole[1](value)],
  limit: ["a positive integer or Infinity", (value) => value === Infinity || (whole[1](value) && value > 0)],
  batchDelay: ["a number of milliseconds, from 0 on", (value) => Number.isFinite(value) && value >= 0],
  direction: either("ASC", "DESC"),
  operator: either("AND", "OR"),
  cursor: text("the cursor of an earlier result"),
  index: text("the name of an index"),
  attributes: ["a list of names of fields", Array.isArray],
};

/** Refuses options that are none of `known`, and values of a wrong type; what is null or undefined is not given. `index`: of a query. */
export function refuseOptions(kind: string, place: string, given: unknown, known: readonly string[], isOpen = false, index?: string | null, model = place): void {
  const refuse = (name: string, value: unknown, [mustBe, is]: Kind): void => {
    if (value !== undefined && value !== null && !is(value)) throw wrongOption(place, name, mustBe, value, kind, index, model);
  };
  refuse("options", given, object);
  refuseStrange(kind, place, given, known, isOpen, model);
  for (const name in given as object) {
    if (known.includes(name) && name in kinds) refuse(name, (given as Options)[name as keyof Options], kinds[name as keyof typeof kinds]);
  }
}

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

/** The options of a write. Hooks are given them, too, and may have their own. Only saves have constraints. */
export function checkedToWrite<T extends SaveOptions | null | undefined>(modelName: string, options: T, constraining: readonly string[] = []): T {
  refuseOptions("ValidationError", modelName, options, ofWrites, true);
  refuseOptions("ValidationError", modelName, options?.constraints, constraining);
  return options;
}

/** A value in an error; not what is in an object, which may be anything. */
export function shown(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value === "string" ? JSON.stringify(value) : String(value);
  return idOf in value ? "an instance" : Object.prototype.toString.call(value);
}

/** A copy of what is given as the values of an item. Those of an instance are no members of its own. */
export function objectOf(modelName: string, what: string, data: unknown): Record<string, unknown> {
  if (!isObject(data) || idOf in data) throw wrongOption(modelName, what, "an object", data, "ValidationError");
  return { ...data };
}

/** What `make` gives of each member and its place; nothing of what is not given. */
export function listOf<T, R>(modelName: string, what: string, list: readonly T[] | null | undefined, make: (one: T, place: string) => R): R[] {
  if (!Array.isArray(list ?? [])) throw wrongOption(modelName, what, "a list", list, "ValidationError");
  return Array.from(list ?? [], (one, at) => make(one, `${what}[${at}]`));
}

export function wrongOption(place: string, name: string, mustBe: string, value: unknown, kind = "QueryError", index?: string | null, model = place): Error {
  const details = { index: index ?? undefined, value } as { index?: string; value: string };
  return makeError({ kind, model, message: `${place}: ${name} must be ${mustBe}, not ${shown(value)}`, ...details });
}

/** One bucket of an iteration or search. */
export function refuseNoBucket(modelName: string, buckets: number, bucket: unknown): void {
  if (Number.isSafeInteger(bucket)) return;
  throw ofModel(modelName, new QueryError(`${modelName}: Invalid bucket number ${shown(bucket)}: there are ${buckets}, counted from 0`));
}
