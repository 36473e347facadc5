/** Searches for the words of a model's search fields. */
import type { SearchOptions as CoreSearch } from "../bridge/contract.js";
import type { ModelClass, SearchOptions, SearchResult } from "../types.js";
import { bindingOf, readPlace } from "./binding.js";
import { conditionToTagged } from "./conditions.js";
import { iterationBuckets } from "./definition.js";
import { ofModel, QueryError } from "./errors.js";
import { instanceOf } from "./instances.js";
import type { BaoModel } from "./model.js";
import { capacityOf } from "./querying.js";
import { ofSearches, refuseNoBucket } from "./options.js";
import { find } from "./reading.js";

/** What `parallel: true` means. */
const inParallel = 10;

export async function searchBucket(
  model: ModelClass,
  bucket: number,
  terms: string | readonly string[],
  options: SearchOptions | null | undefined,
): Promise<SearchResult<BaoModel>> {
  refuseNoBucket(bindingOf(model).name, iterationBuckets(model), bucket);
  return search(model, bucket, terms, options);
}

/** `bucket` undefined: all of them. */
export async function search(
  model: ModelClass,
  bucket: number | undefined,
  terms: string | readonly string[],
  options: SearchOptions | null | undefined,
): Promise<SearchResult<BaoModel>> {
  const binding = bindingOf(model);
  const { operator, limit, batchSize, maxQueriesPerBucket, parallel, cursor, filter, signal } = options ?? {};
  const place = readPlace(binding, options, ofSearches);
  const how: CoreSearch = {
    operator, batchSize, maxQueriesPerBucket, bucket, cursor,
    // What is null would be no limit, which only Infinity says. 0 is refused in the same words.
    limit: limit === Infinity ? null : limit === null ? 0 : limit,
    parallel: typeof parallel === "boolean" ? (parallel ? inParallel : 1) : parallel,
    filter: conditionToTagged(binding.shape, filter),
  };
  const found = await binding.core.search(binding.number, typeof terms === "string" ? terms : textsOf(binding.name, terms), how, place.call);
  const items: BaoModel[] = [];
  for (const { id, found: one } of found.items) {
    items.push(instanceOf(binding, place, one) ?? (await find(model, id, { bypassCache: true, signal })));
  }
  return { items, cursor: found.cursor, consumedCapacity: capacityOf(binding, found) };
}

/** Numbers are texts, too. What somebody left out is none. */
function textsOf(modelName: string, terms: readonly unknown[]): string[] {
  if (Array.isArray(terms) && terms.every((term) => ["string", "number"].includes(typeof term))) return terms.map(String);
  throw ofModel(modelName, new QueryError(`${modelName}: search terms are a string or a list of strings`));
}
