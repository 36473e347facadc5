/** What callers in plain JavaScript, or with a value that they forgot, may hand over: errors that say what is wrong, and of which field or option. */
import { beforeEach, describe, expect, it } from "vitest";
import { Page, Post, start, Tag, TaggedPost, User } from "../support/models.js";
import { BaoModel, fields, initModels, PrimaryKeyConfig, TenantContext, transact } from "../support/node.js";

beforeEach(() => void start());

describe("undefined in a condition", () => {
  const conditions: [Record<string, any>, string][] = [
    [{ name: undefined }, "name"],
    [{ age: 1, name: undefined }, "name"],
    [{ nope: undefined }, "nope"],
    [{ "settings.x": undefined }, "settings.x"],
    [{ name: { $eq: undefined } }, "name"],
    [{ name: { $eq: "a", $ne: undefined } }, "name"],
    [{ name: { $in: ["a", undefined] } }, "name"],
    [{ age: { $between: [undefined, 2] } }, "age"],
    [{ $or: [{ age: 1 }, { name: undefined }] }, "name"],
    [{ $and: [{ $not: { name: { $gt: undefined } } }] }, "name"],
    [{ $not: { name: undefined } }, "name"],
    [{ $or: undefined }, "$or"],
    [{ $and: undefined }, "$and"],
    [{ $not: undefined }, "$not"],
  ];

  it("is refused by the field's name, and nothing is written or deleted", async () => {
    const user = await User.create({ name: "Ann" });
    for (const [condition, fieldName] of conditions) {
      const refused = { name: "QueryError", modelName: "User", fieldName, message: expect.stringMatching(/^User\..* is undefined/) };
      const attempts: [string, () => Promise<unknown>][] = [
        ["create", () => User.create({ name: "Bea" }, { condition })],
        ["update", () => User.update(user.userId, { name: "Bea" }, { condition })],
        ["delete", () => User.delete(user.userId, { condition })],
        ["instance.delete", () => user.delete({ condition })],
        ["instance.save", () => ((user.age = 3), user.save({ condition }))],
        ["transact", () => transact((tx) => void tx.delete(User, user.userId, { condition }))],
        ["scan", () => User.scan({ filter: condition })],
        ["count", () => User.count({ filter: condition })],
      ];
      for (const [name, attempt] of attempts) await expect(attempt(), `${name} ${JSON.stringify(condition)}`).rejects.toMatchObject(refused);
    }
    expect(await User.count()).toBe(1);
    expect(await User.find(user.userId)).toMatchObject({ name: "Ann", age: null });
  });

  it("of a sort key is refused with the index", async () => {
    for (const sort of [{ $gt: undefined }, { $between: ["a", undefined] }, { $gt: "a", $lt: undefined }] as any[]) {
      const refused = { name: "QueryError", modelName: "Post", fieldName: "postId", indexName: "allPosts" };
      await expect(Post.queryByIndex("allPosts", "p", sort)).rejects.toMatchObject(refused);
    }
    expect((await Post.queryByIndex("allPosts", "p", undefined)).count).toBe(0);
  });

  it("is not meant where a condition, or a member of a map to compare with, is left out", async () => {
    const user = await User.create({ name: "Ann", settings: { a: 1 } });
    expect(await User.count({ filter: { settings: { a: 1, b: undefined } } })).toBe(1);
    expect(await User.count({ filter: { email: null } })).toBe(1);
    expect(await User.count({ filter: undefined })).toBe(1);
    await User.delete(user.userId, { condition: undefined });
    expect(await User.count()).toBe(0);
  });
});

describe("an option of a wrong value", () => {
  beforeEach(async () => {
    initModels({ models: { Page, Post, User }, aws: { endpoint: "memory:" }, db: { iterationIndexName: "iter_search_index" }, logging: { level: "OFF" } });
    await Page.batchWrite({ put: Array.from({ length: 5 }, (_, i) => ({ pageId: `p${i}`, title: `Chapter ${i}` })) });
  });
  const walk = async (pages: AsyncGenerator<unknown[]>): Promise<unknown[]> => {
    const all: unknown[] = [];
    for await (const page of pages) all.push(...page);
    return all;
  };
  const wrong = (option: string, value: unknown) => ({
    name: expect.stringMatching(/^(QueryError|ValidationError)$/),
    modelName: "Page",
    message: expect.stringMatching(new RegExp(`${option}.*${typeof value === "object" ? "" : String(value)}`)),
  });

  it("is refused where a walk takes it, and no bucket is not all of them", async () => {
    for (const bucket of [NaN, null, undefined, 1.5, "1", Infinity, {}, 2, -1] as any[]) {
      const refused = { name: "QueryError", modelName: "Page", message: expect.stringMatching(/Invalid bucket number .*: there are 2, counted from 0/) };
      await expect(walk(Page.iterateBucket(bucket)), String(bucket)).rejects.toMatchObject(refused);
      await expect(Page.searchBucket(bucket, "chapter"), String(bucket)).rejects.toMatchObject(refused);
    }
    for (const batchSize of [NaN, Infinity, 1.5, "2", 2n] as any[]) await expect(walk(Page.iterateAll({ batchSize }))).rejects.toMatchObject(wrong("batchSize", batchSize));
    expect(await walk(Page.iterateAll({ batchSize: null as never }))).toHaveLength(5);
    expect([...(await walk(Page.iterateBucket(0))), ...(await walk(Page.iterateBucket(1)))]).toHaveLength(5);
  });

  it("is refused where a query or scan takes it", async () => {
    const values: [string, any[]][] = [
      ["limit", [NaN, -Infinity, 0, 1.5, "5", 5n]],
      ["attributes", [5, "title"]],
    ];
    for (const [name, wrongs] of values) {
      for (const value of wrongs) {
        await expect(Page.scan({ [name]: value }), `${name} ${value}`).rejects.toMatchObject(wrong(name, value));
        await expect(Page.queryByPrimaryKey("p1", null, { [name]: value }), `${name} ${value}`).rejects.toMatchObject(wrong(name, value));
      }
    }
    for (const direction of ["desc", "down", "", 5, true, {}] as any[]) {
      await expect(Page.queryByPrimaryKey("p1", null, { direction })).rejects.toMatchObject(wrong("direction", direction));
    }
    for (const startKey of ["", 5] as any[]) await expect(Page.queryByPrimaryKey("p1", null, { startKey })).rejects.toMatchObject(wrong("startKey", startKey));
    for (const name of ["segment", "totalSegments"]) await expect(Page.scan({ segment: 0, totalSegments: 1, [name]: NaN })).rejects.toMatchObject(wrong(name, NaN));
    await expect(Page.scan({ segment: 0n as never, totalSegments: 1 })).rejects.toMatchObject(wrong("segment", 0n));
    for (const index of [5, {}] as any[]) {
      await expect(Page.scan({ index })).rejects.toMatchObject(wrong("index", index));
      await expect(Page.count({ index })).rejects.toMatchObject(wrong("index", index));
    }
    const none = { limit: null, startKey: null, attributes: null } as any;
    expect([(await Page.scan({ ...none, index: null })).count, (await Page.queryByPrimaryKey("p1", null, { ...none, direction: null })).count]).toEqual([5, 1]);
    expect((await Page.scan({ limit: Infinity })).count).toBe(5);
  });

  it("is no index of a query", async () => {
    for (const index of [undefined, null, "constructor", 5] as any[]) {
      const refused = { name: "QueryError", message: `Page: there is no index '${index}'` };
      await expect(Page.queryByIndex(index, "p1"), String(index)).rejects.toMatchObject(refused);
      await expect(Page.queryPages(index, "p1").next(), String(index)).rejects.toMatchObject(refused);
    }
  });

  it("is no term of a search, as the texts \"undefined\" and \"null\" are", async () => {
    for (const terms of [[undefined], ["chapter", null], [{}], null, 5, {}] as any[]) {
      await expect(Page.searchAll(terms)).rejects.toMatchObject({ name: "QueryError", modelName: "Page", message: "Page: search terms are a string or a list of strings" });
    }
    expect((await Page.searchAll([2, "chapter"] as any)).items).toHaveLength(1);
    for (const left of [undefined, null] as any[]) expect([Page.tokenizeSearchQuery(left), Page.normalizeSearchTerm(left)]).toEqual([[], ""]);
  });

  it("is refused where a search takes it, which does not start over", async () => {
    for (const cursor of [5, {}, "", true, "x"] as any[]) {
      await expect(Page.searchAll("chapter", { cursor })).rejects.toMatchObject({ name: "QueryError", modelName: "Page", message: expect.stringContaining("cursor") });
    }
    for (const name of ["batchSize", "maxQueriesPerBucket", "parallel"]) {
      for (const value of [NaN, Infinity, 0, 5n] as any[]) await expect(Page.searchAll("chapter", { [name]: value })).rejects.toMatchObject(wrong(name, value));
    }
    await expect(Page.searchAll("chapter", { operator: 5 as never })).rejects.toMatchObject(wrong("operator", 5));
    const none = { cursor: null, limit: undefined, batchSize: null, parallel: null, operator: null } as any;
    expect((await Page.searchAll("chapter", none)).items).toHaveLength(5);
  });

  it("is refused where a find takes it", async () => {
    for (const batchDelay of [NaN, -1, "5", Infinity, {}] as any[]) await expect(Page.find("p1", { batchDelay })).rejects.toMatchObject(wrong("batchDelay", batchDelay));
    expect((await Page.find("p1", { batchDelay: null as never })).exists()).toBe(true);
  });
});

describe("what is no value", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  const wrong = (modelName: string, fieldName: string) => ({
    name: "ValidationError",
    modelName,
    fieldName,
    message: expect.stringMatching(new RegExp(`^${modelName}\\.${fieldName.replace(".", "\\.")}[.$\\w]*: `)),
  });

  it("is refused by the model's and the field's name, and the path within", async () => {
    const user = await User.create({ name: "Ann", settings: { a: 1 } });
    for (const value of [() => 1, Symbol("x"), cycle] as any[]) {
      await expect(User.create({ name: "Bea", settings: { deep: [value] } })).rejects.toMatchObject(wrong("User", "settings"));
      await expect(User.create({ name: "Bea", extra: value })).rejects.toMatchObject(wrong("User", "extra"));
      await expect(User.update(user.userId, { "settings.a": value } as never)).rejects.toMatchObject(wrong("User", "settings.a"));
      await expect(User.batchWrite({ put: [{ name: "Bea", list: [value] }] })).rejects.toMatchObject(wrong("User", "list"));
      user.settings!["b"] = value;
      await expect(user.save()).rejects.toMatchObject(wrong("User", "settings"));
      delete user.settings!["b"];
      await expect(User.findByUniqueConstraint("uniqueEmail", value)).rejects.toMatchObject(wrong("User", "email"));
      await expect(User.find({ userId: value })).rejects.toMatchObject(wrong("User", "userId"));
      await expect(User.scan({ filter: { age: 1, $or: [{ list: value }] } })).rejects.toMatchObject(wrong("User", "list"));
      await expect(Post.queryByIndex("postsForUser", value)).rejects.toMatchObject(wrong("Post", "userId"));
      await expect(Post.queryByIndex("allPosts", "p", { $gt: value })).rejects.toMatchObject(wrong("Post", "postId"));
    }
    expect(await User.count()).toBe(1);
  });

  it("is refused by the name that initModels has for the model", async () => {
    initModels({ models: { Person: User, Post }, aws: { endpoint: "memory:" } });
    await expect(User.create({ name: "Bea", settings: cycle })).rejects.toMatchObject(wrong("Person", "settings"));
  });

  it("is refused within $and and $or, of models with custom fields too", async () => {
    class Lower extends fields.StringFieldClass {
      override toDy(value: string): string | undefined {
        return value === "nobody" ? undefined : value.toLowerCase();
      }
    }
    class Custom extends BaoModel {
      static override modelPrefix = "cu";
      static override fields = { id: fields.StringField(), name: new Lower() as any };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { User, Post, Custom }, aws: { endpoint: "memory:" } });
    for (const model of [User, Custom] as any[]) {
      for (const filter of [{ $or: [null] }, { $or: [5] }, { $and: [undefined] }, { $and: [[]] }, { $not: null }, { $not: 5 }, { $or: [{ $not: [] }] }]) {
        await expect(model.scan({ filter }), JSON.stringify(filter)).rejects.toMatchObject({ name: "QueryError", modelName: model.name, message: expect.stringContaining("a condition must be an object") });
      }
      const loop: any = {};
      loop.$and = [loop];
      await expect(model.scan({ filter: loop })).rejects.toMatchObject({ name: "ValidationError", message: expect.stringContaining("deeper") });
    }
    await Custom.create({ id: "1", name: "ANN" });
    await expect(Custom.scan({ filter: { name: "nobody" } })).rejects.toMatchObject({ name: "QueryError", modelName: "Custom", fieldName: "name" });
    expect(await Custom.count({ filter: { $or: [{ $not: { name: "Ann" } }, { $and: [{ name: "Ann" }] }] } })).toBe(1);
  });
});

describe("a signal that is none", () => {
  it("is refused by the option's name", async () => {
    const { manager } = User;
    for (const signal of [5, "x", {}, true] as any[]) {
      const attempts = [
        () => User.find("x", { signal }),
        () => User.batchFind(["x"], { signal }),
        () => User.create({ name: "Ann" }, { signal }),
        () => User.scan({ signal }),
        () => User.batchWrite({ put: [{ name: "Ann" }] }, { signal }),
        () => transact((tx) => void tx.create(User, { name: "Ann" }), { signal }),
        () => manager.updateTable({ signal }),
      ];
      for (const attempt of attempts) {
        const refused = { name: "ValidationError", message: expect.stringContaining("the option signal must be an AbortSignal") };
        await expect((async () => attempt())()).rejects.toMatchObject(refused);
      }
    }
    expect((await User.find("x", { signal: null as never })).exists()).toBe(false);
    expect(await User.count()).toBe(0);
  });
});

describe("half a surrogate pair", () => {
  const half = "a\ud800";
  const wrong = (modelName: string, fieldName: string) => ({ name: "ValidationError", modelName, fieldName, message: expect.stringContaining("half a surrogate pair") });

  it("is no tenant's id, which another one would be the same as", () => {
    for (const tenant of ["\ud800", "\udfff", "a\udc00\ud800"]) {
      const refused = expect.objectContaining({ name: "ValidationError", fieldName: "tenantId" });
      expect(() => TenantContext.runWithTenant(tenant, () => 1)).toThrow(refused);
      expect(() => TenantContext.setCurrentTenant(tenant)).toThrow(refused);
    }
    expect(TenantContext.runWithTenant("\u{1f600}", () => TenantContext.getCurrentTenant())).toBe("\u{1f600}");
  });

  it("is no key, and no part of a value", async () => {
    const user = await User.create({ name: "Ann", settings: { a: 1 } });
    const { userId } = user;
    const attempts: [() => Promise<unknown>, string, string][] = [
      [() => User.find(half), "User", "userId"],
      [() => User.find({ userId: half }), "User", "userId"],
      [() => User.findByPrimaryKey(half), "User", "userId"],
      [() => User.batchFind([userId, half]), "User", "userId"],
      [() => User.delete(half), "User", "userId"],
      [() => User.update(half, { name: "x" }), "User", "userId"],
      [() => TaggedPost.find({ tagId: "1", postId: half }), "TaggedPost", "postId"],
      [() => TaggedPost.find(half), "TaggedPost", "tagId and postId"],
      [() => User.findByUniqueConstraint("uniqueEmail", half), "User", "email"],
      [() => Post.queryByIndex("postsForUser", half), "Post", "userId"],
      [() => Post.queryByIndex("allPosts", "p", { $gt: half }), "Post", "postId"],
      [() => User.scan({ filter: { name: { $in: [half] } } }), "User", "name"],
      [() => User.create({ name: half }), "User", "name"],
      [() => User.create({ name: "x", tags: [half] }), "User", "tags"],
      [() => User.update(userId, { settings: { deep: [{ [half]: 1 }] } }), "User", "settings"],
      [() => User.update(userId, { [`settings.${half}`]: 1 } as never), "User", `settings.${half}`],
      [() => ((user.settings![half] = 1), user.save()), "User", "settings"],
    ];
    for (const [attempt, modelName, fieldName] of attempts) await expect(attempt(), String(attempt)).rejects.toMatchObject(wrong(modelName, fieldName));
    // JSON's text is the core's to check.
    await expect(User.create({ name: "x", extra: { text: half } })).rejects.toMatchObject({ name: "ValidationError", modelName: "User", fieldName: "extra" });
    expect(await User.count()).toBe(1);
  });

  it("is not meant by whole pairs", async () => {
    const pair = "\u{1f600} and \u{10ffff}";
    const { tagId } = await Tag.create({ tagId: pair, label: pair });
    expect([tagId, (await Tag.find(pair)).label]).toEqual([pair, pair]);
    const { userId } = await User.create({ name: pair, extra: { text: pair } });
    expect(await User.find(userId)).toMatchObject({ name: pair, extra: { text: pair } });
  });

  it("is no text in keys that a custom field may make", async () => {
    class Halving extends fields.StringFieldClass {
      override toGsi(): string {
        return half;
      }
    }
    class Thing extends BaoModel {
      static override modelPrefix = "th";
      static override fields = { id: new Halving() as any };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Thing }, aws: { endpoint: "memory:" } });
    await expect(Thing.create({ id: "1" } as never)).rejects.toMatchObject({ name: "ValidationError", message: expect.stringContaining("half a surrogate pair") });
  });
});

describe("a field", () => {
  it("and a method of the class, or of a plugin, do not have the same name", () => {
    class Named extends BaoModel {
      static override modelPrefix = "nm";
      static override fields = { id: fields.StringField(), label: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    class Hiding extends Named {
      label() {}
    }
    const refused = (name: string) => expect.objectContaining({ name: "ConfigurationError", modelName: name, message: `${name}.label: a field and a method have this name` });
    expect(() => initModels({ models: { Hiding }, aws: { endpoint: "memory:" } })).toThrow(refused("Hiding"));
    initModels({ models: { Named }, aws: { endpoint: "memory:" } });
    expect(() => Named.registerPlugin({ methods: { label() {} } })).toThrow(refused("Named"));
    Named.registerPlugin({ methods: { greet: () => "hello" } });
    expect((new Named({ label: "a" }) as any).greet()).toBe("hello");
    class Own extends Named {
      get label() {
        return "of its own";
      }
    }
    initModels({ models: { Own }, aws: { endpoint: "memory:" } });
    expect((new Own({ id: "1" }) as any).label).toBe("of its own");
  });

  it("has no name that every instance has already", () => {
    const names = [BaoModel.prototype, Object.prototype].flatMap(Object.getOwnPropertyNames);
    expect(names).toEqual(expect.arrayContaining(["save", "isLoaded", "getRelated", "constructor", "__proto__", "toString"]));
    for (const name of names) {
      class Named extends BaoModel {
        static override modelPrefix = "nm";
        static override fields = { id: fields.StringField(), [name]: fields.StringField() };
        static override primaryKey = PrimaryKeyConfig("id");
      }
      const refused = { name: "ConfigurationError", modelName: "Named", message: `Named.${name}: every instance has a member of this name` };
      expect(() => initModels({ models: { Named }, aws: { endpoint: "memory:" } }), name).toThrow(expect.objectContaining(refused));
    }
  });
});
