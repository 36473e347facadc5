/**
 * What the face (BaoModel and what stands around it) asks of the core. The bridge implements it over the
 * WebAssembly module; nothing on the face's side of this file knows keys, expressions, requests, retries or
 * caches, and nothing on the bridge's side knows classes.
 *
 * Values cross as "tagged JSON": JSON, and objects with one member whose name starts with `#` for what JSON
 * cannot say:
 *
 *   {"#n": "123"}     a number as decimal text (a bigint; "NaN" and "Infinity" too, which the core refuses by name)
 *   {"#d": 1700000000000}  a Date: milliseconds since the epoch; null for an invalid one
 *   {"#b": "AAEC"}    bytes, in base64
 *   {"#s": ["a"]}     a Set of strings
 *   {"#e": {"added": ["a"], "deleted": ["b"]}}   in changes only: members added to and deleted from a stored set
 *   {"#i": "5"}       in changes only: an atomic addition to a CounterField
 *   {"#x": {...}}     in changes only: {type, expression, attrNameKey, attrValueKey, fieldValue}, what a custom field's getUpdateExpression gave
 *   {"#m": {...}}     an object that has such a member name itself
 *
 * A member that is undefined is left out; null means "no value".
 */
export type Tagged = unknown;

export interface Capacity {
  read: number;
  write: number;
}

/**
 * The values of one item, by the position of the field in its model; null where there is none. By field type:
 * a string; a number, or its decimal text beyond 2^53 (IntegerField, CounterField); a boolean; base64 text
 * (BinaryField); an array of strings (StringSetField); milliseconds (all dates, TtlField too); tagged JSON
 * (MapField, ListField); JSON text (JsonField).
 */
export type Row = readonly unknown[];

/** A model's position among those registered with one Core. */
export type ModelNumber = number;

/** A request scope (`runWithBatchContext`) or a caller's `loaderContext`, as the core numbers them. */
export type ScopeHandle = number;

/**
 * What came of an item's read or write.
 * `entry` names the cache's entry in the scope (or loader) that answered, 0 where no cache took part: the face
 * keeps its instance by it, so that a later find gives the very same one. `row` is undefined where this entry
 * was given before, and null where the item is not there. `id` is the primary id.
 */
export interface Found {
  entry: number;
  row: Row | null | undefined;
  id: string;
  capacity: Capacity;
}

export interface FoundMany {
  /** One for each distinct id, in the order of first mention. */
  items: { id: string; found: Found }[];
  capacity: Capacity;
  /** Requests sent for this call alone: the length of `ConsumedCapacity`. */
  requests: number;
}

export interface Page {
  rows: { id: string; row: Row }[];
  count: number;
  /** Key attributes by name; undefined at the end. */
  lastEvaluatedKey: Record<string, unknown> | undefined;
  capacity: Capacity;
}

/** An item by its primary id, or by the logical values of its key's halves. */
export type Key = { id: string } | { partition: Tagged; sort?: Tagged };

export interface CallOptions {
  /** null: outside any batch context. */
  scope: ScopeHandle | null;
  /** The tenant; "" for none. */
  tenant: string;
  signal?: AbortSignal | undefined;
}

export interface FindOptions {
  batchDelay?: number | undefined;
  bypassCache?: boolean | undefined;
  consistent?: boolean | undefined;
  loader?: ScopeHandle | undefined;
}

export interface WriteOptions {
  /** In the user's own form, values tagged: `{status: "open", likes: {$gt: 3}}`. */
  condition?: Tagged;
  forceReindex?: boolean | undefined;
}

export interface QueryOptions {
  /** null: as many as fit a page. undefined: 100. */
  limit?: number | null | undefined;
  startKey?: Record<string, unknown> | null | undefined;
  direction?: "ASC" | "DESC" | undefined;
  filter?: Tagged;
  countOnly?: boolean | undefined;
  consistent?: boolean | undefined;
  attributes?: readonly string[] | undefined;
}

export interface ScanOptions {
  filter?: Tagged;
  /** null or undefined: as many as fit a page. */
  limit?: number | null | undefined;
  startKey?: Record<string, unknown> | null | undefined;
  index?: string | undefined;
  segment?: number | undefined;
  totalSegments?: number | undefined;
  consistent?: boolean | undefined;
  attributes?: readonly string[] | undefined;
}

export interface IterateOptions {
  batchSize?: number | undefined;
  /** undefined: all. */
  bucket?: number | undefined;
  filter?: Tagged;
}

export interface IterationPosition {
  bucket: number;
  startKey: Record<string, unknown> | null;
  ended: boolean;
}

export interface IterationBatch {
  /** May be empty before the end. */
  items: { id: string; found: Found }[];
  next: IterationPosition;
  capacity: Capacity;
}

export interface SearchOptions {
  operator?: "AND" | "OR" | undefined;
  /** null: none. undefined: 100. */
  limit?: number | null | undefined;
  batchSize?: number | undefined;
  maxQueriesPerBucket?: number | undefined;
  parallel?: number | undefined;
  /** undefined: all. */
  bucket?: number | undefined;
  cursor?: string | null | undefined;
  filter?: Tagged;
}

export interface SearchFound {
  items: { id: string; found: Found }[];
  /** Where to go on; null at the end. */
  cursor: string | null;
  capacity: Capacity;
}

/** One action of a transaction; `base`: the item as loaded, where the caller has it. */
export type TransactAction = { model: ModelNumber; options: WriteOptions } & (
  | { kind: "create"; values: Record<string, Tagged> }
  | { kind: "update"; key: Key; values: Record<string, Tagged>; base: Row | null }
  | { kind: "delete"; key: Key; base: Row | null }
  | { kind: "check"; key: Key }
);

/** An error of the core, before the face makes an object of the right class of it. `kind` is its class's name. */
export interface CoreError {
  kind: string;
  message: string;
  model?: string;
  field?: string;
  value?: string;
  /** Of a write's values that is refused: the name or path that it was given by. */
  given?: string;
  index?: string;
  primaryId?: string;
  operation?: string;
  condition?: string;
  serviceName?: string;
  serviceText?: string;
  requestId?: string;
  status?: number;
  retryable?: boolean;
}

/** The bridge throws and rejects with this function's result only. Set once by the face. */
export type MakeError = (error: CoreError) => Error;

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  /** Milliseconds since the epoch; undefined: they do not expire. */
  expiration?: number | undefined;
}

export interface CoreSettings {
  tableName: string;
  /** The index that iteration reads; undefined: iter_index. */
  iterationIndex?: "iter_index" | "iter_search_index" | undefined;
  region: string;
  /** "https://...", "http://..." or "memory:". */
  endpoint: string;
  callMs?: number | undefined;
  attemptMs?: number | undefined;
  maxAttempts?: number | undefined;
  requireBatchContext: boolean;
  /** Asked for when a request has to be signed, and again when they expire. May answer at once. Never asked for with "memory:". */
  credentials: () => Credentials | Promise<Credentials>;
  log: (level: "ERROR" | "WARN" | "INFO" | "DEBUG", message: string) => void;
  makeError: MakeError;
  /**
   * The text in keys of a stored value of a field whose definition has this number as its "#customKey"; or the number of an
   * error: the core's is then `custom field error NUMBER`.
   */
  customKey: (core: Core, key: number, model: ModelNumber, field: number, value: string | number | bigint | boolean) => string | number;
}

/**
 * The core behind one manager. Creating it and registering models needs no random values, timers or I/O: both
 * happen at a Worker's module scope.
 */
export interface Core {
  /**
   * Adds models, given in the shape of the YAML's `models:` (name -> definition), default values tagged.
   * All or none: throws ConfigurationError with every mistake. Gives each model's number.
   */
  register(definitions: Record<string, unknown>): Record<string, ModelNumber>;

  openScope(): ScopeHandle;
  /** Calls that still run in it end undisturbed. */
  closeScope(scope: ScopeHandle): void;
  scopeCapacity(scope: ScopeHandle): Capacity;
  openLoader(): ScopeHandle;
  closeLoader(loader: ScopeHandle): void;

  find(model: ModelNumber, key: Key, options: FindOptions, call: CallOptions): Promise<Found>;
  findUnique(model: ModelNumber, constraint: string, value: Tagged, options: FindOptions, call: CallOptions): Promise<Found>;
  batchFind(model: ModelNumber, ids: readonly string[], options: FindOptions, call: CallOptions): Promise<FoundMany>;
  /** `index` null: the primary key. `sort` in the user's own form, values tagged: a value, or `{$between: [a, b]}`. */
  query(model: ModelNumber, index: string | null, partition: Tagged, sort: Tagged, options: QueryOptions, call: CallOptions): Promise<Page>;
  /** A page of a Scan of the table or of an index. */
  scan(model: ModelNumber, options: ScanOptions, call: CallOptions): Promise<Page>;
  /** Counts all there is: of the options `filter`, `index` and `consistent`. Gives no rows. */
  count(model: ModelNumber, options: ScanOptions, call: CallOptions): Promise<Page>;
  /** One step of a walk over the items of an iterable model; `from` null: the first. */
  iterate(model: ModelNumber, options: IterateOptions, from: IterationPosition | null, call: CallOptions): Promise<IterationBatch>;
  /** Gives what was put, in the order given. */
  batchWrite(model: ModelNumber, put: readonly Record<string, Tagged>[], remove: readonly Key[], call: CallOptions): Promise<FoundMany>;
  create(model: ModelNumber, values: Record<string, Tagged>, options: WriteOptions, call: CallOptions): Promise<Found>;
  /** `base`: the item as loaded, where the caller has it. */
  update(model: ModelNumber, key: Key, changes: Record<string, Tagged>, base: Row | null, options: WriteOptions, call: CallOptions): Promise<Found>;
  /** Gives the item as it was. */
  remove(model: ModelNumber, key: Key, base: Row | null, options: WriteOptions, call: CallOptions): Promise<Found>;

  /** All or none. Gives an item for each action: of "create" and "update" as it is now. */
  transact(actions: readonly TransactAction[], call: CallOptions): Promise<FoundMany>;

  /** `progress` is told each state. */
  workOnTable(
    kind: "create" | "update" | "delete",
    options: { searchIndex?: boolean; progress?: (state: string) => void },
    call: CallOptions,
  ): Promise<{ addedIndexes: string[]; ttl: boolean }>;

  /** By the words of the model's search fields. */
  search(model: ModelNumber, terms: string | readonly string[], options: SearchOptions, call: CallOptions): Promise<SearchFound>;
  /** The terms of a query: words, and phrases in quotes. */
  searchTerms(query: string): string[];
  /** A term as it is searched for. */
  searchTerm(model: ModelNumber, term: string): string;

  /** The text in keys of a field's stored value, as the type has it that the field is stored as. */
  keyText(model: ModelNumber, field: number, value: Tagged): string;
  /** The text of a primary id made of these halves, as keys are written. */
  primaryId(model: ModelNumber, partition: Tagged, sort?: Tagged): string;
}
