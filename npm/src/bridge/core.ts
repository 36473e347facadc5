import type { Action } from "./actions.js";
import { Credentials as CredentialSupply } from "./credentials.js";
import type {
  CallOptions, Capacity, Core, CoreSettings, FindOptions, Found, FoundMany, IterateOptions, IterationBatch,
  IterationPosition, Key, ModelNumber, Page, QueryOptions, Row, ScanOptions, ScopeHandle, SearchFound, SearchOptions,
  Tagged, TransactAction, WriteOptions,
} from "./contract.js";
import type { Endpoint } from "./endpoint.js";
import { parseEndpoint } from "./endpoint.js";
import { coreModule, Instance } from "./module.js";
import { PendingCalls } from "./pending.js";
import { foundManyOf, foundOf, iterationBatchOf, pageOf, searchFoundOf, tableReportOf } from "./results.js";
import { Scopes } from "./scopes.js";
import { runsInOneContext, steadyMs, whenTurnIsOver } from "./runtime.js";
import { hasEmbeddedEngine } from "./embedded_engine.js";
import { memoryTransport } from "./memory_transport.js";
import type { Transport, TransportEvents, TransportFailure } from "./transport.js";
import { providedTransport } from "./transport.js";
import { fetchTransport } from "./fetch_transport.js";

/** The numbers of src/wasm/client.hpp, CallKind. */
const kinds = { find: 0, findUnique: 1, batchFind: 2, query: 3, create: 4, update: 5, remove: 6, table: 7, scan: 8, count: 9, iterate: 10, batchWrite: 11, transact: 12, search: 13 } as const;
type Kind = keyof typeof kinds;

/** The numbers of src/core/request/http.hpp, TransportError::Kind. */
const failureKinds: readonly TransportFailure["kind"][] = ["notSent", "lost", "timedOut", "misconfigured"];

const flagBypassCache = 1;
const flagConsistent = 2;
const flagScopeClosed = 4;

/** The longest delay that setTimeout takes. */
const timerMsMax = 2_147_483_647;
/** What should have ended this long ago will not: its Worker's request is gone, and its timers with it. */
const graceMs = 5_000;
const sweepEveryMs = 10_000;
/** Each instance of the module numbers cache entries from here on, so that no two instances share one. */
const entriesPerInstance = 2 ** 40;

interface Open {
  /** When the attempt or timer should have come to its end, in steady ms. */
  dueMs: number;
  cancel(): void;
}

/** A call's arguments are given by one JSON text; `undefined` members are left out of it. */
type Arguments = Record<string, unknown>;

export class BridgeCore implements Core {
  private readonly endpoint: Endpoint;
  private readonly calls: PendingCalls;
  private readonly scopes = new Scopes();
  private readonly credentials: CredentialSupply;
  private readonly registered: string[] = [];
  private readonly requests = new Map<number, Open>();
  private readonly timers = new Map<number, Open>();
  private transport: Transport | undefined;
  private instance: Instance | undefined;
  private client = 0;
  private generation = 0;
  private pollQueued = false;
  private sweepAtMs = 0;
  /** While what a dead request left is given up: its connections and timers are not ours to touch. */
  private dropping = false;

  constructor(private readonly settings: CoreSettings) {
    this.endpoint = parseEndpoint(settings.endpoint, settings.makeError);
    if (this.endpoint.memory && !hasEmbeddedEngine()) {
      throw settings.makeError({
        kind: "ConfigurationError",
        message: 'endpoint memory: needs the embedded engine, which this bundle leaves out: import "dynamo-bao/memory" before the first initModels',
        value: settings.endpoint,
      });
    }
    this.calls = new PendingCalls(settings.makeError);
    this.credentials = new CredentialSupply(settings.credentials);
  }

  // Instances

  private open(): Instance {
    if (this.instance !== undefined) return this.instance;
    const instance = new Instance(coreModule(), (...key) => this.settings.customKey(this, ...key));
    const { settings, endpoint } = this;
    const size = instance.put(
      JSON.stringify({
        tableName: settings.tableName,
        iterationIndex: settings.iterationIndex,
        region: settings.region,
        host: endpoint.memory ? "" : endpoint.host,
        callMs: settings.callMs,
        attemptMs: settings.attemptMs,
        maxAttempts: settings.maxAttempts,
        requireBatchContext: settings.requireBatchContext,
        shareReads: runsInOneContext(),
        firstEntry: this.generation * entriesPerInstance + 1,
      }),
    );
    this.client = instance.exports.bao_client_new(size);
    for (const models of this.registered) instance.exports.bao_register(this.client, instance.put(models));
    this.generation += 1;
    this.instance = instance;
    return instance;
  }

  /** The module trapped: what is in flight fails, and the next call gets a fresh instance. */
  private fail(instance: Instance, cause: unknown): void {
    if (this.instance !== instance) return;
    instance.dead = true;
    this.instance = undefined;
    this.credentials.forget();
    for (const open of [...this.requests.values(), ...this.timers.values()]) open.cancel();
    this.requests.clear();
    this.timers.clear();
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.settings.log("ERROR", `the WebAssembly module failed: ${reason}`);
    this.calls.failAll({
      kind: "BaoError",
      message: `the WebAssembly module failed (${reason}): what became of this call is not known`,
    });
  }

  /** Runs what calls the module; whatever it throws is a trap. */
  private guarded(instance: Instance, work: () => void): void {
    if (instance.dead) return;
    try {
      work();
    } catch (error) {
      this.fail(instance, error);
    }
  }

  // Models

  register(definitions: Record<string, unknown>): Record<string, ModelNumber> {
    const instance = this.open();
    const text = JSON.stringify(definitions);
    const accepted = instance.exports.bao_register(this.client, instance.put(text)) === 1;
    const output: unknown = JSON.parse(instance.text());
    if (!accepted) throw this.settings.makeError(output as Parameters<CoreSettings["makeError"]>[0]);
    this.registered.push(text);
    return output as Record<string, ModelNumber>;
  }

  primaryId(model: ModelNumber, partition: Tagged, sort?: Tagged): string {
    const instance = this.open();
    const size = instance.put(JSON.stringify({ partition, sort }));
    const made = instance.exports.bao_primary_id(this.client, model, size) === 1;
    if (made) return instance.text();
    throw this.settings.makeError(JSON.parse(instance.text()) as Parameters<CoreSettings["makeError"]>[0]);
  }

  keyText(model: ModelNumber, field: number, value: Tagged): string {
    const instance = this.open();
    const made = instance.exports.bao_key_text(this.client, model, field, instance.put(JSON.stringify(value))) === 1;
    if (made) return instance.text();
    throw this.settings.makeError(JSON.parse(instance.text()) as Parameters<CoreSettings["makeError"]>[0]);
  }

  searchTerms(query: string): string[] {
    const instance = this.open();
    instance.exports.bao_search_terms(this.client, 0, 0, instance.put(query));
    return JSON.parse(instance.text()) as string[];
  }

  searchTerm(model: ModelNumber, term: string): string {
    const instance = this.open();
    const folded = instance.exports.bao_search_terms(this.client, model, 1, instance.put(term)) === 1;
    if (folded) return instance.text();
    throw this.settings.makeError(JSON.parse(instance.text()) as Parameters<CoreSettings["makeError"]>[0]);
  }

  // Scopes

  openScope(): ScopeHandle {
    return this.scopes.open();
  }
  closeScope(scope: ScopeHandle): void {
    if (this.scopes.close(scope)) this.instance?.exports.bao_scope_close(this.client, scope);
  }
  scopeCapacity(scope: ScopeHandle): Capacity {
    const exports = this.instance?.exports;
    if (exports === undefined) return { read: 0, write: 0 };
    return { read: exports.bao_scope_read(this.client, scope), write: exports.bao_scope_write(this.client, scope) };
  }
  openLoader(): ScopeHandle {
    return this.scopes.open();
  }
  closeLoader(loader: ScopeHandle): void {
    if (this.scopes.close(loader)) this.instance?.exports.bao_loader_close(this.client, loader);
  }

  // Calls

  find(model: ModelNumber, key: Key, options: FindOptions, call: CallOptions): Promise<Found> {
    if (!("id" in key)) return this.start("find", model, { key, options: withoutLoader(options) }, options.loader, foundOf, call);
    return this.begin(foundOf, call, (instance, number, nowMs) => {
      const tenantSize = call.tenant === "" ? 0 : instance.put(call.tenant);
      const size = tenantSize + instance.put(key.id, tenantSize);
      const flags =
        (options.bypassCache === true ? flagBypassCache : 0) |
        (options.consistent === true ? flagConsistent : 0) |
        this.closedFlag(call);
      instance.exports.bao_find(
        this.client, number, model, call.scope ?? 0, options.loader ?? 0, flags, options.batchDelay ?? -1,
        tenantSize, size, Date.now(), nowMs,
      );
    });
  }

  findUnique(
    model: ModelNumber, constraint: string, value: Tagged, options: FindOptions, call: CallOptions,
  ): Promise<Found> {
    return this.start("findUnique", model, { constraint, value, options: withoutLoader(options) }, options.loader, foundOf, call);
  }

  batchFind(model: ModelNumber, ids: readonly string[], options: FindOptions, call: CallOptions): Promise<FoundMany> {
    return this.start("batchFind", model, { ids, options: withoutLoader(options) }, options.loader, foundManyOf, call);
  }

  query(
    model: ModelNumber, index: string | null, partition: Tagged, sort: Tagged, options: QueryOptions, call: CallOptions,
  ): Promise<Page> {
    return this.start("query", model, { index, partition, sort, options }, undefined, pageOf, call);
  }

  scan(model: ModelNumber, options: ScanOptions, call: CallOptions): Promise<Page> {
    return this.start("scan", model, { options }, undefined, pageOf, call);
  }

  count(model: ModelNumber, options: ScanOptions, call: CallOptions): Promise<Page> {
    return this.start("count", model, { options }, undefined, pageOf, call);
  }

  iterate(model: ModelNumber, options: IterateOptions, from: IterationPosition | null, call: CallOptions): Promise<IterationBatch> {
    return this.start("iterate", model, { options, from }, undefined, iterationBatchOf, call);
  }

  batchWrite(model: ModelNumber, put: readonly Record<string, Tagged>[], remove: readonly Key[], call: CallOptions): Promise<FoundMany> {
    return this.start("batchWrite", model, { put, delete: remove }, undefined, foundManyOf, call);
  }

  transact(actions: readonly TransactAction[], call: CallOptions): Promise<FoundMany> {
    return this.start("transact", actions[0]?.model ?? 0, { actions }, undefined, foundManyOf, call);
  }

  search(model: ModelNumber, terms: string | readonly string[], options: SearchOptions, call: CallOptions): Promise<SearchFound> {
    return this.start("search", model, { terms, options }, undefined, searchFoundOf, call);
  }

  create(model: ModelNumber, values: Record<string, Tagged>, options: WriteOptions, call: CallOptions): Promise<Found> {
    return this.start("create", model, { values, options }, undefined, foundOf, call);
  }

  update(
    model: ModelNumber, key: Key, changes: Record<string, Tagged>, base: Row | null, options: WriteOptions,
    call: CallOptions,
  ): Promise<Found> {
    return this.start("update", model, { key, values: changes, base, options }, undefined, foundOf, call);
  }

  remove(model: ModelNumber, key: Key, base: Row | null, options: WriteOptions, call: CallOptions): Promise<Found> {
    return this.start("remove", model, { key, base, options }, undefined, foundOf, call);
  }

  workOnTable(
    kind: "create" | "update" | "delete", options: { searchIndex?: boolean; progress?: (state: string) => void },
    call: CallOptions,
  ): Promise<{ addedIndexes: string[]; ttl: boolean }> {
    const args = { kind, searchIndex: options.searchIndex === true };
    return this.start("table", 0, args, undefined, tableReportOf, call, options.progress);
  }

  private closedFlag(call: CallOptions): number {
    return call.scope !== null && !this.scopes.use(call.scope) ? flagScopeClosed : 0;
  }

  private start<T>(
    kind: Kind, model: ModelNumber, args: Arguments, loader: ScopeHandle | undefined, convert: (raw: unknown) => T,
    call: CallOptions, progress?: (state: string) => void,
  ): Promise<T> {
    const text = JSON.stringify(args);
    return this.begin(
      convert,
      call,
      (instance, number, nowMs) => {
        const tenantSize = call.tenant === "" ? 0 : instance.put(call.tenant);
        const size = tenantSize + instance.put(text, tenantSize);
        instance.exports.bao_start(
          this.client, number, kinds[kind], model, call.scope ?? 0, loader ?? 0, this.closedFlag(call), tenantSize,
          size, Date.now(), nowMs,
        );
      },
      progress,
    );
  }

  private begin<T>(
    convert: (raw: unknown) => T, call: CallOptions,
    start: (instance: Instance, number: number, nowMs: number) => void, progress?: (state: string) => void,
  ): Promise<T> {
    const signal = call.signal;
    if (signal?.aborted === true) return Promise.reject(this.calls.cancelled());
    const waiting = this.endpoint.memory ? undefined : this.credentials.before();
    if (waiting !== undefined) {
      return waiting.then(() => this.beginNow(convert, call, start, progress));
    }
    return this.beginNow(convert, call, start, progress);
  }

  private beginNow<T>(
    convert: (raw: unknown) => T, call: CallOptions,
    start: (instance: Instance, number: number, nowMs: number) => void, progress?: (state: string) => void,
  ): Promise<T> {
    const nowMs = steadyMs();
    if (nowMs > this.sweepAtMs) this.sweep(nowMs);
    return new Promise<T>((resolve, reject) => {
      const instance = this.open();
      const dueMs = nowMs + (this.settings.callMs ?? 30_000);
      const number = this.calls.add({ resolve: (raw) => resolve(convert(raw)), reject, dueMs, progress });
      if (call.signal !== undefined) this.watch(call.signal, number);
      this.guarded(instance, () => {
        this.supplyCredentials(instance);
        start(instance, number, nowMs);
      });
      this.pollSoon();
    });
  }

  private watch(signal: AbortSignal, number: number): void {
    const abort = (): void => {
      const instance = this.instance;
      if (instance === undefined) return;
      this.guarded(instance, () => instance.exports.bao_cancel(this.client, number));
      this.pollSoon();
    };
    signal.addEventListener("abort", abort, { once: true });
    this.calls.whenEnded(number, () => signal.removeEventListener("abort", abort));
  }

  // Actions

  /** Once for all that starts before the microtasks run: a hundred finds are one poll. */
  private pollSoon(): void {
    if (this.pollQueued) return;
    this.pollQueued = true;
    queueMicrotask(() => {
      this.pollQueued = false;
      this.poll();
    });
  }

  private poll(): void {
    const instance = this.instance;
    if (instance === undefined) return;
    this.guarded(instance, () => {
      for (;;) {
        if (instance.exports.bao_poll(this.client, Date.now(), steadyMs()) === 0) return;
        const actions = JSON.parse(instance.text()) as Action[];
        for (const action of actions) this.perform(instance, action);
      }
    });
  }

  private perform(instance: Instance, action: Action): void {
    switch (action[0]) {
      case "r":
        this.calls.succeed(action[1], action[2]);
        return;
      case "e":
        this.calls.fail(action[1], action[2]);
        return;
      case "s":
        this.send(instance, action);
        return;
      case "o":
        this.startTurn(instance, action[1]);
        return;
      case "t":
        this.startTimer(instance, action[1], action[2]);
        return;
      case "x":
        this.close(this.requests, action[1]);
        return;
      case "u":
        this.close(this.timers, action[1]);
        return;
      case "k":
        this.askForCredentials(instance);
        return;
      case "p":
        this.calls.progress(action[1], action[2]);
    }
  }

  private close(from: Map<number, Open>, id: number): void {
    const open = from.get(id);
    from.delete(id);
    if (!this.dropping) open?.cancel();
  }

  /** What an event does: tells the module, then does what it asks for, within the event. */
  private event(instance: Instance, tell: (nowMs: number) => void): void {
    if (instance.dead) return;
    this.guarded(instance, () => tell(steadyMs()));
    this.poll();
  }

  private send(instance: Instance, action: Extract<Action, ["s", ...unknown[]]>): void {
    const [, id, operation, timeoutMs, date, authorization, token, address, size] = action;
    const headers: Record<string, string> = {
      "content-type": "application/x-amz-json-1.0",
      "accept-encoding": "identity",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
    };
    if (date !== "") headers["x-amz-date"] = date;
    if (authorization !== "") headers["authorization"] = authorization;
    if (token !== "") headers["x-amz-security-token"] = token;
    this.settings.log("DEBUG", `sent ${operation} ${size} bytes`);
    this.transport ??= this.openTransport();
    const body = instance.copy(address, size);
    const cancel = this.transport.send({ operation, body, headers, timeoutMs }, this.transportEvents(instance, id));
    this.requests.set(id, { dueMs: steadyMs() + timeoutMs, cancel });
  }

  private openTransport(): Transport {
    if (this.endpoint.memory) return memoryTransport(this.settings.tableName, this.settings.iterationIndex === "iter_search_index");
    return (providedTransport() ?? fetchTransport)(this.endpoint.url);
  }

  private transportEvents(instance: Instance, id: number): TransportEvents {
    return {
      response: (response) => {
        this.requests.delete(id);
        this.event(instance, (nowMs) => {
          const bodySize = instance.putBytes(response.body, (response.requestId.length + response.date.length) * 3);
          const idSize = instance.put(response.requestId, bodySize);
          const dateSize = instance.put(response.date, bodySize + idSize);
          instance.exports.bao_response(
            this.client, id, response.status, response.crc32 ?? -1, bodySize, idSize, dateSize, Date.now(), nowMs,
          );
        });
      },
      failure: ({ kind, message }) => {
        this.requests.delete(id);
        if (!instance.dead) this.settings.log("WARN", `no answer: ${message}`);
        const code = failureKinds.indexOf(kind);
        this.event(instance, (nowMs) => instance.exports.bao_transport_error(this.client, id, code, instance.put(message), Date.now(), nowMs));
      },
    };
  }

  private startTurn(instance: Instance, turn: number): void {
    whenTurnIsOver(() =>
      this.event(instance, (nowMs) => instance.exports.bao_turn_over(this.client, turn, Date.now(), nowMs)),
    );
  }

  private startTimer(instance: Instance, id: number, delayMs: number): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(id);
        this.event(instance, (nowMs) => instance.exports.bao_timer(this.client, id, Date.now(), nowMs));
      },
      Math.min(delayMs, timerMsMax),
    );
    this.timers.set(id, { dueMs: steadyMs() + delayMs, cancel: () => clearTimeout(timer) });
  }

  // Credentials

  /** Hands on what is there, so that the module need not ask. */
  private supplyCredentials(instance: Instance): void {
    const json = this.endpoint.memory ? undefined : this.credentials.take();
    if (json === undefined) return;
    instance.exports.bao_credentials(this.client, instance.put(json), Date.now(), steadyMs());
  }

  /** The service refused those that it was given, or they expire. */
  private askForCredentials(instance: Instance): void {
    const waiting = this.credentials.renew();
    if (waiting === undefined) {
      this.supplyCredentials(instance);
    } else {
      void waiting.then(() => this.event(instance, () => this.supplyCredentials(instance)));
    }
  }

  // What dead requests left (a Worker's request whose client went away takes its timers and connections with it)

  private sweep(nowMs: number): void {
    this.sweepAtMs = nowMs + sweepEveryMs;
    const instance = this.instance;
    if (instance === undefined) return;
    const overdueMs = nowMs - graceMs;
    for (const scope of runsInOneContext() ? [] : this.scopes.idle(nowMs)) {
      instance.exports.bao_scope_close(this.client, scope);
    }
    const overdue = this.calls.dropOverdue(overdueMs);
    const lost = [...this.requests.values(), ...this.timers.values()].some((open) => open.dueMs < overdueMs);
    if (overdue.length === 0 && !lost) return;
    this.dropping = true;
    this.guarded(instance, () => {
      for (const call of overdue) instance.exports.bao_abandon(this.client, call);
      instance.exports.bao_sweep(this.client, graceMs, Date.now(), nowMs);
    });
    this.poll();
    this.dropping = false;
  }
}

function withoutLoader(options: FindOptions): FindOptions {
  return options.loader === undefined ? options : { ...options, loader: undefined };
}
