import type { Page, QueryOptions as CoreQuery, ScanOptions as CoreScan, Tagged } from "../bridge/contract.js";
import type { ConsumedCapacity, CountOptions, CountResult, ModelClass, QueryOptions, QueryResult, ScanOptions } from "../types.js";
import { type Binding, bindingOf, readPlace } from "./binding.js";
import { conditionToTagged, mapFields, wantedStored } from "./conditions.js";
import { isPlain } from "./copies.js";
import { ofModel, QueryError } from "./errors.js";
import { makeInstance } from "./instances.js";
import { BaoModel, plainValues } from "./model.js";
import * as relations from "./relations.js";
import { ofCounts, ofQueries, ofScans, refuseOptions, wrongOption } from "./options.js";
import { fieldToTagged } from "./tagged.js";
import { toWire } from "./wire.js";

/** `index` null: the primary key. */
export async function query(
  model: ModelClass,
  index: string | null,
  partition: unknown,
  sort: unknown,
  options?: QueryOptions | null,
): Promise<QueryResult<unknown> | CountResult> {
  const binding = bindingOf(model);
  const chosen = options ?? {};
  const { call } = readPlace(binding, options, ofQueries, index);
  refuseContradictions(binding, index, chosen);
  const page = await binding.core.query(
    binding.number,
    index,
    partitionToTagged(binding, index, partition),
    sort === undefined || sort === null ? null : sortToTagged(binding, index, sort),
    coreOptions(binding, chosen),
    call,
  );
  if (chosen.countOnly) return countOf(binding, page);
  return resultOf(binding, page, call.tenant, chosen);
}

export async function* queryPages(
  model: ModelClass,
  index: string,
  partition: unknown,
  sort: unknown,
  options?: QueryOptions | null,
): AsyncGenerator<QueryResult<unknown>, void, undefined> {
  const { name } = bindingOf(model);
  refuseOptions("QueryError", name, options, ofQueries, false, index);
  if (options?.countOnly) throw wrongOption(name, "countOnly", "left out where items are asked for page by page", true, "QueryError", index);
  let startKey = options?.startKey;
  do {
    const page = (await query(model, index, partition, sort, { ...options, startKey })) as QueryResult<unknown>;
    yield page;
    startKey = page.lastEvaluatedKey;
  } while (startKey !== undefined);
}

export async function scan(model: ModelClass, options?: ScanOptions | null): Promise<QueryResult<unknown>> {
  const binding = bindingOf(model);
  const chosen = options ?? {};
  const { call } = readPlace(binding, options, ofScans);
  const page = await binding.core.scan(binding.number, scanOptions(binding, chosen), call);
  return resultOf(binding, page, call.tenant, { attributes: chosen.attributes, returnWrapped: chosen.returnWrapped });
}

export async function count(model: ModelClass, options?: CountOptions | null): Promise<number> {
  const binding = bindingOf(model);
  const { filter, index, consistent } = options ?? {};
  const { call } = readPlace(binding, options, ofCounts);
  const page = await binding.core.count(binding.number, scanOptions(binding, { filter, index, consistent }), call);
  return page.count;
}

function scanOptions({ shape }: Binding, { filter, limit, startKey, index, segment, totalSegments, consistent, attributes }: ScanOptions): CoreScan {
  return { filter: conditionToTagged(shape, filter), limit, startKey, index, segment, totalSegments, consistent, attributes };
}

/** A query that says `loadRelated: false` may keep the names of what it would load. */
function refuseContradictions({ name, shape }: Binding, index: string | null, { countOnly, relatedOnly, relatedFields, loadRelated, returnWrapped }: QueryOptions): void {
  relations.refuseNoRelated(shape, relatedFields ?? []);
  const lacking =
    relatedOnly && !loadRelated ? "relatedOnly requires loadRelated to be true"
    : relatedOnly && relatedFields?.length !== 1 ? "relatedOnly requires a single entry in relatedFields"
    : relatedFields?.length && typeof loadRelated !== "boolean" ? "relatedFields requires loadRelated to be true"
    : loadRelated && !relatedOnly && returnWrapped === false && !countOnly ? "loadRelated with returnWrapped: false requires relatedOnly"
    : "";
  if (lacking) throw ofModel(name, new QueryError(`${name}: ${lacking}`, index ?? undefined));
}

function coreOptions({ shape }: Binding, { filter, limit, startKey, direction, countOnly, consistent, attributes }: QueryOptions): CoreQuery {
  return { filter: conditionToTagged(shape, filter), limit, startKey, direction, countOnly, consistent, attributes };
}

/** The names of the halves' fields. */
function keyNames(binding: Binding, index: string | null): { pk?: string; sk?: string } {
  const { model } = binding;
  if (index === null) return model.primaryKey;
  const known = model.indexes?.[index];
  return known === "primaryKey" ? model.primaryKey : (known ?? {});
}

function partitionToTagged(binding: Binding, index: string | null, value: unknown): Tagged {
  const pk = keyNames(binding, index).pk ?? "";
  const { modelPrefix } = binding.model;
  if (pk === "modelPrefix" && value !== undefined && value !== null && value !== modelPrefix) {
    throw wrongOption(binding.name, pk, JSON.stringify(modelPrefix), value, "QueryError", index);
  }
  const info = binding.shape.byName.get(pk);
  return info === undefined ? fieldToTagged(binding.name, pk || "partition key", value) : toWire(info, value, "comparison");
}

/** A value, operators, or either under the sort key's name; of what is named otherwise the core says so. */
function sortToTagged(binding: Binding, index: string | null, value: unknown): Tagged {
  const sk = keyNames(binding, index).sk ?? "sort key";
  const { name, shape } = binding;
  const stored = (field: string, wanted: unknown): unknown => wantedStored(shape, field, wanted, index);
  const isNamed = isPlain(value) && Object.keys(value).every((field) => shape.byName.has(field));
  return fieldToTagged(name, sk, isNamed ? mapFields(value, stored) : stored(sk, value));
}

export function capacityOf(binding: Binding, { capacity }: Pick<Page, "capacity">): ConsumedCapacity {
  return {
    TableName: binding.tableName,
    CapacityUnits: capacity.read + capacity.write,
    ReadCapacityUnits: capacity.read,
    WriteCapacityUnits: capacity.write,
  };
}

function countOf(binding: Binding, page: Page): CountResult {
  const result: CountResult = { count: page.count, consumedCapacity: capacityOf(binding, page) };
  if (page.lastEvaluatedKey !== undefined) result.lastEvaluatedKey = page.lastEvaluatedKey;
  return result;
}

async function resultOf(binding: Binding, page: Page, tenant: string, options: QueryOptions): Promise<QueryResult<unknown>> {
  const items = page.rows.map(({ id, row }) => makeInstance(binding, id, row, tenant));
  for (const item of items) BaoModel.stateOf(item).projected = options.attributes;
  return {
    items: await shown(items, options),
    count: page.count,
    lastEvaluatedKey: page.lastEvaluatedKey,
    consumedCapacity: capacityOf(binding, page),
  };
}

async function shown(items: BaoModel[], options: QueryOptions): Promise<unknown[]> {
  let result = items;
  if (options.loadRelated) {
    await Promise.all(items.map((item) => relations.loadAll(item, options.relatedFields, options.loaderContext)));
    const field = options.relatedFields?.[0];
    if (options.relatedOnly) result = items.map((item) => relations.related(item, field!)).filter((target) => target?.exists()) as BaoModel[];
  }
  return options.returnWrapped === false ? result.map(plainValues) : result;
}
