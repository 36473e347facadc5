/** Names that nobody reads, as callers in plain JavaScript may write them: what is misspelt must not be taken for left out. */
import { beforeEach, describe, expect, it } from "vitest";
import { Page, Post, start, User } from "../support/models.js";
import { BaoModel, fields, initModels, PrimaryKeyConfig, transact } from "../support/node.js";

const memory = { endpoint: "memory:" };
const collect = async (pages: AsyncGenerator<unknown>): Promise<unknown[]> => {
  const all: unknown[] = [];
  for await (const page of pages) all.push(page);
  return all;
};

describe("settings", () => {
  const attempt = (config: object) => () => initModels({ models: { User }, aws: memory, ...config } as never);

  it("that are misspelt are refused by their place, with what was probably meant", () => {
    const wrong: [object, string][] = [
      [{ aws: { enpoint: "memory:" } }, "initModels: aws: unknown option 'enpoint'; did you mean 'endpoint'?"],
      [{ aws: { ...memory, Region: "eu-west-1" } }, "initModels: aws: unknown option 'Region'; did you mean 'region'?"],
      [{ batchContext: { requireBatchContex: true } }, "initModels: batchContext: unknown option 'requireBatchContex'; did you mean 'requireBatchContext'?"],
      [{ batchContext: { strict: true } }, "initModels: batchContext: unknown option 'strict'"],
      [{ tenancy: { enable: true } }, "initModels: tenancy: unknown option 'enable'; did you mean 'enabled'?"],
      [{ db: { table: "x" } }, "initModels: db: unknown option 'table'"],
      [{ db: { itertionIndexName: "x" } }, "initModels: db: unknown option 'itertionIndexName'; did you mean 'iterationIndexName'?"],
      [{ logging: { levl: "DEBUG" } }, "initModels: logging: unknown option 'levl'; did you mean 'level'?"],
      [{ timeouts: { attemptms: 5 } }, "initModels: timeouts: unknown option 'attemptms'; did you mean 'attemptMs'?"],
      [{ retry: { maxAttempt: 5 } }, "initModels: retry: unknown option 'maxAttempt'; did you mean 'maxAttempts'?"],
      [{ tennancy: { enabled: true } }, "initModels: unknown option 'tennancy'; did you mean 'tenancy'?"],
      [{ bacthcontext: { requireBatchContext: true } }, "initModels: unknown option 'bacthcontext'; did you mean 'batchContext'?"],
      [{ region: "eu-west-1" }, "initModels: unknown option 'region'"],
      [{ tenantId: "x" }, "initModels: unknown option 'tenantId'"],
      // Undefined in one environment, perhaps, and in none of them what was meant.
      [{ aws: { ...memory, regoin: undefined } }, "initModels: aws: unknown option 'regoin'; did you mean 'region'?"],
    ];
    for (const [config, message] of wrong) {
      expect(attempt(config), message).toThrow(expect.objectContaining({ name: "ConfigurationError", message }));
    }
  });

  it("of the wrong form are refused by name: a section is an object", () => {
    for (const [config, message] of [
      [{ tenancy: true }, "initModels: tenancy: unknown option 'true'"],
      [{ batchContext: true }, "initModels: batchContext: unknown option 'true'"],
      [{ db: "my-table" }, "initModels: db: unknown option 'my-table'"],
      [{ logging: "DEBUG" }, "initModels: logging: unknown option 'DEBUG'"],
      [{ timeouts: 5000 }, "initModels: timeouts: unknown option '5000'"],
      [{ aws: ["us-west-2"] }, "initModels: aws: unknown option '0'"],
    ] as const) {
      expect(attempt(config), message).toThrow(expect.objectContaining({ name: "ConfigurationError", message }));
    }
  });

  it("tell no values", () => {
    expect(attempt({ aws: { credential: { secretAccessKey: "HUSH" } } })).toThrow(/^(?!.*HUSH).*did you mean 'credentials'/);
  });

  it("that the documents, the commands and the older package know pass, and so does a section that is null", () => {
    const config = {
      testId: null,
      aws: { ...memory, region: "us-west-2", credentials: { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c", expiration: new Date(), accountId: "1" } },
      db: { tableName: "t", iterationIndexName: "iter_index" },
      logging: { level: "OFF" },
      paths: { modelsDir: "x", generatedModelsManifest: "x", fieldsDir: "x", modelDefinitionsPath: "x", modelsDefinitionPath: "x" },
      tenancy: { enabled: false },
      batchContext: { requireBatchContext: false },
      timeouts: { callMs: 5, attemptMs: 5 },
      retry: { maxAttempts: 5 },
      codegen: { moduleSystem: "esm", language: "js", whatever: true },
    };
    expect(attempt(config)).not.toThrow();
    // A configuration that was imported as a namespace.
    expect(attempt({ ...config, default: config })).not.toThrow();
    expect(attempt({ aws: memory, tenancy: null, db: undefined })).not.toThrow();
  });
});

describe("options of reads", () => {
  beforeEach(() => void initModels({ models: { Page, Post, User }, aws: memory, db: { iterationIndexName: "iter_search_index" } }));

  it("are refused by name where nobody reads them", async () => {
    const unknown = { consistant: true } as any;
    const misspelt = { name: "QueryError", message: expect.stringMatching(/^(User|Post): unknown option 'consistant'; did you mean 'consistent'\?$/) };
    const walking = { name: "QueryError", message: "Page: unknown option 'consistant'" };
    const reads: Record<string, () => Promise<unknown>> = {
      find: () => User.find("x", unknown),
      findByPrimaryKey: () => User.findByPrimaryKey("x", undefined, unknown),
      batchFind: () => User.batchFind(["x"], unknown),
      findByUniqueConstraint: () => User.findByUniqueConstraint("uniqueEmail", "x", unknown),
      findByEmail: () => (User as any).findByEmail("x", unknown),
      queryByIndex: () => Post.queryByIndex("postsForUser", "x", null, unknown),
      queryByPrimaryKey: () => Post.queryByPrimaryKey("x", null, unknown),
      queryPages: () => collect(Post.queryPages("postsForUser", "x", null, unknown)),
      queryAllPosts: () => (Post as any).queryAllPosts(null, unknown),
      scan: () => User.scan(unknown),
      count: () => User.count(unknown),
      iterateAll: () => collect(Page.iterateAll(unknown)),
      iterateBucket: () => collect(Page.iterateBucket(0, unknown)),
      searchAll: () => Page.searchAll("x", unknown),
      searchBucket: () => Page.searchBucket(0, "x", unknown),
    };
    for (const [name, read] of Object.entries(reads)) await expect(read(), name).rejects.toMatchObject(/^(iter|search)/.test(name) ? walking : misspelt);
    await expect(User.scan({ filtr: { name: "x" } } as any)).rejects.toMatchObject({ modelName: "User", message: "User: unknown option 'filtr'; did you mean 'filter'?" });
    await expect(User.find("x", { sort: "DESC" } as any)).rejects.toMatchObject({ modelName: "User", message: "User: unknown option 'sort'" });
  });

  it("of another read are refused", async () => {
    const collected = (pages: AsyncGenerator<unknown>) => () => collect(pages);
    const wrong: [string, (options: any) => () => Promise<unknown>, string[]][] = [
      ["find", (options) => () => User.find("x", options), ["filter", "attributes", "limit"]],
      ["batchFind", (options) => () => User.batchFind(["x"], options), ["limit", "parallel"]],
      ["findByUniqueConstraint", (options) => () => User.findByUniqueConstraint("uniqueEmail", "x", options), ["loadRelated"]],
      ["queryByIndex", (options) => () => Post.queryByIndex("postsForUser", "x", null, options), ["operator", "cursor", "segment", "index", "batchSize", "bypassCache", "batchDelay"]],
      ["queryByPrimaryKey", (options) => () => Post.queryByPrimaryKey("x", null, options), ["maxQueriesPerBucket"]],
      ["queryPages", (options) => collected(Post.queryPages("postsForUser", "x", null, options)), ["batchSize"]],
      ["scan", (options) => () => Post.scan(options), ["direction", "countOnly", "loadRelated", "relatedFields", "relatedOnly", "loaderContext", "batchSize"]],
      ["count", (options) => () => Post.count(options), ["limit", "startKey", "segment", "attributes", "countOnly"]],
      ["iterateAll", (options) => collected(Page.iterateAll(options)), ["limit", "parallel", "consistent", "attributes"]],
      ["iterateBucket", (options) => collected(Page.iterateBucket(0, options)), ["direction"]],
      ["searchAll", (options) => () => Page.searchAll("x", options), ["startKey", "consistent", "direction", "loadRelated"]],
      ["searchBucket", (options) => () => Page.searchBucket(0, "x", options), ["attributes"]],
    ];
    for (const [read, attempt, names] of wrong) {
      for (const name of names) {
        await expect(attempt({ [name]: undefined })(), `${read} ${name}`).rejects.toMatchObject({ name: "QueryError", message: expect.stringMatching(new RegExp(`^(User|Post|Page): unknown option '${name}'`)) });
      }
    }
  });

  it("that pages of items cannot take are refused, too", async () => {
    const pages = (countOnly: any) => collect(Post.queryPages("postsForUser", "x", null, { countOnly }));
    await expect(pages(true)).rejects.toMatchObject({ name: "QueryError", modelName: "Post", indexName: "postsForUser", message: "Post: countOnly must be left out where items are asked for page by page, not true" });
    for (const countOnly of [false, undefined, null]) expect(await pages(countOnly)).toHaveLength(1);
  });

  it("are all those of the types, and pass", async () => {
    const { signal } = new AbortController();
    await User.find("x", { batchDelay: 0, bypassCache: true, consistent: true, loaderContext: {}, signal });
    const query = { limit: 5, startKey: null, direction: "ASC" as const, filter: null, countOnly: false, loadRelated: true, relatedFields: ["userId" as const], relatedOnly: true, returnWrapped: true, consistent: false, attributes: undefined, loaderContext: {}, signal };
    await Post.queryByIndex("postsForUser", "x", null, query);
    await User.scan({ limit: 5, startKey: null, filter: null, segment: 0, totalSegments: 1, consistent: true, attributes: ["name"], returnWrapped: false, signal });
    await Post.count({ filter: null, index: "postsForUser", consistent: false, signal });
    await collect(Page.iterateAll({ batchSize: 5, filter: null, signal }));
    await Page.searchAll("x", { operator: "AND", limit: 5, batchSize: 5, maxQueriesPerBucket: 5, parallel: 1, cursor: null, filter: null, signal });
  });
});

describe("options of writes", () => {
  beforeEach(() => void start());

  it("are refused where they are near to one, and nothing is written", async () => {
    const user = await User.create({ name: "Ann" });
    const wrong = (name: string, meant: string) => ({ name: "ValidationError", modelName: "User", message: `User: unknown option '${name}'; did you mean '${meant}'?` });
    const condtion = { condtion: { name: "nobody" } } as any;
    const writes: Record<string, () => Promise<unknown>> = {
      create: () => User.create({ name: "Bea" }, condtion),
      update: () => User.update(user.userId, { name: "Bea" }, condtion),
      delete: () => User.delete(user.userId, condtion),
      save: () => ((user.age = 1), user.save(condtion)),
      "instance.delete": () => user.delete(condtion),
      "tx.create": () => transact((tx) => void tx.create(User, { name: "Bea" }, condtion)),
      "tx.update": () => transact((tx) => void tx.update(User, user.userId, { name: "Bea" }, condtion)),
      "tx.delete": () => transact((tx) => void tx.delete(User, user.userId, condtion)),
      "tx.check": () => transact((tx) => void tx.check(User, user.userId, condtion)),
    };
    for (const [name, write] of Object.entries(writes)) await expect(write(), name).rejects.toMatchObject(wrong("condtion", "condition"));
    await expect(user.save({ forceReIndex: true } as any)).rejects.toMatchObject(wrong("forceReIndex", "forceReindex"));
    await expect(user.save({ constraint: { mustExist: true } } as any)).rejects.toMatchObject(wrong("constraint", "constraints"));
    await expect(user.save({ constraints: { mustExists: true } } as any)).rejects.toMatchObject(wrong("mustExists", "mustExist"));
    await expect(user.save({ constraints: { versionMatches: true } } as any)).rejects.toThrow("User: unknown option 'versionMatches'");
    expect(await User.find(user.userId)).toMatchObject({ name: "Ann", age: null });
    expect(await User.count()).toBe(1);
  });

  it("that only saves know are refused elsewhere", async () => {
    const { userId } = await User.create({ name: "Ann" });
    const options = { constraints: { fieldMatches: ["name"] } } as any;
    const refused = { name: "ValidationError", modelName: "User", message: "User: unknown option 'fieldMatches'" };
    await expect(User.update(userId, { name: "Bea" }, options)).rejects.toMatchObject(refused);
    await expect(User.delete(userId, options)).rejects.toMatchObject(refused);
    await expect(transact((tx) => void tx.update(User, userId, { name: "Bea" }, options))).rejects.toMatchObject(refused);
    await expect(User.create({ name: "Bea" }, options)).rejects.toMatchObject(refused);
    expect((await User.find(userId)).name).toBe("Ann");
    const post = await transact((tx) => tx.create(Post, { userId, title: "t" }, { constraints: { mustNotExist: true } } as any));
    expect(post.exists()).toBe(true);
  });

  it("of the hooks' own reach them", async () => {
    class Seen extends BaoModel {
      static override modelPrefix = "s";
      static override fields = { id: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Seen }, aws: memory });
    const seen: unknown[] = [];
    Seen.registerPlugin({ beforeSave: (_, { reason }) => void seen.push(reason), beforeDelete: (_, { reason }) => void seen.push(reason) });
    await Seen.create({ id: "1" }, { reason: "mine" } as any);
    await Seen.delete("1", { reason: "yours" } as any);
    expect(seen).toEqual(["mine", "yours"]);
  });

  it("of whole items in batches are put and delete", async () => {
    await expect(Post.batchWrite({ puts: [{ userId: "u", title: "t" }] } as any)).rejects.toMatchObject({
      name: "ValidationError",
      message: "Post: unknown option 'puts'; did you mean 'put'?",
    });
    await expect(Post.batchWrite({ put: [] }, { singal: 1 } as any)).rejects.toThrow(/did you mean 'signal'/);
  });
});

describe("what models and plugins are made of", () => {
  const key = { modelPrefix: "m", primaryKey: PrimaryKeyConfig("id"), fields: { id: fields.StringField() } };
  const modelOf = (statics: object) => Object.assign(class Model extends BaoModel {}, statics);
  const register = (statics: object) => () => initModels({ models: { Model: modelOf(statics) }, aws: memory });

  it("statics near to those of a model are refused", () => {
    const wrong: [object, string, string][] = [
      [{ ...key, indexs: {} }, "indexs", "indexes"],
      [{ ...key, uniqueConstraint: {} }, "uniqueConstraint", "uniqueConstraints"],
      [{ ...key, Iterable: true }, "Iterable", "iterable"],
      [{ ...key, keyformat: 1 }, "keyformat", "keyFormat"],
      [{ fields: key.fields, primaryKey: key.primaryKey, modelprefix: "m" }, "modelprefix", "modelPrefix"],
    ];
    for (const [statics, name, meant] of wrong) {
      const refused = { name: "ConfigurationError", modelName: "Model", message: `Model: unknown option '${name}'; did you mean '${meant}'?` };
      expect(register(statics), name).toThrow(expect.objectContaining(refused));
    }
  });

  it("the user's own statics are left alone, also where the model says both", () => {
    expect(register({ ...key, tableName: "x", description: "y", index: () => 5, iterable: true, iterables: [] })).not.toThrow();
  });

  it("a plugin with what is nearly a hook is refused", () => {
    start();
    const refused = (name: string, meant: string) =>
      expect.objectContaining({ name: "ConfigurationError", modelName: "User", message: `User: unknown option '${name}'; did you mean '${meant}'?` });
    const hook = () => {};
    expect(() => User.registerPlugin({ beforeSav: hook } as never)).toThrow(refused("beforeSav", "beforeSave"));
    expect(() => User.registerPlugin({ aftersave: hook } as never)).toThrow(refused("aftersave", "afterSave"));
    expect(() => User.registerPlugin({ method: { greet: hook } } as never)).toThrow(refused("method", "methods"));
    expect(() => User.registerPlugin({ name: "audit", log: hook, settings: {} } as never)).not.toThrow();
  });
});
