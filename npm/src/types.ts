/**
 * The types of the public API. A model's `fields`, `primaryKey`, `indexes` and `uniqueConstraints` say all
 * that the compiler needs: the types of data, changes, filters, ids and query conditions follow from them, for
 * generated classes (their .d.ts declares these statics precisely) and for hand-written ones alike.
 */
import type { BaoModel } from "./face/model.js";

/** How a field behaves at creation: it must be given, may be left out, or gets its value by itself. */
export type FieldMode = "required" | "optional" | "automatic";

/**
 * A field of a model, as the compiler sees it. `Read` is what reading gives, `Write` what may be assigned,
 * `Missing` what reading an optional field without a value gives.
 */
export interface Field<Read = any, Write = Read, Mode extends FieldMode = FieldMode, Missing = any> {
  readonly required: boolean;
  /** For the compiler alone: never there. */
  readonly "~types"?: { read: Read; write: Write; mode: Mode; missing: Missing };
}

export type FieldMap = { [name: string]: Field };

type MadeBy<F> = F extends abstract new (...options: any) => infer Made ? Made : F extends (...options: any) => infer Made ? Made : never;
type Known<Declared, Inherited> = unknown extends Declared ? Inherited : Declared;

/**
 * A field of a custom type, given its class or the function that makes it: reading gives what its `fromDy` does, and its `toDy`
 * says what may be written; otherwise both are those of the class that it extends.
 */
export type CustomField<F, Mode extends FieldMode = FieldMode> =
  MadeBy<F> extends infer Made
    ? Made extends Field<infer Read, infer Write, any, infer Missing>
      ? Field<
          Known<Made extends { fromDy(value: any): infer R } ? R : unknown, Read>,
          Known<Made extends { toDy(value: infer W): unknown } ? W : unknown, Write>,
          Mode,
          Made extends { fromDy(value: any): infer R } ? (unknown extends R ? Missing : Exclude<Missing, number>) : Missing
        >
      : never
    : never;

/** What reading the field gives. */
export type ReadValue<F> =
  F extends Field<infer Read, any, infer Mode, infer Missing> ? (Mode extends "optional" ? Read | Missing : Read) : never;

/** What may be given for the field, null ("no value") aside. */
export type WriteValue<F> = F extends Field<any, infer Write, any, any> ? Write : never;

/** What may be assigned to the field of an instance: what `update` takes for it. */
export type AssignedValue<F> = F extends Field<any, infer Write, infer Mode, any>
  ? Write | (FieldMode extends Mode ? null | undefined : Mode extends "required" ? never : null | undefined)
  : never;

type RequiredNames<F> = { [K in keyof F]: F[K] extends Field<any, any, infer Mode, any> ? (FieldMode extends Mode ? never : Mode extends "required" ? K : never) : never }[keyof F];

/**
 * The values that an instance has: `interface User extends Values<typeof User.fields> {}`. A mapped type can only let those be
 * assigned that it reads. Accessors say more, and generated classes have them for each field:
 * `get likes(): number; set likes(value: AssignedValue<typeof Post.fields.likes>);` within the interface's braces.
 */
export type Values<F> = { -readonly [K in keyof F]: ReadValue<F[K]> };

/** What `create` takes: required fields must be there, unless they get their value by themselves. */
export type CreateData<F> = { -readonly [K in RequiredNames<F>]: WriteValue<F[K]> } & {
  -readonly [K in Exclude<keyof F, RequiredNames<F>>]?: WriteValue<F[K]> | null | undefined;
};

/** Whether a field is a map or a list; any (JSON, or a field that nothing is known of) is neither. */
type PartsOf<Read> = 0 extends 1 & Read ? "none" : string extends keyof Read ? "map" : Read extends readonly any[] ? "list" : "none";

type PathOf<F> = {
  [K in keyof F & string]: F[K] extends Field<infer Read, any, any, any>
    ? PartsOf<Read> extends "map"
      ? `${K}.${string}` | `${K}["${string}`
      : PartsOf<Read> extends "list"
        ? `${K}[${number}]${string}`
        : never
    : never;
}[keyof F & string];

/**
 * Values within maps and lists, by their paths: `address.city`, `tags[0]`, and `address["a key with a . in it"]`, where
 * the key is a JSON text.
 */
// Never empty: beside `{}` the compiler takes any member.
export type Paths<F, V> = { [P in PathOf<F> | "~path"]?: V };

/**
 * What `update` takes: null removes an attribute, undefined leaves it alone. A path changes one value within a map or list and
 * leaves the rest as others may have written it; maps that are missing on the way are made; null removes it. A required field
 * is not removed.
 */
export type Changes<F> = { -readonly [K in keyof F]?: WriteValue<F[K]> | (K extends RequiredNames<F> ? never : null) | undefined } & Paths<F, unknown>;

/** The names of a union of fields, as strings. */
export type FieldName<F> = keyof F & string;

/** The names of those that are RelatedFields, as far as their types tell. */
export type RelatedName<F> = { [K in FieldName<F>]: [string | { getPrimaryId(): string }] extends [WriteValue<F[K]>] ? K : never }[FieldName<F>];

/** Conditions on one value. */
export interface ValueCondition<V> {
  $eq?: V | null;
  $ne?: V | null;
  $gt?: V;
  $gte?: V;
  $lt?: V;
  $lte?: V;
  $in?: readonly V[];
  $between?: readonly [V, V];
  /** Of a string: a part of it; of a set or list: a member. */
  $contains?: V extends string ? string : V extends ReadonlySet<infer Member> ? Member : V extends readonly (infer Member)[] ? Member : unknown;
  $beginsWith?: V extends string ? string : never;
  $exists?: boolean;
  /** UTF-16 units of a string, as its `length`; bytes, members or elements of others. */
  $size?: number | { $eq?: number; $ne?: number; $gt?: number; $gte?: number; $lt?: number; $lte?: number };
}

/** Filters of queries, and conditions of writes. `null` is for "no value"; undefined is a QueryError. */
export type Filter<F> = { [K in keyof F]?: WriteValue<F[K]> | ValueCondition<WriteValue<F[K]>> | null } & Paths<F, unknown> & {
  $and?: readonly Filter<F>[];
  $or?: readonly Filter<F>[];
  $not?: Filter<F>;
};

/** What a query asks of the sort key: a value, or one of these operators. */
export type SortKeyCondition<V = any> =
  | V
  | { $eq: V }
  | { $gt: V }
  | { $gte: V }
  | { $lt: V }
  | { $lte: V }
  | { $between: readonly [V, V] }
  | { $beginsWith: V extends string ? string : V };

/** Options of every call. */
export interface CallOptions {
  /** Ends the call early: it rejects, and what has been sent may still take effect. */
  signal?: AbortSignal | undefined;
}

export interface FindOptions extends CallOptions {
  /** How long the batch may wait for more finds, in ms. Default: until the end of the turn. 0: at once, alone. */
  batchDelay?: number | undefined;
  /** Neither answer from the cache nor put the answer there. Default false. */
  bypassCache?: boolean | undefined;
  /** A strongly consistent read: twice the capacity, never from the cache. Default false. */
  consistent?: boolean | undefined;
  /** Any object of the caller's: finds given the same one share a cache, inside or outside a batch context; but what the context wrote is found in its own. */
  loaderContext?: object | undefined;
}

/** `CountOnly`: what `countOnly` is, where that is known. */
export interface QueryOptions<F = any, CountOnly extends boolean = boolean> extends CallOptions {
  /** Items examined at most, as DynamoDB counts: before the filter. Default 100; null: what fits a page. */
  limit?: number | null | undefined;
  /** `lastEvaluatedKey` of the page before. */
  startKey?: PageKey | null | undefined;
  /** Of the sort key. Default ASC. */
  direction?: "ASC" | "DESC" | undefined;
  filter?: Filter<F> | null | undefined;
  /** Count only; without a `limit`, all pages are counted. */
  countOnly?: CountOnly | undefined;
  /** Load the items' related items, in parallel. Default false. */
  loadRelated?: boolean | undefined;
  /** With `loadRelated`: which RelatedFields to load. Default all. A QueryError where `loadRelated` is not given. */
  relatedFields?: readonly RelatedName<F>[] | undefined;
  /** With `loadRelated` and one field in `relatedFields`: `items` are the items that it names, instead. */
  relatedOnly?: boolean | undefined;
  /** False: `items` are plain objects of the fields' values, not instances; with `loadRelated` only where `relatedOnly` is set, too. Default true. */
  returnWrapped?: boolean | undefined;
  /** A strongly consistent read; not possible on an index of its own. */
  consistent?: boolean | undefined;
  /**
   * Read these fields only. Such an instance cannot be saved, reads other fields as without a value, and refuses to load what
   * another RelatedField names.
   */
  attributes?: readonly FieldName<F>[] | undefined;
  loaderContext?: object | undefined;
}

export interface CountOptions<F = any> extends CallOptions {
  filter?: Filter<F> | null | undefined;
  /** Counts the items that are in this index. Default: all. */
  index?: string | undefined;
  /** Strongly consistent; not possible on an index of its own. */
  consistent?: boolean | undefined;
}

/** A scan costs what the whole table costs, whatever the model: DynamoDB bills every row examined. */
export interface ScanOptions<F = any> extends CountOptions<F> {
  /**
   * Rows examined for one page, those of other models and tenants included: a page may have fewer items, or
   * none, before the end. Default, and null: as many as fit a page of 1 MB.
   */
  limit?: number | null | undefined;
  /** `lastEvaluatedKey` of the page before, of the same segment. */
  startKey?: PageKey | null | undefined;
  /** One of several scans that share the work: 0 to totalSegments - 1. Both or neither. */
  segment?: number | undefined;
  totalSegments?: number | undefined;
  /**
   * Read these fields only. Such an instance cannot be saved, reads other fields as without a value, and refuses to load what
   * another RelatedField names.
   */
  attributes?: readonly FieldName<F>[] | undefined;
  /** False: `items` are plain objects of the fields' values, not instances. Default true. */
  returnWrapped?: boolean | undefined;
}

export interface IterateOptions<F = any> extends CallOptions {
  /** Items of one batch at most. Default 100. */
  batchSize?: number | undefined;
  /** On what the iteration index holds besides keys: `_searchText`, where it is `iter_search_index`. */
  filter?: Filter<F> | null | undefined;
}

export interface SearchOptions<F = any> extends CallOptions {
  /** "AND" (the default): all terms; "OR": one of them is enough. */
  operator?: "AND" | "OR" | undefined;
  /** Items at most; Infinity: as many as the queries find. Default 100. */
  limit?: number | undefined;
  /** Texts that one query examines. Default 100. */
  batchSize?: number | undefined;
  /** Queries that one call spends on a bucket. Default 10: `cursor` goes on where they end. */
  maxQueriesPerBucket?: number | undefined;
  /** Buckets that are queried at the same time, 1 to 100; true: 10. Default 1. */
  parallel?: number | boolean | undefined;
  /** `cursor` of an earlier result of the same search. */
  cursor?: string | null | undefined;
  /** On `_searchText`, besides the terms. */
  filter?: Filter<F> | null | undefined;
}

export interface SearchResult<T> {
  items: T[];
  /** Where to go on; null where everything was examined. */
  cursor: string | null;
  consumedCapacity: ConsumedCapacity;
}

/** Writes of whole items. */
export interface BatchWrites<F = any, Item = BaoModel, ItemId = Id | BaoModel> {
  /** Data of new items, or instances. What stands there is replaced; of two with one key the later counts. */
  put?: readonly (CreateData<F> | Item)[] | null | undefined;
  /** One that is not there is no error. */
  delete?: readonly ItemId[] | null | undefined;
}

export interface BatchWriteResult<T> {
  /** Those that were put, in the order given. */
  items: T[];
  consumedCapacity: ConsumedCapacity;
}

/** Where a page ended: attributes by name, to be given back as they are. */
export type PageKey = Record<string, unknown>;

/** Capacity units, as DynamoDB reported them. */
export interface ConsumedCapacity {
  TableName: string;
  CapacityUnits: number;
  ReadCapacityUnits: number;
  WriteCapacityUnits: number;
}

export interface QueryResult<T> {
  items: T[];
  count: number;
  /** undefined at the end. */
  lastEvaluatedKey: PageKey | undefined;
  consumedCapacity: ConsumedCapacity;
}

export interface CountResult {
  count: number;
  lastEvaluatedKey?: PageKey | undefined;
  consumedCapacity: ConsumedCapacity;
}

/** A query's answer by its `countOnly`, or by its options. */
export type QueryAnswer<T, CountOnly> = [CountOnly] extends [true | { countOnly: true }] ? CountResult : QueryResult<T>;

export interface BatchFindResult<T> {
  /** By primary id, one for each distinct id, in the order of first mention. */
  items: Record<string, T>;
  /** One entry a request, each with an even share of what all consumed: the sum is exact, an entry is an average. */
  ConsumedCapacity: ConsumedCapacity[];
}

/** Conditions of `save`. */
export interface SaveConstraints<F = any> {
  /** The item must be there. */
  mustExist?: boolean | undefined;
  /** The key must be free. */
  mustNotExist?: boolean | undefined;
  /** These fields must still have the values that this instance was loaded with. */
  fieldMatches?: FieldName<F> | readonly FieldName<F>[] | undefined;
}

export interface WriteOptions<F = any> extends CallOptions {
  condition?: Filter<F> | null | undefined;
  /** Write every derived attribute (index keys) anew, whatever changed. */
  forceReindex?: boolean | undefined;
}

export interface SaveOptions<F = any> extends WriteOptions<F> {
  constraints?: SaveConstraints<F> | undefined;
}

export interface DeleteOptions<F = any> extends CallOptions {
  condition?: Filter<F> | null | undefined;
}

/** Either name may be `modelPrefix`: that half of the key is then the model's prefix. */
export interface PrimaryKey<Partition extends string = string, Sort extends string = string> {
  readonly pk: Partition;
  readonly sk: Sort;
}

export interface Index<Partition extends string = string, Sort extends string = string> {
  readonly pk: Partition;
  readonly sk: Sort;
  readonly indexId: string | number | undefined;
}

export interface UniqueConstraint<Name extends string = string> {
  readonly field: Name;
  readonly constraintId: string | number | undefined;
}

/** Writing options of a hook, as the caller gave them. */
export type HookOptions = Record<string, unknown> & { isNew?: boolean };

export interface Plugin {
  /** May change the changes. */
  beforeSave?(changes: Record<string, any>, options: HookOptions): unknown;
  afterSave?(instance: any, options: HookOptions): unknown;
  beforeDelete?(id: string, options: HookOptions): unknown;
  afterDelete?(id: string, options: HookOptions): unknown;
  /** Methods that each instance of the model gets. */
  methods?: Record<string, (this: any, ...args: any[]) => unknown>;
}

/** A model's class. */
export type ModelClass = typeof BaoModel;

/** The fields of a model's class. */
export type FieldsOf<M> = M extends { fields: infer F } ? F : FieldMap;

/** The names of a model's indexes. */
export type IndexName<M> = M extends { indexes: infer I } ? keyof I & string : string;

type KeyConfigOf<M, Name> = M extends { indexes: infer I } ? (Name extends keyof I ? (I[Name] extends "primaryKey" ? (M extends { primaryKey: infer P } ? P : never) : I[Name]) : never) : never;

type HalfValue<F, Name> = Name extends keyof F ? WriteValue<F[Name]> : string;

/** The value of an index's partition key. */
export type PartitionValue<M, Name> = KeyConfigOf<M, Name> extends { pk: infer P } ? HalfValue<FieldsOf<M>, P> : any;

/** The value of an index's sort key. */
export type SortValue<M, Name> = KeyConfigOf<M, Name> extends { sk: infer S } ? HalfValue<FieldsOf<M>, S> : any;

/** The halves of a model's primary key. */
export type PrimaryPartitionValue<M> = M extends { primaryKey: { pk: infer P } } ? HalfValue<FieldsOf<M>, P> : any;
export type PrimarySortValue<M> = M extends { primaryKey: { sk: infer S } } ? HalfValue<FieldsOf<M>, S> : any;

/** The names of a model's unique constraints. */
export type ConstraintName<M> = M extends { uniqueConstraints: infer U } ? keyof U & string : string;
export type ConstraintValue<M, Name> = M extends { uniqueConstraints: infer U } ? (Name extends keyof U ? (U[Name] extends { field: infer F } ? HalfValue<FieldsOf<M>, F> : any) : any) : any;

/** An item's id: its primary id as text, or its key's fields. */
export type Id = string | { readonly [field: string]: unknown };

type KeyNames<M> = M extends { primaryKey: { pk: infer P; sk: infer S } } ? Exclude<P | S, "modelPrefix"> & string : string;

/** An item's id, with the names of the fields of its model's key. */
export type IdOf<M> = string | { readonly [Name in KeyNames<M>]: unknown };

/** Names of models to their classes. */
export type ModelMap = { [name: string]: ModelClass };
