/** Runs one scenario: its steps, what they are expected to give, and the requests that they send. */
import { type BaoModel, getBatchContextCapacity, initModels, type ModelManager, runWithBatchContext, TenantContext, transact, type Transaction } from "./library.js";
import type { Engine } from "./engine.js";
import { classesOf } from "./models.js";
import { checkOutcome, type Item, type Outcome } from "./outcome.js";
import { requestsMismatch } from "./requests.js";
import { fromRow, toRow } from "./rows.js";
import { type Names, special, toText, toValue } from "./values.js";

export type Step = Record<string, any>;

export class Scenario {
  readonly #names: Names = { items: new Map(), pages: new Map(), numbers: new Map() };
  readonly #instances = new Map<string, BaoModel>();
  readonly #loaders = new Map<string, object>();
  /** What instances had consumed before, as the cache gives the same ones again. */
  readonly #consumed = new WeakMap<BaoModel, { read: number; write: number }>();
  readonly #models: Record<string, any>;
  readonly #manager: ModelManager;

  constructor(
    private readonly engine: Engine,
    private readonly table: string,
    models: Record<string, unknown>,
    private readonly scenario: Step,
  ) {
    this.#models = classesOf(models);
    this.#manager = initModels({
      models: this.#models,
      aws: { region: "us-west-2", endpoint: engine.endpoint, credentials: { accessKeyId: "local", secretAccessKey: "local" } },
      db: { tableName: table, ...(scenario["config"]?.searchIndex ? { iterationIndexName: "iter_search_index" } : {}) },
      logging: { level: "OFF" },
      batchContext: { requireBatchContext: scenario["config"]?.requireBatchContext ?? false },
    });
  }

  async run(): Promise<void> {
    await this.#manager.createTable();
    await this.runSteps();
  }

  /** For where the table is there already: Workers do not make tables. */
  async runSteps(): Promise<void> {
    await this.#runAll(this.scenario["steps"], true);
  }

  #member(step: Step, name: string): any {
    return step["on"]?.[this.engine.name]?.[name] ?? step[name];
  }

  async #runAll(steps: Step[], alone: boolean): Promise<void> {
    for (const step of steps) {
      for (let i = 0; i < (step["repeat"] ?? 1); i++) await this.#runOne(step, i, alone);
    }
  }

  async #runTogether(steps: Step[]): Promise<void> {
    const running = steps.flatMap((step) => Array.from({ length: step["repeat"] ?? 1 }, (_, i) => this.#runOne(step, i, false)));
    await Promise.all(running);
  }

  async #runOne(step: Step, number: number, alone: boolean): Promise<void> {
    const requests = this.#member(step, "requests");
    if (requests && !alone) throw new Error("requests of one of several steps at once cannot be told apart");
    const before = this.engine.sent?.length ?? 0;
    try {
      const group = this.#group(step, alone);
      if (group !== undefined) await group;
      else await this.#runOperation(step, number);
      if (requests === undefined || this.engine.sent === undefined) return;
      const different = requestsMismatch(requests, this.engine.sent.slice(before), step["do"] !== "parallel");
      if (different !== undefined) throw new Error(different);
    } catch (error) {
      const text = (error as Error).message;
      if (text.startsWith("in step ")) throw error;
      throw new Error(`in step ${JSON.stringify(step).slice(0, 200)}: ${text}`, { cause: error });
    }
  }

  #group(step: Step, alone: boolean): Promise<void> | undefined {
    switch (step["do"]) {
      case "batch":
        return runWithBatchContext(() => this.#runAll(step["steps"], alone));
      case "parallel":
        return this.#runTogether(step["steps"]);
      case "sequence":
        return this.#runAll(step["steps"], alone);
      case "tenant":
        return this.#runForTenant(step, alone);
      default:
        return undefined;
    }
  }

  async #runForTenant(step: Step, alone: boolean): Promise<void> {
    let refused: unknown;
    try {
      await TenantContext.runWithTenant(step["tenant"], () => this.#runAll(step["steps"], alone));
      return;
    } catch (error) {
      if ((error as { fieldName?: string }).fieldName !== "tenantId") throw error;
      refused = error;
    }
    // This face refuses a bad tenant before any step: so each step comes to that.
    for (const each of step["steps"] as Step[]) checkOutcome(this.#member(each, "expect") ?? {}, { error: refused as Error }, this.#names);
  }

  async #runOperation(step: Step, number: number): Promise<void> {
    const names: Names = { ...this.#names, numbers: new Map([["i", number]]) };
    let outcome: Outcome;
    try {
      outcome = await this.#perform(step, names);
    } catch (error) {
      // What is wrong with the scenario or its runner is no outcome of the library.
      if (!("code" in (error as object))) throw error;
      outcome = { error: error as Error };
    }
    checkOutcome(this.#member(step, "expect") ?? {}, outcome, names);
    this.#capture(step, outcome);
  }

  #itemOutcome(instance: BaoModel): Outcome {
    const [read, write] = [instance.getNumericConsumedCapacity("read"), instance.getNumericConsumedCapacity("write")];
    const before = this.#consumed.get(instance) ?? { read: 0, write: 0 };
    this.#consumed.set(instance, { read, write });
    return { item: this.#itemOf(instance), instance, capacity: { read: read - before.read, write: write - before.write } };
  }

  #itemOf(instance: BaoModel): Item {
    const fields = (instance.constructor as typeof BaoModel).fields;
    const values = Object.fromEntries(Object.keys(fields).map((name) => [name, (instance as unknown as Record<string, unknown>)[name]]));
    // A counter without a value reads as 0.
    const zeros = Object.keys(fields).filter((name) => (fields[name]!.constructor as unknown as { type: string }).type === "CounterField");
    const related = Object.fromEntries(
      Object.keys(fields).flatMap((name) => {
        const loaded: BaoModel | null = instance.getRelated(name);
        return loaded === null ? [] : [[name, this.#itemOf(loaded)]];
      }),
    );
    return { id: instance.getPrimaryId(), exists: instance.exists(), fields: values, zeros: new Set(zeros), related };
  }

  async #perform(step: Step, names: Names): Promise<Outcome> {
    const model = this.#models[step["model"]];
    const { consistent, bypassCache, batchDelay } = step;
    const find = { consistent, bypassCache, batchDelay, loaderContext: this.#loader(step) };
    const condition = toValue(step["condition"], names) as object | undefined;
    const write = { condition, forceReindex: step["forceReindex"] };
    const save = { ...write, constraints: step["constraints"] };
    const data = (member: string): any => toValue(step[member] ?? {}, names);
    switch (step["do"]) {
      case "create":
        return this.#itemOutcome(await model.create(data("data"), write));
      case "find":
        return this.#itemOutcome(await model.find(toText(step["id"], names), find));
      case "findByPrimaryKey":
        return this.#itemOutcome(await model.findByPrimaryKey(toValue(step["partition"], names), toValue(step["sort"], names), find));
      case "findByUniqueConstraint":
        return this.#itemOutcome(await model.findByUniqueConstraint(step["constraint"], toValue(step["value"], names), find));
      case "batchFind": {
        const { items } = await model.batchFind(idsOf(step, names), find);
        return { many: Object.values<BaoModel>(items).map((item) => this.#itemOf(item)) };
      }
      case "update":
        if (editsOf(step["changes"]).length > 0) return this.#save(await model.find(toText(step["id"], names), { bypassCache: true }), step, names, write);
        return this.#itemOutcome(await model.update(toText(step["id"], names), data("changes"), write));
      case "save":
        return this.#save(this.#instance(step), step, names, save);
      case "saveNew":
        return this.#save(new model(data("data")), step, names, save);
      case "loadRelated":
        return this.#itemOutcome(await this.#instance(step).loadRelatedData(step["fields"], this.#loader(step)));
      case "clearRelated":
        this.#instance(step).clearRelatedCache(step["field"]);
        return this.#itemOutcome(this.#instance(step));
      case "delete":
        if (step["of"] === undefined) return this.#itemOutcome(await model.delete(toText(step["id"], names), { condition }));
        return this.#itemOutcome(await this.#instance(step).delete({ condition }));
      case "query":
        return this.#query(model, step, names);
      case "scan":
        return this.#scan(model, step, names);
      case "count": {
        const count = await model.count({ filter: toValue(step["filter"], names), index: step["index"], consistent });
        return { page: { items: [], count, lastKey: undefined } };
      }
      case "iterate": {
        const options = { batchSize: step["batchSize"], filter: toValue(step["filter"], names) };
        const batches = step["bucket"] === undefined ? model.iterateAll(options) : model.iterateBucket(step["bucket"], options);
        const many: Item[] = [];
        for await (const items of batches) many.push(...items.map((item: BaoModel) => this.#itemOf(item)));
        return { many };
      }
      case "batchWrite": {
        const { items } = await model.batchWrite({ put: putsOf(step, names), delete: (step["delete"] ?? []).map((id: unknown) => toText(id, names)) });
        return { many: items.map((item: BaoModel) => this.#itemOf(item)) };
      }
      case "transact": {
        const written = await transact((tx) => this.#actions(tx, step, names));
        return { many: written.map((item) => this.#itemOf(item)) };
      }
      case "search":
        return this.#search(model, step, names);
      case "capacity":
        return { capacity: getBatchContextCapacity() };
      case "isInsideBatchContext":
        return { inside: (Object.values(this.#models)[0] as typeof BaoModel).isInsideBatchContext() };
      case "readRow": {
        const { Item } = await this.#row("GetItem", { Key: toRow(data("key")), ConsistentRead: true });
        return { item: { id: "", exists: Item !== undefined, fields: fromRow(Item ?? {}), zeros: new Set(), related: {} } };
      }
      case "putRow":
        await this.#row("PutItem", { Item: toRow(data("row")) });
        return {};
      case "deleteRow":
        await this.#row("DeleteItem", { Key: toRow(data("key")) });
        return {};
      default:
        throw new Error(`unknown operation '${step["do"]}'`);
    }
  }

  /** Gives the instances of what is created and changed. */
  #actions(tx: Transaction, step: Step, names: Names): BaoModel[] {
    const written: BaoModel[] = [];
    const { template, times = 0 } = step["actionsFrom"] ?? {};
    const numbered = Array.from({ length: times }, (_, i) => ({ ...names, numbers: new Map([["i", i]]) }));
    const actions = [...((step["actions"] ?? []) as Step[]).map((action) => ({ action, names })), ...numbered.map((each) => ({ action: template as Step, names: each }))];
    for (const { action, names } of actions) {
      const model = this.#models[action["model"]];
      const options = { condition: toValue(action["condition"], names) as object | undefined, forceReindex: action["forceReindex"] };
      const item = (): any => (action["of"] === undefined ? toText(action["id"], names) : this.#instance(action));
      const values = toValue(action["data"] ?? action["changes"] ?? {}, names) as object;
      if (action["do"] === "create") written.push(tx.create(model, values, options));
      else if (action["do"] === "update") written.push(tx.update(model, item(), values, options));
      else if (action["do"] === "save") written.push(tx.save(Object.assign(item(), values), options));
      else if (action["do"] === "delete") tx.delete(model, item(), options);
      else if (action["do"] === "check") tx.check(model, item(), options);
      else throw new Error(`unknown action '${action["do"]}'`);
    }
    return written;
  }

  /** The cache of the caller that a step names. */
  #loader(step: Step): object | undefined {
    const name = step["loader"] as string | undefined;
    if (name === undefined) return undefined;
    if (!this.#loaders.has(name)) this.#loaders.set(name, {});
    return this.#loaders.get(name);
  }

  #row(operation: string, body: object): Promise<any> {
    return this.engine.request(operation, { TableName: this.table, ...body });
  }

  async #scan(model: any, step: Step, names: Names): Promise<Outcome> {
    const { limit, index, consistent, segment, totalSegments, startKey, attributes } = step;
    const page = await model.scan({
      limit,
      index,
      consistent,
      segment,
      totalSegments,
      attributes,
      filter: toValue(step["filter"], names),
      startKey: startKey === undefined ? undefined : names.pages.get(startKey),
    });
    return this.#pageOutcome(page);
  }

  async #search(model: any, step: Step, names: Names): Promise<Outcome> {
    const { operator, limit, batchSize, maxQueriesPerBucket, parallel, startKey, terms, bucket } = step;
    const options = {
      operator, limit, batchSize, maxQueriesPerBucket, parallel,
      filter: toValue(step["filter"], names),
      cursor: startKey === undefined ? undefined : names.pages.get(startKey),
    };
    const { items, cursor, consumedCapacity } = bucket === undefined ? await model.searchAll(terms, options) : await model.searchBucket(bucket, terms, options);
    return this.#pageOutcome({ items, count: items.length, lastEvaluatedKey: cursor ?? undefined, consumedCapacity });
  }

  #pageOutcome(page: any): Outcome {
    const { ReadCapacityUnits: read, WriteCapacityUnits: written } = page.consumedCapacity;
    return {
      page: { items: (page.items ?? []).map((item: BaoModel) => this.#itemOf(item)), count: page.count, lastKey: page.lastEvaluatedKey },
      first: page.items?.[0],
      capacity: { read, write: written },
    };
  }

  async #query(model: any, step: Step, names: Names): Promise<Outcome> {
    const { limit, direction, countOnly, consistent, startKey, attributes, loadRelated, relatedFields, relatedOnly } = step;
    const options = {
      limit,
      direction,
      countOnly,
      consistent,
      attributes,
      loadRelated,
      relatedFields,
      relatedOnly,
      loaderContext: this.#loader(step),
      filter: toValue(step["filter"], names) as object | undefined,
      startKey: startKey === undefined ? undefined : names.pages.get(startKey),
    };
    const [partition, sort] = [toValue(step["partition"], names), toValue(step["sort"], names)];
    const page = await (step["index"] === undefined
      ? model.queryByPrimaryKey(partition, sort, options)
      : model.queryByIndex(step["index"], partition, sort, options));
    return this.#pageOutcome(page);
  }

  async #save(instance: any, step: Step, names: Names, write: object): Promise<Outcome> {
    const before = new Map<string, unknown>();
    for (const [name, node] of Object.entries<any>(step["changes"] ?? {})) {
      const was = instance[name];
      before.set(name, was instanceof Set ? new Set(was) : was);
      if (editsOf({ [name]: node }).length === 0) instance[name] = toValue(node, names);
      for (const member of node?.["$add"] ?? []) instance[name].add(toText(member, names));
      for (const member of node?.["$delete"] ?? []) instance[name].delete(toText(member, names));
    }
    try {
      await instance.save(write);
    } catch (error) {
      // A failed save leaves the edits on the instance; in a scenario they end with their step.
      for (const [name, value] of before) instance[name] = value ?? null;
      throw error;
    }
    return this.#itemOutcome(instance);
  }

  #instance(step: Step): any {
    const instance = this.#instances.get(step["of"]);
    if (instance === undefined) throw new Error(`nothing was captured as '${step["of"]}'`);
    return instance;
  }

  #capture(step: Step, outcome: Outcome): void {
    const name = step["do"] === "save" ? step["of"] : step["as"];
    if (name === undefined || outcome.error) return;
    if (outcome.item) this.#names.items.set(name, outcome.item);
    if (outcome.instance) this.#instances.set(name, outcome.instance as BaoModel);
    if (outcome.page) this.#names.pages.set(name, outcome.page.lastKey);
    if (outcome.page?.items[0]) this.#names.items.set(name, outcome.page.items[0]);
    if (outcome.first) this.#instances.set(name, outcome.first as BaoModel);
  }
}

/** Fields whose change is an edit of a set in place. */
function editsOf(changes: Record<string, any> | undefined): string[] {
  return Object.keys(changes ?? {}).filter((name) => {
    const node = changes![name];
    return special(node) === undefined && typeof node === "object" && node !== null && ("$add" in node || "$delete" in node);
  });
}

function putsOf(step: Step, names: Names): object[] {
  const puts = ((step["put"] ?? []) as unknown[]).map((data) => toValue(data, names) as object);
  const { template, times = 0 } = step["putFrom"] ?? {};
  for (let i = 0; i < times; i++) puts.push(toValue(template, { ...names, numbers: new Map([["i", i]]) }) as object);
  return puts;
}

function idsOf(step: Step, names: Names): string[] {
  const ids = ((step["ids"] ?? []) as unknown[]).map((id) => toText(id, names));
  const { template, times = 0 } = step["idsFrom"] ?? {};
  for (let i = 0; i < times; i++) ids.push(toText(template, { ...names, numbers: new Map([["i", i]]) }));
  return ids;
}
