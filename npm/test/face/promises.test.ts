/** What code written for the older package relies on, sentence by sentence: exports, defaults, errors and their words. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Post, start, Tag, TaggedPost, User } from "../support/models.js";
import * as bao from "../support/node.js";

const { BaoModel, constants, exceptions, fields, IndexConfig, initModels, ModelManager, PrimaryKeyConfig, runWithBatchContext, TenantContext, UniqueConstraintConfig } = bao;
const memory = { region: "us-west-2", endpoint: "memory:" };
// Without the compiler's help, as JavaScript calls them.
const [AnyUser, AnyPost] = [User as any, Post as any];

beforeEach(() => void start());

function rejection(promise: Promise<unknown>): Promise<any> {
  return promise.then(
    (value) => expect.fail(`no error, but ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

class Note extends BaoModel {
  static override modelPrefix = "no";
  static override iterable = true;
  static override iterationBuckets = 3;
  static override searchable = { fields: ["text"] };
  static override fields = { id: fields.StringField(), text: fields.StringField(), rank: fields.IntegerField() };
  static override primaryKey = PrimaryKeyConfig("id");
}

function notes(): any {
  initModels({ models: { Note }, aws: memory, db: { tableName: "notes", iterationIndexName: "iter_search_index" } });
  return Note;
}

describe("the package", () => {
  it("exports what the older one does", () => {
    for (const name of ["initModels", "BaoModel", "ModelManager", "fields", "constants", "exceptions", "models", "TenantContext", "runWithBatchContext", "getBatchContextCapacity", "PrimaryKeyConfig", "IndexConfig", "UniqueConstraintConfig"]) {
      expect([name, (bao as Record<string, unknown>)[name] !== undefined]).toEqual([name, true]);
    }
    for (const name of ["ConfigurationError", "ValidationError", "QueryError", "ItemNotFoundError", "ConditionalError", "DataFormatError"]) {
      expect((exceptions as Record<string, any>)[name].prototype).toBeInstanceOf(Error);
    }
    const manager = start();
    for (const name of ["registerModel", "getModel", "getModels", "listModels", "getTenantId"]) expect(typeof (manager as any)[name]).toBe("function");
    expect(typeof TenantContext.getInstance).toBe("function");
  });

  it("has fields and key configurations that are called without new, and constants with the older values", () => {
    expect(fields.StringField({ required: true }).required).toBe(true);
    for (const name of Object.keys(fields).filter((each) => each.endsWith("Class") && each !== "RelatedFieldClass")) {
      expect((fields as any)[name.slice(0, -5)]()).toBeInstanceOf((fields as any)[name]);
    }
    expect(fields.RelatedField("User")).toBeInstanceOf(fields.RelatedFieldClass);
    expect(PrimaryKeyConfig("a")).toMatchObject({ pk: "a", sk: "modelPrefix" });
    expect(IndexConfig("a", "b", "gsi1")).toMatchObject({ pk: "a", sk: "b", indexId: "gsi1" });
    expect(UniqueConstraintConfig("a", "_uc1")).toMatchObject({ field: "a", constraintId: "_uc1" });
    expect([1, 2, 3, 4, 5].map((n) => (constants as any)[`GSI_INDEX_ID${n}`])).toEqual(["gsi1", "gsi2", "gsi3", "gsi4", "gsi5"]);
    expect([1, 2, 3].map((n) => (constants as any)[`UNIQUE_CONSTRAINT_ID${n}`])).toEqual(["_uc1", "_uc2", "_uc3"]);
  });
});

describe("initModels", () => {
  it("is synchronous, and registers the models given, and those only", () => {
    const manager = initModels({ models: { User }, aws: memory });
    expect(manager).toBeInstanceOf(ModelManager);
    expect(manager.models).toEqual({ User });
    expect(() => manager.getModel("Post")).toThrow(exceptions.ConfigurationError);
  });

  it("gives the manager of a testId by it", async () => {
    const [one, two] = ["one", "two"].map((testId) => initModels({ models: { User }, aws: memory, testId }));
    expect([ModelManager.getInstance("one"), ModelManager.getInstance("two")]).toEqual([one, two]);
    expect([one!.getTenantId(), two!.getTenantId()]).toEqual(["one", "two"]);
  });

  it("refuses an invalid model at once", () => {
    class Wrong extends BaoModel {
      static override modelPrefix = "w";
      static override fields = { id: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("nothing");
    }
    expect(() => initModels({ models: { Wrong }, aws: memory })).toThrow(exceptions.ConfigurationError);
    expect(() => start().registerModel(Wrong)).toThrow(/nothing/);
  });

  it("makes the fields of the primary key required", async () => {
    notes();
    expect(await rejection((Note as any).create({ text: "x" }))).toMatchObject({ name: "ValidationError", fieldName: "id" });
  });
});

describe("reading", () => {
  it("finds nothing by what is no id, and a miss is an object with nothing to trip over", async () => {
    for (const id of ["anything", "##__SK__##", "x".repeat(5000), "\u00e9\u0000"]) {
      const miss: any = await User.find(id);
      expect([miss.exists(), miss.isLoaded(), miss.getNumericConsumedCapacity("read") >= 0, JSON.stringify(miss)]).toEqual([false, false, true, "null"]);
      expect(miss.name).toBeUndefined();
    }
  });

  it("batchFind gives {items, ConsumedCapacity}, empty for null, [] and what is cached", async () => {
    const user = await User.create({ name: "Ann" });
    expect(await AnyUser.batchFind(null)).toEqual({ items: {}, ConsumedCapacity: [] });
    expect(await User.batchFind([])).toEqual({ items: {}, ConsumedCapacity: [] });
    const found = await User.batchFind([user.userId, user.userId, "none"]);
    expect([Object.keys(found.items), found.ConsumedCapacity.length]).toEqual([[user.userId, "none"], 1]);
    await runWithBatchContext(async () => {
      const one = await User.find(user.userId);
      const cached = await User.batchFind([user.userId]);
      expect([cached.items[user.userId] === one, cached.ConsumedCapacity]).toEqual([true, []]);
    });
    const many = await User.batchFind(Array.from({ length: 150 }, (_, i) => `id${i}`));
    expect(many.ConsumedCapacity).toHaveLength(2);
  });

  it("pages end with lastEvaluatedKey undefined, and null is no limit and no start", async () => {
    for (const title of ["a", "b", "c"]) await Post.create({ userId: "u", title });
    const page = await AnyPost.queryByIndex("postsForUser", "u", null, { limit: null, startKey: null });
    expect([page.count, page.lastEvaluatedKey, "lastEvaluatedKey" in page]).toEqual([3, undefined, true]);
    const first = await Post.queryByIndex("postsForUser", "u", null, { limit: 2 });
    expect(first.lastEvaluatedKey).toBeDefined();
    expect((await Post.queryByIndex("postsForUser", "u", null, { startKey: first.lastEvaluatedKey })).count).toBe(1);
  });

  it("countOnly gives counts alone, page after page where there is no limit", async () => {
    for (const title of ["a", "b", "c"]) await Post.create({ userId: "u", title });
    const all: any = await Post.queryByIndex("postsForUser", "u", null, { countOnly: true });
    expect([all.count, "items" in all, all.lastEvaluatedKey, all.consumedCapacity !== undefined]).toEqual([3, false, undefined, true]);
    const some = await Post.queryByIndex("postsForUser", "u", null, { countOnly: true, limit: 2 });
    expect([some.count, some.lastEvaluatedKey !== undefined]).toEqual([2, true]);
  });

  it("refuses what a query or filter cannot mean, with these errors", async () => {
    const query = (sort: unknown, filter?: unknown, index = "postsForUser") => rejection(AnyPost.queryByIndex(index, "u", sort, { filter }));
    expect(await query(null, null, "nothing")).toBeInstanceOf(exceptions.QueryError);
    expect(await query(null, { nothing: 1 })).toBeInstanceOf(exceptions.QueryError);
    expect(await query(null, { likes: { $like: 1 } })).toBeInstanceOf(exceptions.QueryError);
    expect(await query({ $like: 1 })).toBeInstanceOf(exceptions.QueryError);
    for (const between of [5, [1], [1, 2, 3]]) {
      expect(await query(null, { likes: { $between: between } })).toBeInstanceOf(exceptions.QueryError);
      expect(await query({ createdAt: { $between: between } })).toBeInstanceOf(exceptions.QueryError);
    }
    expect(await query({ title: "x" })).toMatchObject({ name: "QueryError", message: expect.stringContaining('Field "title" is not the sort key for index "postsForUser"') });
    expect(await query(null, { likes: { $exists: "yes" } })).toBeInstanceOf(exceptions.ValidationError);
    expect(await query(null, { title: { $size: "many" } })).toBeInstanceOf(exceptions.ValidationError);
    expect(await query(null, { title: { $in: "abc" } })).toBeInstanceOf(exceptions.ValidationError);
  });

  it("missing values read as they do in the older package", async () => {
    const user: any = await User.create({ name: "Ann" });
    expect([user.email, user.photo, user.age, user.visits, user.tags]).toEqual([undefined, null, null, 0, new Set()]);
    class Short extends BaoModel {
      static override modelPrefix = "sh";
      static override fields = { id: fields.StringField(), ttl: fields.TtlField(), level: fields.IntegerField({ defaultValue: 3 }) };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Short }, aws: memory });
    const item: any = await Short.create({ id: "1" });
    expect([item.ttl, item.level]).toEqual([null, 3]);
  });
});

describe("writing", () => {
  it("an update of a missing item is an ItemNotFoundError, with a condition too", async () => {
    for (const options of [undefined, { condition: { name: "x" } }]) expect(await rejection(User.update("none", { name: "y" }, options))).toBeInstanceOf(exceptions.ItemNotFoundError);
  });

  it("duplicates, clashes and failed conditions are ConditionalErrors in these words", async () => {
    const user = await User.create({ name: "Ann", email: "a@b" });
    const conditional = (words: string) => ({ name: "ConditionalError", message: expect.stringContaining(words) });
    expect(await rejection(User.create({ userId: user.userId, name: "Bea" } as never))).toBeInstanceOf(exceptions.ConditionalError);
    expect(await rejection(User.create({ name: "Bea", email: "a@b" }))).toMatchObject(conditional("email must be unique"));
    expect(await rejection(User.update(user.userId, { age: 1 }, { condition: { name: "x" } }))).toMatchObject(conditional("Condition check failed"));
    expect(await rejection(User.delete(user.userId, { condition: { name: "x" } }))).toMatchObject(conditional("Delete condition not met"));
  });

  it("delete resolves to the old item, which still says that it exists", async () => {
    const user = await User.create({ name: "Ann" });
    const old = await User.delete(user.userId);
    expect([old.name, old.exists(), (await User.find(user.userId)).exists()]).toEqual(["Ann", true, false]);
  });

  it("finding by an empty unique value is a ValidationError", async () => {
    for (const empty of ["", null, undefined]) {
      expect(await rejection(AnyUser.findByUniqueConstraint("uniqueEmail", empty))).toMatchObject({ name: "ValidationError", message: expect.stringContaining("email value is required") });
    }
  });

  it("half an index key takes the other from the item, and a half that the item lacks is named", async () => {
    class Job extends BaoModel {
      static override modelPrefix = "j";
      static override fields = { id: fields.StringField(), state: fields.StringField(), rank: fields.IntegerField(), note: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("id");
      static override indexes = { byState: IndexConfig("state", "rank", "gsi1") };
    }
    initModels({ models: { Job }, aws: memory });
    await Job.create({ id: "1", state: "new", rank: 2 });
    await Job.update("1", { rank: 3 });
    expect((await Job.queryByIndex("byState", "new", 3)).count).toBe(1);
    await Job.create({ id: "2", state: "new" });
    expect((await Job.queryByIndex("byState", "new")).count).toBe(1);
    expect(await rejection(Job.update("2", { state: "old" }))).toMatchObject({ name: "ValidationError", message: expect.stringMatching(/Include both fields or use forceReindex$/) });
    await Job.update("2", { state: "old" }, { forceReindex: true });
    await Job.update("1", { state: null });
    expect((await Job.queryByIndex("byState", "new")).count).toBe(0);
  });

  it("sets are checked when they are saved, and an equal value is no change", async () => {
    const user: any = await User.create({ name: "Ann", tags: ["a"] });
    user.tags = new Set([1]);
    expect(await rejection(user.save())).toBeInstanceOf(exceptions.ValidationError);
    const hook = vi.fn();
    User.registerPlugin({ beforeSave: hook });
    const fresh: any = await User.find(user.userId);
    fresh.name = "Ann";
    fresh.tags = ["a"];
    expect([fresh.hasChanges(), (await fresh.save()) === fresh, hook.mock.calls.length]).toEqual([false, true, 0]);
  });

  it("an instance stands for its id, and a new id drops what was loaded", async () => {
    const [ann, bea] = [await User.create({ name: "Ann" }), await User.create({ name: "Bea" })];
    const post: any = await Post.create({ userId: ann, title: "t" });
    expect(post.userId).toBe(ann.userId);
    expect(await post.loadRelatedData(["unknown"])).toBe(post);
    expect((await post.getOrLoadRelatedField("userId")).name).toBe("Ann");
    post.userId = bea;
    expect((await post.getOrLoadRelatedField("userId")).name).toBe("Bea");
  });

  it("getRelatedObjectsViaMap is positional, and gives the target objects", async () => {
    const tag: any = await Tag.create({ tagId: "t" });
    const ids: string[] = [];
    for (const title of ["one", "two", "three"]) {
      const { postId } = await Post.create({ userId: "u", title });
      ids.push(postId);
      await TaggedPost.create({ tagId: "t", postId });
    }
    ids.sort();
    const { items } = await TaggedPost.getRelatedObjectsViaMap("postsForTag", "t", "postId", { $gt: ids[0] }, 5, "DESC", null);
    expect(items.map((item: any) => [item instanceof Post, item.postId])).toEqual([[true, ids[2]], [true, ids[1]]]);
    expect((await tag.getPosts({ $gt: ids[0] }, 1, "DESC")).items[0].postId).toBe(ids[2]);
  });

  it("hooks get changes or ids, and the caller's options with isNew", async () => {
    const calls: unknown[] = [];
    Post.registerPlugin({
      beforeSave: (changes, options) => void (calls.push(["beforeSave", { ...options }]), (changes["title"] = `${changes["title"] ?? "-"}!`)),
      afterSave: (instance, options) => void calls.push(["afterSave", instance.title, options.isNew]),
      beforeDelete: (id) => void calls.push(["beforeDelete", id]),
      afterDelete: (id) => void calls.push(["afterDelete", id]),
    });
    const post = await Post.create({ userId: "u", title: "t" });
    await AnyPost.update(post.postId, { likes: 1 }, { mine: 5 });
    await Post.delete(post.postId);
    expect(calls).toEqual([
      ["beforeSave", { isNew: true }], ["afterSave", "t!", true],
      ["beforeSave", { mine: 5, isNew: false }], ["afterSave", "-!", false],
      ["beforeDelete", post.postId], ["afterDelete", post.postId],
    ]);
  });
});

describe("iteration", () => {
  it("has 100 buckets where a class does not say, and one where it is not iterable", async () => {
    class Many extends BaoModel {
      static override modelPrefix = "ma";
      static override iterable = true;
      static override fields = { id: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Many }, aws: memory });
    expect([Many.getIterationBuckets(), User.getIterationBuckets()]).toEqual([100, 1]);
    expect((await rejection(Many.iterateBucket(100).next())).message).toContain("Invalid bucket number 100");
    expect((await rejection(Many.iterateBucket(-1).next())).message).toContain("Invalid bucket number -1");
    const walk = User.iterateAll();
    expect((await rejection(walk.next())).message).toContain("not configured as iterable");
  });

  it("uses iter_index, unless it is told to use the search index; no other name will do", async () => {
    const seen: string[] = [];
    class Walk extends Note {}
    for (const iterationIndexName of [undefined, "iter_search_index"] as const) {
      const Model = Walk as any;
      initModels({ models: { Walk: Model }, aws: memory, db: { tableName: `walk-${iterationIndexName}`, iterationIndexName } });
      await Model.create({ id: "1", text: "some words" });
      const filtered = await Model.iterateAll({ filter: { _searchText: { $contains: "some" } } }).next().then((step: any) => `found ${step.value.length}`, (error: Error) => error.message);
      seen.push(filtered);
    }
    expect(seen).toEqual([expect.stringContaining("aren't projected"), "found 1"]);
    expect(() => initModels({ models: { Walk }, aws: memory, db: { iterationIndexName: "mine" as never } })).toThrow(/iter_search_index/);
  });

  it("refuses filters on what its index lacks before any request, naming it", async () => {
    const Model = notes();
    const error = await rejection(Model.iterateAll({ filter: { rank: { $gt: 1 } } }).next());
    expect(error.message).toMatch(/rank.*aren't projected/);
  });
});

describe("search", () => {
  it("refuses in these words", async () => {
    const Model = notes();
    for (const id of ["1", "2", "3"]) await Model.create({ id, text: "some words" });
    const { cursor, items } = await Model.searchAll("words", { limit: 1 });
    expect([typeof cursor, items.length]).toEqual(["string", 1]);
    expect((await rejection(Model.searchAll("other", { cursor }))).message).toContain("different query");
    expect((await rejection(Model.searchBucket(0, "words", { cursor }))).message).toContain("Cursor scope mismatch");
    for (const limit of [0, -1, 1.5, "2"]) {
      expect((await rejection(Model.searchAll("words", { limit }))).message).toContain("limit must be a positive integer or Infinity");
    }
    for (const terms of ["", "  ", [], ["!?"]]) expect((await rejection(Model.searchAll(terms))).message).toContain("at least one non-empty term");
  });
});

describe("tenants", () => {
  it("that are missing, and resolvers that are none, are told in these words", async () => {
    initModels({ models: { User }, aws: memory, tenancy: { enabled: true } });
    TenantContext.reset();
    const message = "Tenant context is required when tenancy is enabled. Use TenantContext.runWithTenant(tenantId, callback) or add tenant resolvers.";
    expect((await rejection(User.find("1"))).message).toBe(message);
    expect(() => TenantContext.validateTenantRequired({ tenancy: { enabled: true } })).toThrow(message);
    expect(() => TenantContext.addResolver("no" as never)).toThrow("Resolver must be a function");
  });
});

describe("an AbortSignal", () => {
  it("ends every kind of call", async () => {
    const Model = notes();
    await Model.create({ id: "1", text: "some words" });
    const item = await Model.find("1");
    const edited = await Model.find("1");
    edited.rank = 5;
    const options = { signal: AbortSignal.abort() };
    const calls: Record<string, () => Promise<unknown>> = {
      find: () => Model.find("1", options),
      batchFind: () => Model.batchFind(["1"], options),
      query: () => Model.queryByPrimaryKey("1", null, options),
      pages: () => Model.queryPages(null, "1", null, options).next(),
      scan: () => Model.scan(options),
      count: () => Model.count(options),
      iterate: () => Model.iterateAll(options).next(),
      bucket: () => Model.iterateBucket(0, options).next(),
      search: () => Model.searchAll("some", options),
      searchBucket: () => Model.searchBucket(0, "some", options),
      create: () => Model.create({ id: "2" }, options),
      update: () => Model.update("1", { rank: 1 }, options),
      save: () => edited.save(options),
      delete: () => Model.delete("1", options),
      remove: () => item.delete(options),
      batchWrite: () => Model.batchWrite({ put: [{ id: "3" }] }, options),
      transact: () => bao.transact((tx: any) => void tx.update(Model, "1", { rank: 1 }), options),
    };
    for (const [name, call] of Object.entries(calls)) expect([name, (await rejection(call())).name]).toEqual([name, "CancelledError"]);
    start();
    expect((await rejection(AnyUser.findByUniqueConstraint("uniqueEmail", "x", options))).name).toBe("CancelledError");
  });
});
