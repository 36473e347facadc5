/** Ids, data and names that somebody forgot: refused by the model and the field or the place in a list, before hooks and requests. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EmbeddedEngine } from "../../src/bridge/embedded_engine.js";
import { Post, start, Tag, TaggedPost, User } from "../support/models.js";
import { BaoModel, fields, PrimaryKeyConfig, transact, type Transaction } from "../support/node.js";

const hook = vi.fn();

class Setting extends BaoModel {
  static override modelPrefix = "st";
  static override fields = { name: fields.StringField(), value: fields.StringField() };
  static override primaryKey = PrimaryKeyConfig("modelPrefix", "name");
}
for (const model of [Setting, Tag]) model.registerPlugin({ beforeSave: hook, beforeDelete: hook });

let handle: ReturnType<typeof vi.spyOn>;
/** How many requests a test makes itself, where it does. */
let allowed: number;
let post: any;
let user: any;

beforeEach(async () => {
  start({ models: { Post, Setting, Tag, TaggedPost, User }, logging: { level: "OFF" } });
  user = await User.create({ name: "Ann", email: "ann@example.com" });
  post = await Post.create({ userId: user, title: "t" });
  await Tag.create({ tagId: "1", label: "old" });
  hook.mockClear();
  handle = vi.spyOn(EmbeddedEngine.prototype, "handle");
  allowed = 0;
});
afterEach(() => {
  const calls = handle.mock.calls.slice(allowed);
  vi.restoreAllMocks();
  expect([calls, hook.mock.calls]).toEqual([[], []]);
});

const none: any[] = [undefined, null];
const inTurn = (add: (tx: Transaction) => unknown): Promise<unknown> => transact((tx) => void add(tx));
const refused = (modelName: string, message: string, more: object = {}) => ({ name: "ValidationError", modelName, message: `${modelName}${message}`, ...more });

describe("an id that is missing", () => {
  const writes: [string, (model: any, id: any) => Promise<unknown>][] = [
    ["update", (model, id) => model.update(id, { label: "x" })],
    ["update without changes", (model, id) => model.update(id, {})],
    ["delete", (model, id) => model.delete(id)],
    ["tx.update", (model, id) => inTurn((tx) => tx.update(model, id, { label: "x" } as never))],
    ["tx.delete", (model, id) => inTurn((tx) => tx.delete(model, id))],
    ["tx.check", (model, id) => inTurn((tx) => tx.check(model, id))],
  ];

  it.each(writes)("is no item that does not exist (%s)", async (_, write) => {
    for (const id of none) {
      for (const [model, fieldName] of [[Tag, "tagId"], [Setting, "name"], [TaggedPost, "tagId"]] as const) {
        await expect(write(model, id)).rejects.toMatchObject(refused(model.name, `: ${fieldName} must be an id, not ${id}`, { fieldName, value: id }));
      }
    }
  });

  it("is refused by its place in a list", async () => {
    for (const id of none) {
      await expect(User.batchFind([user.userId, id])).rejects.toMatchObject(refused("User", `: ids[1] must be an id, not ${id}`, { fieldName: "userId", value: id }));
      await expect(Tag.batchWrite({ delete: [id] })).rejects.toMatchObject(refused("Tag", `: delete[0] must be an id, not ${id}`, { fieldName: "tagId" }));
      await expect(Tag.batchWrite({ put: [{ tagId: "2" }], delete: ["1", "2", id] })).rejects.toMatchObject(refused("Tag", `: delete[2] must be an id, not ${id}`));
    }
    const sparse = new Array(2);
    await expect(User.batchFind(sparse)).rejects.toMatchObject(refused("User", ": ids[0] must be an id, not undefined"));
    await expect(Tag.batchWrite({ delete: sparse })).rejects.toMatchObject(refused("Tag", ": delete[0] must be an id, not undefined"));
    await expect(Tag.batchWrite({ put: sparse })).rejects.toMatchObject(refused("Tag", ": put[0] must be an object, not undefined"));
  });

  it("is no value that is none, which would stand for its text", async () => {
    const wrong = (place: string, shown: string) => refused("Tag", `: ${place} must be an id, not ${shown}`, { fieldName: "tagId" });
    for (const [id, shown] of [[true, "true"], [false, "false"], [NaN, "NaN"], [Symbol("x"), "Symbol(x)"], [() => 1, "() => 1"]] as any[]) {
      await expect(Tag.find(id)).rejects.toMatchObject(wrong("tagId", shown));
      await expect(Tag.batchFind([id])).rejects.toMatchObject(wrong("ids[0]", shown));
      await expect(Tag.batchWrite({ delete: ["1", id] })).rejects.toMatchObject(wrong("delete[1]", shown));
      for (const [, write] of writes) await expect(write(Tag, id)).rejects.toMatchObject(wrong("tagId", shown));
    }
  });

  it("just finds nothing where one item is looked for", async () => {
    for (const id of none) expect((await User.find(id)).exists()).toBe(false);
    for (const id of [1, 1n] as any[]) expect((await Tag.find(id)).label).toBe("old");
    allowed = 2;
  });

  it("is refused in parts", async () => {
    for (const value of none) {
      const missing = (modelName: string, fieldName: string) => refused(modelName, `.${fieldName} is required`, { fieldName });
      await expect(User.findByPrimaryKey(value)).rejects.toMatchObject(missing("User", "userId"));
      await expect(User.find({ userId: value })).rejects.toMatchObject(missing("User", "userId"));
      await expect(User.batchFind([{ userId: value }])).rejects.toMatchObject(missing("User", "userId"));
      await expect(TaggedPost.findByPrimaryKey("t", value)).rejects.toMatchObject(missing("TaggedPost", "postId"));
      await expect(Tag.update({ tagId: value }, { label: "x" })).rejects.toMatchObject(missing("Tag", "tagId"));
      await expect(Tag.delete({ tagId: value })).rejects.toMatchObject(missing("Tag", "tagId"));
      expect(() => User.makePrimaryId(value)).toThrow(expect.objectContaining(missing("User", "userId")));
      expect(() => User.getPrimaryId({ userId: value })).toThrow(expect.objectContaining({ name: "ValidationError", modelName: "User", fieldName: "userId" }));
      expect(() => User.getPrimaryId(value)).toThrow(expect.objectContaining(refused("User", `: data must be an object, not ${value}`)));
    }
  });
});

describe("what is no list", () => {
  it("is refused by what it should be a list of", async () => {
    for (const [list, shown] of [["", '""'], ["x", '"x"'], [{ length: 0 }, "[object Object]"], [new Set(["x"]), "[object Set]"], [5, "5"]] as any[]) {
      await expect(User.batchFind(list)).rejects.toMatchObject(refused("User", `: ids must be a list, not ${shown}`));
      for (const what of ["put", "delete"]) await expect(Tag.batchWrite({ [what]: list })).rejects.toMatchObject(refused("Tag", `: ${what} must be a list, not ${shown}`));
    }
    expect(await User.batchFind(null)).toEqual({ items: {}, ConsumedCapacity: [] });
    expect((await Tag.batchWrite({ put: null, delete: undefined })).items).toEqual([]);
  });
});

describe("data that is no object", () => {
  const nothings: [any, string][] = [
    [undefined, "undefined"], [null, "null"], [5, "5"], ["x", '"x"'], [true, "true"], [[{ tagId: "2" }], "[object Array]"],
    [new Map([["tagId", "2"]]), "[object Map]"], [new FormData(), "[object FormData]"], [() => ({}), "() => ({})"],
  ];

  it.each(nothings)("is refused (%s)", async (data, shown) => {
    const wrong = (what: string) => refused("Tag", `: ${what} must be an object, not ${shown}`, { value: data });
    await expect(Tag.create(data)).rejects.toMatchObject(wrong("data"));
    await expect(Tag.update("1", data)).rejects.toMatchObject(wrong("changes"));
    await expect(Tag.batchWrite(data)).rejects.toMatchObject(wrong("writes"));
    await expect(Tag.batchWrite({ put: [{ tagId: "2" }, data] })).rejects.toMatchObject(wrong("put[1]"));
    await expect(inTurn((tx) => tx.create(Tag, data))).rejects.toMatchObject(wrong("data"));
    await expect(inTurn((tx) => tx.update(Tag, "1", data))).rejects.toMatchObject(wrong("changes"));
    if (data !== undefined) expect(() => new Tag(data)).toThrow(expect.objectContaining(wrong("data")));
  });

  it("is not an instance, where its values would be lost", async () => {
    const tag = new Tag({ tagId: "2" });
    expect(() => new Tag(tag)).toThrow(expect.objectContaining(refused("Tag", ": data must be an object, not an instance")));
    await expect(Tag.update("1", tag as never)).rejects.toMatchObject(refused("Tag", ": changes must be an object, not an instance"));
  });

  it("is one of any class, or of none", async () => {
    class Data {
      tagId = "2";
    }
    expect([new Tag(new Data()).tagId, new Tag(Object.assign(Object.create(null), { tagId: "3" })).tagId, new Tag().tagId]).toEqual(["2", "3", undefined]);
  });
});

describe("in a transaction", () => {
  it("a model or an instance that is missing is refused", async () => {
    for (const nothing of none) {
      const unknown = { name: "ConfigurationError", message: expect.stringMatching(/^undefined is not registered/) };
      await expect(inTurn((tx) => tx.create(nothing, {}))).rejects.toMatchObject(unknown);
      await expect(inTurn((tx) => tx.update(nothing, "1", {}))).rejects.toMatchObject(unknown);
      await expect(inTurn((tx) => tx.delete(nothing, "1"))).rejects.toMatchObject(unknown);
      await expect(inTurn((tx) => tx.check(nothing, "1"))).rejects.toMatchObject(unknown);
      await expect(inTurn((tx) => tx.save(nothing))).rejects.toMatchObject(unknown);
    }
    await expect(inTurn((tx) => tx.save({} as never))).rejects.toMatchObject({ name: "ConfigurationError", message: expect.stringMatching(/^Object is not registered/) });
  });
});

describe("a key of a query that is missing", () => {
  it("is refused by the field", async () => {
    for (const value of none) {
      await expect(Post.queryByIndex("postsForUser", value)).rejects.toMatchObject(refused("Post", ".userId is required", { fieldName: "userId" }));
      await expect(TaggedPost.queryByPrimaryKey(value)).rejects.toMatchObject(refused("TaggedPost", ".tagId is required", { fieldName: "tagId" }));
      await expect(Post.queryPages("postsForUser", value).next()).rejects.toMatchObject(refused("Post", ".userId is required"));
      await expect(TaggedPost.getRelatedObjectsViaMap("postsForTag", value, "postId")).rejects.toMatchObject(refused("TaggedPost", ".tagId is required"));
      await expect(User.findByUniqueConstraint("uniqueEmail", value)).rejects.toMatchObject({ name: "ValidationError", modelName: "User", fieldName: "email" });
    }
  });

  it("is no other than the prefix where that is the partition", async () => {
    for (const [value, shown] of [["x", '"x"'], ["", '""'], [5, "5"], [{}, "[object Object]"]] as any[]) {
      const wrong = { name: "QueryError", modelName: "Post", indexName: "allPosts", message: `Post: modelPrefix must be "p", not ${shown}` };
      await expect(Post.queryByIndex("allPosts", value), shown).rejects.toMatchObject(wrong);
      await expect(Setting.queryByPrimaryKey(value), shown).rejects.toMatchObject({ name: "QueryError", modelName: "Setting", indexName: undefined, message: `Setting: modelPrefix must be "st", not ${shown}` });
    }
  });

  it("is not options, where the key has no sort key", async () => {
    const wrong = refused("Tag", ": the sort key must be left out, as the key has none, not [object Object]");
    await expect(Tag.findByPrimaryKey("1", { consistent: true } as never)).rejects.toMatchObject(wrong);
    expect(() => Tag.makePrimaryId("1", {})).toThrow(expect.objectContaining(wrong));
    expect([Tag.makePrimaryId("1", "t"), Tag.makePrimaryId("1", null)]).toEqual(["1", "1"]);
  });
});

describe("a name of a relation that is missing", () => {
  it("is refused, where one that is no relation's passes", async () => {
    for (const name of [undefined, null, 5, {}] as any[]) {
      await expect(post.loadRelatedData([name])).rejects.toMatchObject({ name: "QueryError", modelName: "Post", message: `Post.${name} is no RelatedField` });
      await expect(post.loadRelatedData(["userId", name])).rejects.toMatchObject({ name: "QueryError", modelName: "Post" });
      await expect(post.getOrLoadRelatedField(name)).rejects.toMatchObject(refused("Post", `.${name} is no RelatedField`));
    }
    expect(await post.loadRelatedData(["unknown"])).toBe(post);
  });
});
