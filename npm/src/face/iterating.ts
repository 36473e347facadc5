/** Walks over all items of a model. */
import type { IterateOptions as CoreIterate, IterationPosition } from "../bridge/contract.js";
import type { IterateOptions, ModelClass } from "../types.js";
import { bindingOf, callPlace } from "./binding.js";
import { conditionToTagged } from "./conditions.js";
import { iterationBuckets } from "./definition.js";
import { instanceOf } from "./instances.js";
import type { BaoModel } from "./model.js";
import { ofWalks, refuseNoBucket, refuseOptions } from "./options.js";
import { find } from "./reading.js";

export async function* iterateBucket(
  model: ModelClass,
  bucket: number,
  options: IterateOptions | null | undefined,
): AsyncGenerator<BaoModel[], void, undefined> {
  refuseNoBucket(bindingOf(model).name, iterationBuckets(model), bucket);
  yield* iterate(model, bucket, options);
}

/** `bucket` undefined: all of them. */
export async function* iterate(
  model: ModelClass,
  bucket: number | undefined,
  options: IterateOptions | null | undefined,
): AsyncGenerator<BaoModel[], void, undefined> {
  const binding = bindingOf(model);
  refuseOptions("QueryError", binding.name, options, ofWalks);
  const { batchSize, filter, signal } = options ?? {};
  const how: CoreIterate = { batchSize, bucket, filter: conditionToTagged(binding.shape, filter) };
  let from: IterationPosition | null = null;
  while (from === null || !from.ended) {
    const place = callPlace(binding, signal);
    const batch = await binding.core.iterate(binding.number, how, from, place.call);
    const items: BaoModel[] = [];
    for (const { id, found } of batch.items) {
      items.push(instanceOf(binding, place, found) ?? (await find(model, id, { bypassCache: true, signal })));
    }
    if (items.length > 0) yield items;
    from = batch.next;
  }
}
