/** The models of one initModels, and the core behind them. */
import type { CallOptions, Core } from "../bridge/contract.js";
import { createCore } from "../bridge/index.js";
import type { ModelClass } from "../types.js";
import { bind, checkedSignal } from "./binding.js";
import { type BaoConfig, coreSettings, isTrue, refuseStrangeSettings } from "./config.js";
import { currentStore, type Store } from "./context.js";
import { definitionOf } from "./definition.js";
import { ConfigurationError } from "./errors.js";
import { defineGeneratedMethods } from "./generated_methods.js";
import { BaoModel } from "./model.js";
import { findModels } from "./model_sources.js";
import { ofTables, refuseOptions } from "./options.js";
import { platform } from "./platform.js";
import { shapeOf } from "./shape.js";
import { checkedTenant, tenantOfCall } from "./tenant_context.js";

/** Managers by test; null: the one without. */
const managers = new Map<string | null, ModelManager>();

export class ModelManager {
  /** Names of models to their classes. */
  readonly models: Record<string, any> = {};
  readonly testId: string | null;
  #core: Core | undefined;
  #tableName = "";
  #tenancyEnabled = false;

  constructor(testId: string | null = null) {
    this.testId = testId;
  }

  /** The manager of a test; without an id, the one of initModels calls without `testId`. */
  static getInstance(testId?: string | null): ModelManager {
    const key = testId ?? null;
    let manager = managers.get(key);
    if (manager === undefined) {
      manager = new ModelManager(key);
      managers.set(key, manager);
    }
    return manager;
  }

  /** Begins anew with these settings and models. */
  static init(config: BaoConfig): ModelManager {
    const testId = config.testId ?? null;
    if (testId !== null) checkedTenant(testId);
    const manager = new ModelManager(testId);
    manager.#start(config);
    managers.set(testId, manager);
    return manager;
  }

  #start(config: BaoConfig): void {
    refuseStrangeSettings(config);
    platform().files?.loadDotEnv();
    const settings = coreSettings(config);
    this.#tenancyEnabled = isTrue("tenancy.enabled", config.tenancy?.enabled, "DYNAMO_BAO_TENANCY_ENABLED");
    this.#tableName = settings.tableName;
    const models = findModels(config);
    this.#core = createCore(settings);
    this.#register(models);
  }

  get tableName(): string {
    return this.#tableName;
  }

  /** @internal */
  get core(): Core {
    if (this.#core === undefined) throw new ConfigurationError("This manager was not started: call initModels first");
    return this.#core;
  }

  /** Adds a model to those registered. */
  registerModel(model: ModelClass, name: string = model.name): ModelClass {
    this.#register(new Map([[name, model]]));
    return model;
  }

  getModel(name: string): any {
    const model = this.models[name] as ModelClass | undefined;
    if (model === undefined || !Object.hasOwn(this.models, name)) {
      throw new ConfigurationError(`Model ${name} is not registered${this.#known()}`, name);
    }
    return model;
  }

  getModels(): ModelClass[] {
    return Object.values(this.models) as ModelClass[];
  }

  listModels(): string[] {
    return Object.keys(this.models);
  }

  getTestId(): string | null {
    return this.testId;
  }

  isTenancyEnabled(): boolean {
    return this.#tenancyEnabled;
  }

  /** The tenant that a call made now would be for; null for none. */
  getTenantId(): string | null {
    return this.tenantOf(currentStore()) || null;
  }

  /** @internal The tenant of a call; "" for none. */
  tenantOf(store: Store | undefined): string {
    // A test's own id stands for a tenant where tenancy is off; else a tenant that is set counts, as no data may mix.
    if (!this.#tenancyEnabled && this.testId !== null) return this.testId;
    return tenantOfCall(store, this.#tenancyEnabled);
  }

  /** Creates the table with its indexes; a ConfigurationError where it is there. Gives what was added. */
  async createTable(options: TableOptions = {}): Promise<TableWork> {
    return this.#workOnTable("create", options);
  }

  /** Adds the indexes that the table lacks. */
  async updateTable(options: TableOptions = {}): Promise<TableWork> {
    return this.#workOnTable("update", options);
  }

  /** Deletes the table with all that it holds. */
  async deleteTable(options: Omit<TableOptions, "searchIndex"> = {}): Promise<TableWork> {
    return this.#workOnTable("delete", options);
  }

  #workOnTable(kind: "create" | "update" | "delete", given: TableOptions | null): Promise<TableWork> {
    refuseOptions("ConfigurationError", `${kind}Table`, given, ofTables, false, null, "");
    const { signal, ...options } = given ?? {};
    const call: CallOptions = { scope: null, tenant: "" };
    if (signal !== undefined && signal !== null) call.signal = checkedSignal(`${kind}Table`, signal);
    return this.core.workOnTable(kind, options, call);
  }

  #known(): string {
    const names = this.listModels();
    return names.length === 0 ? "" : ` (there are ${names.join(", ")})`;
  }

  #register(models: ReadonlyMap<string, ModelClass>): void {
    // Tables are worked on without models, and models may all come later.
    if (models.size === 0) return;
    const { core } = this;
    const definitions: Record<string, unknown> = {};
    for (const [name, model] of models) {
      if (!isModelClass(model)) {
        throw new ConfigurationError(`${name} is no model: a model is a class that extends BaoModel`, name);
      }
      definitions[name] = definitionOf(model, shapeOf(model));
    }
    const numbers = core.register(definitions);
    for (const [name, model] of models) {
      this.models[name] = model;
      bind({ model, name, shape: shapeOf(model), manager: this, core, number: numbers[name]!, tableName: this.#tableName });
    }
    defineGeneratedMethods(this.models as Record<string, ModelClass>);
  }
}

export interface TableOptions {
  /** Also make `iter_search_index`. Default: where db.iterationIndexName names it. */
  searchIndex?: boolean;
  /** Told each state that the table goes through. */
  progress?: (state: string) => void;
  signal?: AbortSignal;
}

export interface TableWork {
  addedIndexes: string[];
  ttl: boolean;
}

export function isModelClass(value: unknown): value is ModelClass {
  return typeof value === "function" && value.prototype instanceof BaoModel;
}

/** Settings and models of the program. Synchronous, and without random values, timers or I/O but reading files in Node. */
export function initModels(config: BaoConfig = {}): ModelManager {
  if (typeof config !== "object" || config === null) throw new ConfigurationError("initModels takes an object of settings");
  return ModelManager.init(config);
}

/** The models of the last initModels without `testId`. */
export const models: Record<string, any> = new Proxy({} as Record<string, any>, {
  get: (_, name) => (typeof name === "string" ? managers.get(null)?.models[name] : undefined),
  has: (_, name) => typeof name === "string" && Object.hasOwn(managers.get(null)?.models ?? {}, name),
  ownKeys: () => Object.keys(managers.get(null)?.models ?? {}),
  getOwnPropertyDescriptor: (_, name) => {
    const all = managers.get(null)?.models ?? {};
    return typeof name === "string" && Object.hasOwn(all, name)
      ? { value: all[name], enumerable: true, configurable: true, writable: false }
      : undefined;
  },
});
