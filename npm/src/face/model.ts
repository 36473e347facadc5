/** The base class of models: their statics define them, instances hold the values of one item. */
import type {
  BatchFindResult,
  BatchWriteResult,
  BatchWrites,
  CallOptions,
  Changes,
  ConstraintName,
  ConstraintValue,
  ConsumedCapacity,
  CountOptions,
  CreateData,
  DeleteOptions,
  FieldMap,
  FieldsOf,
  FindOptions,
  IdOf,
  Index,
  IndexName,
  IterateOptions,
  PageKey,
  PartitionValue,
  Plugin,
  PrimaryKey,
  PrimaryPartitionValue,
  PrimarySortValue,
  QueryAnswer,
  QueryOptions,
  QueryResult,
  SaveOptions,
  SearchOptions,
  SearchResult,
  ScanOptions,
  SortKeyCondition,
  SortValue,
  UniqueConstraint,
  WriteOptions,
} from "../types.js";
import { bindingOf } from "./binding.js";
import { currentScope } from "./context.js";
import { copyOf } from "./copies.js";
import { iterationBuckets } from "./definition.js";
import { ValidationError } from "./errors.js";
import { takePrepared } from "./instances.js";
import { refuseUnrelated } from "./foreign.js";
import { forItsTenant } from "./item_tenant.js";
import { ItemState } from "./item_state.js";
import type { ModelManager } from "./model_manager.js";
import { registerPlugin } from "./plugins.js";
import * as iterating from "./iterating.js";
import { objectOf } from "./options.js";
import * as querying from "./querying.js";
import * as reading from "./reading.js";
import * as searching from "./searching.js";
import * as relations from "./relations.js";
import { type FieldInfo, provideAccess, shapeOf } from "./shape.js";
import { idOf } from "./tagged.js";
import { applyInitialValues } from "./wire.js";
import * as writing from "./writing.js";

type CapacityType = "read" | "write" | "total";

export class BaoModel {
  /** 1 to 4 characters, unique among the models of a table. Never changes. */
  static modelPrefix: string;
  static fields: FieldMap = {};
  static primaryKey: PrimaryKey;
  static indexes: { [name: string]: Index | PrimaryKey | "primaryKey" } = {};
  static uniqueConstraints: { [name: string]: UniqueConstraint } = {};
  static tableType?: "standard" | "mapping";
  static iterable?: boolean;
  static iterationBuckets?: number;
  static keyFormat?: 1 | 2;
  static searchable?: false | { fields: readonly string[]; caseSensitive?: boolean; minTermLength?: number; dedupe?: boolean };

  #state: ItemState;

  /** A new item, not saved yet. */
  constructor(data: object = {}) {
    const prepared = takePrepared();
    if (prepared !== null) {
      this.#state = prepared;
      return;
    }
    const model = new.target;
    const shape = shapeOf(model);
    this.#state = new ItemState(shape);
    // What a program makes all its items of is not one item's to change in place.
    const values: Record<string, unknown> = Object.fromEntries(Object.entries(objectOf(model.name, "data", data)).map(([name, value]) => [name, copyOf(value)]));
    applyInitialValues(shape, values);
    for (const name of Object.keys(values)) {
      const info = shape.byName.get(name);
      if (info === undefined) throw new ValidationError(`${model.name} has no field ${JSON.stringify(name)}`, name, values[name]);
      this.#state.set(info, values[name]);
    }
  }

  /** @internal */
  static stateOf(instance: BaoModel): ItemState {
    return instance.#state;
  }

  // Reading.

  /** Always an object; its `exists()` tells whether the item is there. */
  static find<M extends typeof BaoModel>(this: M, id: IdOf<M> | null | undefined, options?: FindOptions): Promise<InstanceType<M>> {
    return reading.find(this, id, options) as Promise<InstanceType<M>>;
  }

  /** `find` by the halves of the primary key. */
  static findByPrimaryKey<M extends typeof BaoModel>(
    this: M,
    partition: PrimaryPartitionValue<M>,
    sort?: PrimarySortValue<M>,
    options?: FindOptions,
  ): Promise<InstanceType<M>> {
    return reading.findByPrimaryKey(this, partition, sort, options) as Promise<InstanceType<M>>;
  }

  /** Any number of items, each once, in requests of up to 100. */
  static batchFind<M extends typeof BaoModel>(
    this: M,
    ids: readonly IdOf<M>[] | null | undefined,
    options?: FindOptions,
  ): Promise<BatchFindResult<InstanceType<M>>> {
    return reading.batchFind(this, ids, options) as Promise<BatchFindResult<InstanceType<M>>>;
  }

  /** The item that has the value in the constraint's field. */
  static findByUniqueConstraint<M extends typeof BaoModel, Name extends ConstraintName<M>>(
    this: M,
    constraint: Name,
    value: ConstraintValue<M, Name>,
    options?: FindOptions,
  ): Promise<InstanceType<M>> {
    return reading.findByUniqueConstraint(this, constraint, value, options) as Promise<InstanceType<M>>;
  }

  /** A page of the items that an index gathers under a partition key. */
  static queryByIndex<M extends typeof BaoModel, Name extends IndexName<M>, CountOnly extends boolean = false>(
    this: M,
    index: Name,
    partition: PartitionValue<M, Name>,
    sort?: SortKeyCondition<SortValue<M, Name>> | null,
    options?: QueryOptions<FieldsOf<M>, CountOnly>,
  ): Promise<QueryAnswer<InstanceType<M>, CountOnly>> {
    // null is the primary key's there.
    return querying.query(this, String(index), partition, sort, options) as Promise<QueryAnswer<InstanceType<M>, CountOnly>>;
  }

  static queryByPrimaryKey<M extends typeof BaoModel, CountOnly extends boolean = false>(
    this: M,
    partition: PrimaryPartitionValue<M>,
    sort?: SortKeyCondition<PrimarySortValue<M>> | null,
    options?: QueryOptions<FieldsOf<M>, CountOnly>,
  ): Promise<QueryAnswer<InstanceType<M>, CountOnly>> {
    return querying.query(this, null, partition, sort, options) as Promise<QueryAnswer<InstanceType<M>, CountOnly>>;
  }

  /** All pages of a query, one after the other. */
  static queryPages<M extends typeof BaoModel, Name extends IndexName<M>>(
    this: M,
    index: Name,
    partition: PartitionValue<M, Name>,
    sort?: SortKeyCondition<SortValue<M, Name>> | null,
    options?: QueryOptions<FieldsOf<M>, false>,
  ): AsyncGenerator<QueryResult<InstanceType<M>>, void, undefined> {
    return querying.queryPages(this, String(index), partition, sort, options) as AsyncGenerator<QueryResult<InstanceType<M>>, void, undefined>;
  }

  /** A page of a scan of the table, restricted to this model's items of the tenant. An index is cheaper. */
  static scan<M extends typeof BaoModel>(this: M, options?: ScanOptions<FieldsOf<M>> | null): Promise<QueryResult<InstanceType<M>>> {
    return querying.scan(this, options) as Promise<QueryResult<InstanceType<M>>>;
  }

  /** How many items there are, all pages read: a query where all of them share a partition, else a scan. */
  static count<M extends typeof BaoModel>(this: M, options?: CountOptions<FieldsOf<M>> | null): Promise<number> {
    return querying.count(this, options);
  }

  /** Walks all items of an iterable model: batches of at least one item, from the iteration index. */
  static iterateAll<M extends typeof BaoModel>(this: M, options?: IterateOptions<FieldsOf<M>> | null): AsyncGenerator<InstanceType<M>[], void, undefined> {
    return iterating.iterate(this, undefined, options) as AsyncGenerator<InstanceType<M>[], void, undefined>;
  }

  /** The same for one bucket, from 0 to `getIterationBuckets() - 1`: workers can share the walk. */
  static iterateBucket<M extends typeof BaoModel>(
    this: M,
    bucket: number,
    options?: IterateOptions<FieldsOf<M>> | null,
  ): AsyncGenerator<InstanceType<M>[], void, undefined> {
    return iterating.iterateBucket(this, bucket, options) as AsyncGenerator<InstanceType<M>[], void, undefined>;
  }

  /**
   * Items of a `searchable` and `iterable` model whose search fields hold the terms, each folded as the texts are:
   * a list, or a text of words and "phrases". Needs db.iterationIndexName "iter_search_index". A result holds at most
   * `limit` items; its `cursor` goes on with the same search.
   */
  static searchAll<M extends typeof BaoModel>(
    this: M,
    terms: string | readonly string[],
    options?: SearchOptions<FieldsOf<M>> | null,
  ): Promise<SearchResult<InstanceType<M>>> {
    return searching.search(this, undefined, terms, options) as Promise<SearchResult<InstanceType<M>>>;
  }

  /** The same in one bucket. */
  static searchBucket<M extends typeof BaoModel>(
    this: M,
    bucket: number,
    terms: string | readonly string[],
    options?: SearchOptions<FieldsOf<M>> | null,
  ): Promise<SearchResult<InstanceType<M>>> {
    return searching.searchBucket(this, bucket, terms, options) as Promise<SearchResult<InstanceType<M>>>;
  }

  /** The terms of what somebody typed: words, and phrases in double quotes. */
  static tokenizeSearchQuery(query: string): string[] {
    return bindingOf(this).core.searchTerms(String(query ?? ""));
  }

  /** A term as it is searched for: letters and numbers, in lower case unless the model is case sensitive. */
  static normalizeSearchTerm(term: string): string {
    const { core, number } = bindingOf(this);
    return core.searchTerm(number, String(term ?? ""));
  }

  /** How many buckets iteration spreads the items over; 1 where the model is not iterable. */
  static getIterationBuckets(): number {
    return iterationBuckets(this);
  }

  /** Through a mapping table: the items that `targetField` names. */
  static getRelatedObjectsViaMap(
    index: string,
    partition: unknown,
    targetField: string,
    mapSkCondition?: unknown,
    limit?: number | null,
    direction?: "ASC" | "DESC",
    startKey?: PageKey | null,
  ): Promise<QueryResult<any>> {
    return relations.relatedViaMap(this, index, partition, targetField, mapSkCondition, limit, direction, startKey);
  }

  // Writing.

  /** Writes a new item; a ConditionalError where the key is taken. */
  static create<M extends typeof BaoModel>(this: M, data: CreateData<FieldsOf<M>>, options?: WriteOptions<FieldsOf<M>>): Promise<InstanceType<M>> {
    return writing.create(this, data, options) as Promise<InstanceType<M>>;
  }

  /** Changes an item: null removes a value, undefined leaves it alone. An ItemNotFoundError where it is missing. */
  static update<M extends typeof BaoModel>(
    this: M,
    id: IdOf<M>,
    changes: Changes<FieldsOf<M>>,
    options?: WriteOptions<FieldsOf<M>>,
  ): Promise<InstanceType<M>> {
    return writing.update(this, id, changes, options) as Promise<InstanceType<M>>;
  }

  /** Gives the item as it was. */
  static delete<M extends typeof BaoModel>(this: M, id: IdOf<M>, options?: DeleteOptions<FieldsOf<M>>): Promise<InstanceType<M>> {
    return writing.remove(this, id, options) as Promise<InstanceType<M>>;
  }

  /**
   * Writes whole items and deletes others, 25 a request, without conditions: the last writer wins. Everything is
   * checked before the first request. After an error each item is written or not, as a whole. A
   * ConfigurationError for models with unique constraints, whose rows need transactions.
   */
  static batchWrite<M extends typeof BaoModel>(
    this: M,
    writes: BatchWrites<FieldsOf<M>, InstanceType<M>, IdOf<M>>,
    options?: CallOptions | null,
  ): Promise<BatchWriteResult<InstanceType<M>>> {
    return writing.batchWrite(this, writes, options) as Promise<BatchWriteResult<InstanceType<M>>>;
  }

  static registerPlugin(plugin: Plugin): void {
    registerPlugin(this, plugin);
  }

  // About the model.

  static isInsideBatchContext(): boolean {
    return currentScope() !== null;
  }

  /** The primary id that these values of the key's halves make. */
  static makePrimaryId(partition: unknown, sort?: unknown): string {
    return reading.primaryIdOf(bindingOf(this), partition, sort);
  }

  /** The primary id of an item with this data. */
  static getPrimaryId(data: object): string {
    return data instanceof BaoModel ? data.getPrimaryId() : reading.primaryIdOfData(bindingOf(this), objectOf(this.name, "data", data));
  }

  static get manager(): ModelManager {
    return bindingOf(this).manager;
  }

  // Instances.

  /** False where a find found nothing. */
  exists(): boolean {
    return this.#state.exists;
  }

  /** Whether it was read from the table or written to it. */
  isLoaded(): boolean {
    return this.#state.loaded;
  }

  hasChanges(): boolean {
    return Object.keys(this.#state.changed()).length > 0;
  }

  getPrimaryId(): string {
    // A miss by a unique value has none.
    if (!this.#state.exists) return this.#state.id;
    return this.#state.id || reading.primaryIdOfData(bindingOf(this.constructor as typeof BaoModel), this);
  }

  /** @internal What stands for the instance as the value of a RelatedField. */
  [idOf](info?: FieldInfo): string {
    if (info !== undefined) refuseUnrelated(info, this);
    return this.getPrimaryId();
  }

  /** Writes what changed since loading; without changes it sends nothing. A new item must not exist yet. */
  save(options?: SaveOptions<any>): Promise<this> {
    return forItsTenant(this, () => writing.save(this, options)) as Promise<this>;
  }

  /** Gives the item as it was. */
  delete(options?: DeleteOptions<any>): Promise<this> {
    return forItsTenant(this, () => writing.removeInstance(this, options)) as Promise<this>;
  }

  /** The related item, where it was loaded; else null. */
  getRelated(field: string): any {
    return relations.related(this, field);
  }

  /** The item that a RelatedField names, loaded once; null where it names none. */
  getOrLoadRelatedField(field: string, loaderContext?: object): Promise<any> {
    return forItsTenant(this, () => relations.load(this, field, loaderContext));
  }

  /** Loads related items, in parallel: those of the fields named, or all. */
  loadRelatedData(fields?: readonly string[] | null, loaderContext?: object): Promise<this> {
    return forItsTenant(this, () => relations.loadAll(this, fields, loaderContext)) as Promise<this>;
  }

  /** Forgets a related item; without a field all. */
  clearRelatedCache(field?: string): void {
    relations.forget(this, field);
  }

  /** What was consumed to read and write this instance. */
  getConsumedCapacity(): { type: "read" | "write"; consumedCapacity: ConsumedCapacity }[] {
    const { read, write } = this.#state;
    const TableName = bindingOf(this.constructor as typeof BaoModel).tableName;
    const list: { type: "read" | "write"; consumedCapacity: ConsumedCapacity }[] = [];
    if (read > 0) {
      list.push({ type: "read", consumedCapacity: { TableName, CapacityUnits: read, ReadCapacityUnits: read, WriteCapacityUnits: 0 } });
    }
    if (write > 0) {
      list.push({ type: "write", consumedCapacity: { TableName, CapacityUnits: write, ReadCapacityUnits: 0, WriteCapacityUnits: write } });
    }
    return list;
  }

  getNumericConsumedCapacity(type: CapacityType = "total", includeRelated = false): number {
    // Related items may lead back to where they came from: each counts once.
    const counted = new Set<BaoModel>([this]);
    let units = 0;
    for (const item of counted) {
      const { read, write, related } = item.#state;
      units += (type === "write" ? 0 : read) + (type === "read" ? 0 : write);
      if (includeRelated && related !== null) for (const next of related.values()) counted.add(next);
    }
    return units;
  }

  clearConsumedCapacity(): void {
    this.#state.read = 0;
    this.#state.write = 0;
  }

  /** The fields; null for what does not exist. Dates in ISO form, sets as lists, bytes in base64, bigints as texts. */
  toJSON(): Record<string, unknown> | null {
    if (!this.#state.exists) return null;
    return valuesOf(this.#state, true);
  }

  /** What Node prints. */
  [Symbol.for("nodejs.util.inspect.custom")](_depth: number, options: object, inspect?: (value: unknown, options: object) => string): unknown {
    const values = this.#state.exists ? valuesOf(this.#state, false) : "(does not exist)";
    return inspect === undefined ? values : `${this.constructor.name} ${typeof values === "string" ? values : inspect(values, options)}`;
  }

  // Called by model files that the older package generated.

  /** @internal */
  _getPkValue(): unknown {
    return reading.keyValue(this.constructor as typeof BaoModel, this, "pk");
  }

  /** @internal */
  _getSkValue(): unknown {
    return reading.keyValue(this.constructor as typeof BaoModel, this, "sk");
  }
}

function valuesOf(state: ItemState, json: boolean): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const info of state.shape.fields) {
    const value = state.get(info);
    if (value !== undefined) values[info.name] = json ? info.kind.json(value) : value;
  }
  return values;
}

/** @internal The values of an instance by name. */
export function plainValues(instance: BaoModel): Record<string, unknown> {
  return valuesOf(BaoModel.stateOf(instance), false);
}

provideAccess({
  members: BaoModel.prototype,
  read: (instance, info) => BaoModel.stateOf(instance as BaoModel).get(info),
  write: (instance, info, value) => BaoModel.stateOf(instance as BaoModel).set(info, value),
});
