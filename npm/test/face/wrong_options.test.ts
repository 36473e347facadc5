/** Options of a wrong type, in every call that takes them: `consistent: "false"` from an environment, say, is neither true nor false. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EmbeddedEngine } from "../../src/bridge/embedded_engine.js";
import { Page, Post, Tag, TaggedPost, User } from "../support/models.js";
import { BaoModel, fields, initModels, PrimaryKeyConfig, transact } from "../support/node.js";

/** What runs before a write, and whether it ran. */
const hook = vi.fn();

/** Its plugin stays: each test file has its own. */
class Note extends BaoModel {
  static override modelPrefix = "nt";
  static override fields = { id: fields.StringField(), text: fields.StringField() };
  static override primaryKey = PrimaryKeyConfig("id");
}
Note.registerPlugin({ beforeSave: hook, beforeDelete: hook });

let handle: ReturnType<typeof vi.spyOn>;
let manager: any;
let note: any;
let post: any;

beforeEach(async () => {
  const models = { Note, Page, Post, Tag, TaggedPost, User };
  manager = initModels({ models, aws: { endpoint: "memory:" }, db: { iterationIndexName: "iter_search_index" }, logging: { level: "OFF" } });
  note = await Note.create({ id: "1" });
  note.text = "changed";
  const user = await User.create({ name: "Ann", email: "ann@example.com" });
  post = await Post.create({ userId: user, title: "t" });
  hook.mockClear();
  handle = vi.spyOn(EmbeddedEngine.prototype, "handle");
});
afterEach(() => void vi.restoreAllMocks());

async function collect(pages: AsyncGenerator<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

interface Call {
  model: string;
  kind: "QueryError" | "ValidationError" | "ConfigurationError";
  /** What of the table below it takes. */
  takes: string[];
  call(options: any): Promise<unknown>;
}

const finds = ["bypassCache", "consistent", "batchDelay", "loaderContext"];
const queries = ["limit", "startKey", "direction", "filter", "countOnly", "loadRelated", "relatedFields", "relatedOnly", "returnWrapped", "consistent", "attributes", "loaderContext"];
const scans = ["filter", "index", "consistent", "limit", "startKey", "segment", "totalSegments", "attributes", "returnWrapped"];
const searches = ["operator", "limit", "batchSize", "maxQueriesPerBucket", "parallel", "cursor", "filter"];
const read = (model: string, takes: string[], call: Call["call"]): Call => ({ model, kind: "QueryError", takes, call });
const write = (takes: string[], call: Call["call"], model = "Note"): Call => ({ model, kind: "ValidationError", takes, call });
const inTurn = (add: (tx: any) => unknown): Promise<unknown> => transact((tx) => void add(tx));

const calls: Record<string, Call> = {
  find: read("User", finds, (options) => User.find("x", options)),
  findByPrimaryKey: read("Note", finds, (options) => Note.findByPrimaryKey("x", undefined, options)),
  batchFind: read("User", finds, (options) => User.batchFind(["x"], options)),
  findByUniqueConstraint: read("User", finds, (options) => User.findByUniqueConstraint("uniqueEmail", "x", options)),
  findByEmail: read("User", finds, (options) => (User as any).findByEmail("x", options)),
  queryByIndex: read("Post", queries, (options) => Post.queryByIndex("postsForUser", "x", null, options)),
  queryByPrimaryKey: read("TaggedPost", queries, (options) => TaggedPost.queryByPrimaryKey("x", null, options)),
  queryPages: read("Post", queries, (options) => collect(Post.queryPages("postsForUser", "x", null, options))),
  queryAllPosts: read("Post", queries, (options) => (Post as any).queryAllPosts(null, options)),
  scan: read("Post", scans, (options) => Post.scan(options)),
  count: read("Post", ["filter", "index", "consistent"], (options) => Post.count(options)),
  iterateAll: read("Page", ["batchSize", "filter"], (options) => collect(Page.iterateAll(options))),
  iterateBucket: read("Page", ["batchSize", "filter"], (options) => collect(Page.iterateBucket(0, options))),
  searchAll: read("Page", searches, (options) => Page.searchAll("x", options)),
  searchBucket: read("Page", searches, (options) => Page.searchBucket(0, "x", options)),
  create: write(["condition", "forceReindex"], (options) => Note.create({ id: "2" }, options)),
  update: write(["condition", "forceReindex"], (options) => Note.update("1", { text: "x" }, options)),
  delete: write(["condition"], (options) => Note.delete("1", options)),
  save: write(["condition", "forceReindex", "constraints"], (options) => note.save(options)),
  "save of no change": write(["condition", "forceReindex", "constraints"], async (options) => (await Note.find("1")).save(options)),
  "instance.delete": write(["condition"], (options) => note.delete(options)),
  batchWrite: write(["condition"], (options) => Note.batchWrite({ put: [{ id: "2" }], delete: ["1"] }, options)),
  "tx.create": write(["condition", "forceReindex"], (options) => inTurn((tx) => tx.create(Note, { id: "2" }, options))),
  "tx.update": write(["condition", "forceReindex"], (options) => inTurn((tx) => tx.update(Note, "1", { text: "x" }, options))),
  "tx.save": write(["condition", "forceReindex", "constraints"], (options) => inTurn((tx) => tx.save(note, options))),
  "tx.delete": write(["condition"], (options) => inTurn((tx) => tx.delete(Note, "1", options))),
  "tx.check": write(["condition"], (options) => inTurn((tx) => tx.check(Note, "1", options))),
  transact: write([], (options) => transact((tx) => void tx.delete(Note, "1"), options), "transact"),
};

const flag = { mustBe: "true or false", wrong: ["false", "yes", "", 0, 1, {}, [], () => true, Symbol("s")] };
const condition = { mustBe: "an object", wrong: ["", "x", 0, true, [], () => ({}), /x/, new Set(), new Date(0)] };
const object = { mustBe: "an object", wrong: [...condition.wrong, new Map()] };
const whole = { mustBe: "a whole number", wrong: ["5", "", NaN, Infinity, 1.5, 5n, true, {}, [5], () => 5] };
const options: Record<string, { mustBe: string; wrong: unknown[] }> = {
  bypassCache: flag, consistent: flag, countOnly: flag, loadRelated: flag, relatedOnly: flag, returnWrapped: flag, forceReindex: flag,
  filter: condition, condition, startKey: object, constraints: object,
  batchSize: whole, maxQueriesPerBucket: whole, segment: whole, totalSegments: whole,
  parallel: { mustBe: "a whole number, or true or false", wrong: whole.wrong.filter((value) => value !== true) },
  limit: { mustBe: "a positive integer or Infinity", wrong: [...whole.wrong.filter((value) => value !== Infinity), 0, -1, -Infinity] },
  batchDelay: { mustBe: "a number of milliseconds, from 0 on", wrong: ["5", NaN, Infinity, -1, true, {}, 5n] },
  loaderContext: { mustBe: "an object", wrong: [5, "x", "", true, false, Symbol("s")] },
  direction: { mustBe: '"ASC" or "DESC"', wrong: ["up", "desc", "", 1, true, {}, ["ASC"]] },
  operator: { mustBe: '"AND" or "OR"', wrong: ["XOR", "or", "", 1, true, {}] },
  cursor: { mustBe: "the cursor of an earlier result", wrong: ["", 5, {}, true] },
  index: { mustBe: "the name of an index", wrong: ["", 5, {}, true] },
  attributes: { mustBe: "a list of names of fields", wrong: ["title", 5, {}, true] },
  relatedFields: { mustBe: "a list of names of RelatedFields", wrong: ["userId", 5, {}, true] },
};

const escaped = (text: string): string => text.replace(/[^\w ]/g, "\\$&");
const shown = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : typeof value === "object" ? Object.prototype.toString.call(value) : String(value));

describe.each(Object.entries(calls))("%s", (name, { model, kind, takes, call }) => {
  const wrong = (what: string, mustBe: string, value: unknown) => ({
    name: kind,
    message: expect.stringMatching(new RegExp(`^${model}: ${what} must be ${escaped(mustBe)}, not ${escaped(shown(value))}$`)),
    ...(model === "transact" ? {} : { modelName: model }),
  });
  const sent = (): unknown => [handle.mock.calls.length - (name === "save of no change" ? 1 : 0), hook.mock.calls.length];

  it("refuses options of a wrong type by name, model and value, before hooks and requests", async () => {
    for (const option of takes) {
      for (const value of options[option]!.wrong) {
        handle.mockClear();
        const given = { ...(option.startsWith("related") ? { loadRelated: true } : {}), [option]: value };
        await expect(call(given), `${option}: ${shown(value)}`).rejects.toMatchObject(wrong(option, options[option]!.mustBe, value));
        expect(sent(), `${option}: ${shown(value)}`).toEqual([0, 0]);
      }
    }
  });

  it("refuses what is no object of options", async () => {
    for (const value of [5, 0, true, false, [], "", () => 1]) {
      handle.mockClear();
      await expect(call(value), shown(value)).rejects.toMatchObject(wrong("options", "an object", value));
      expect(sent(), shown(value)).toEqual([0, 0]);
    }
  });

  it("takes null and undefined for not given", async () => {
    const nothing = (value: null | undefined) => Object.fromEntries(takes.filter((option) => !name.startsWith("search") || option !== "limit").map((option) => [option, value]));
    const isDone = /^(create|update|delete|instance|save|tx|batchWrite|transact)/.test(name);
    await call(isDone ? nothing(undefined) : nothing(null));
    if (!isDone) for (const none of [null, undefined]) await call(none);
    if (!isDone) await call(nothing(undefined));
  });
});

it("of a query is refused with the index, where it has one", async () => {
  for (const [option, value] of [["direction", "up"], ["consistent", "yes"]] as any[]) {
    await expect(Post.queryByIndex("postsForUser", "x", null, { [option]: value })).rejects.toMatchObject({ indexName: "postsForUser" });
    await expect(TaggedPost.queryByPrimaryKey("x", null, { [option]: value })).rejects.toMatchObject({ indexName: undefined });
  }
});

describe("an option of a write", () => {
  it("in constraints is true or false", async () => {
    for (const name of ["mustExist", "mustNotExist"]) {
      for (const value of flag.wrong) {
        const refused = { name: "ValidationError", modelName: "Note", message: `Note: ${name} must be true or false, not ${shown(value)}` };
        await expect(note.save({ constraints: { [name]: value } }), shown(value)).rejects.toMatchObject(refused);
        await expect(inTurn((tx) => tx.save(note, { constraints: { [name]: value } })), shown(value)).rejects.toMatchObject(refused);
      }
    }
    expect([handle.mock.calls.length, hook.mock.calls.length]).toEqual([0, 0]);
    await note.save({ constraints: { mustExist: true, mustNotExist: null, fieldMatches: undefined } });
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it("that is misspelt is refused where nothing changed, too, and before hooks", async () => {
    const same = await Note.find("1");
    handle.mockClear();
    await expect(same.save({ condtion: { text: "x" } } as any)).rejects.toThrow("Note: unknown option 'condtion'; did you mean 'condition'?");
    await expect(same.save({ constraints: { mustExists: true } } as any)).rejects.toThrow("did you mean 'mustExist'?");
    await expect(Note.create({ id: "2" }, { condtion: {} } as any)).rejects.toThrow("did you mean 'condition'?");
    expect([handle.mock.calls.length, hook.mock.calls.length]).toEqual([0, 0]);
  });

  it("has no say in whole items, which are written without conditions", async () => {
    const refused = { name: "ValidationError", modelName: "Note", message: "Note: condition must be left out where whole items are written, not [object Object]" };
    await expect(Note.batchWrite({ delete: ["1"] }, { condition: { text: "x" } } as any)).rejects.toMatchObject(refused);
    expect([handle.mock.calls.length, hook.mock.calls.length]).toEqual([0, 0]);
  });

  it("of the hooks' own is what they like", async () => {
    await Note.update("1", { text: "x" }, { limit: "5", consistent: "yes", reason: 7 } as any);
    expect(hook).toHaveBeenCalledWith({ text: "x" }, { limit: "5", consistent: "yes", reason: 7, isNew: false });
  });

  it("of a transaction is its signal alone", async () => {
    const refused = { name: "ValidationError", message: "transact: unknown option 'singal'; did you mean 'signal'?" };
    await expect(transact((tx) => void tx.delete(Note, "1"), { singal: undefined } as any)).rejects.toMatchObject(refused);
    await expect(transact((tx) => void tx.delete(Note, "1"), { condition: {} } as any)).rejects.toThrow("transact: unknown option 'condition'");
    expect(handle).not.toHaveBeenCalled();
  });
});

describe("an option of work on the table", () => {
  it.each(["createTable", "updateTable", "deleteTable"])("is refused where it is none, or of a wrong type (%s)", async (work) => {
    const refused = (message: string) => ({ name: "ConfigurationError", message: `${work}: ${message}` });
    await expect((async () => manager[work]({ searchIndx: true }))()).rejects.toMatchObject(refused("unknown option 'searchIndx'; did you mean 'searchIndex'?"));
    await expect((async () => manager[work]({ searchIndex: "false" }))()).rejects.toMatchObject(refused('searchIndex must be true or false, not "false"'));
    await expect((async () => manager[work](true))()).rejects.toMatchObject(refused("options must be an object, not true"));
    expect(handle).not.toHaveBeenCalled();
  });

  it("may be left out", async () => {
    expect((await manager.updateTable({ searchIndex: undefined, progress: undefined, signal: undefined })).addedIndexes).toEqual([]);
    await expect(manager.updateTable(null)).resolves.toBeDefined();
  });
});

describe("the loaderContext of an instance", () => {
  it("is an object, also where nothing is left to load", async () => {
    for (const context of [5, "x", true] as any[]) {
      const refused = { name: "QueryError", modelName: "Post", message: `Post: loaderContext must be an object, not ${shown(context)}` };
      await expect(post.loadRelatedData(["userId"], context)).rejects.toMatchObject(refused);
      await expect(post.loadRelatedData([], context)).rejects.toMatchObject(refused);
      await expect(post.getOrLoadRelatedField("userId", context)).rejects.toMatchObject(refused);
    }
    expect(handle).not.toHaveBeenCalled();
    expect((await post.loadRelatedData(null, null)).getRelated("userId").name).toBe("Ann");
  });
});

describe("options that are given rightly", () => {
  it("are taken, in any realm's objects and of any class", async () => {
    class Chosen {
      consistent = true;
      attributes = ["title"];
      limit = 5;
      startKey = null;
    }
    expect((await Post.scan(new Chosen() as any)).count).toBe(1);
    expect((await Post.scan(Object.assign(Object.create(null), { limit: Infinity, filter: Object.create(null) }))).count).toBe(1);
    const first = await Post.queryByIndex("allPosts", "p", null, { limit: 1 });
    expect((await Post.queryByIndex("allPosts", "p", null, { startKey: JSON.parse(JSON.stringify(first.lastEvaluatedKey ?? null)) })).count).toBe(1 - (first.lastEvaluatedKey ? 1 : 0));
    const loaderContext = () => {};
    expect(await Post.find(post.postId, { loaderContext })).toBe(await Post.find(post.postId, { loaderContext }));
    for (const parallel of [true, false, 2]) expect((await Page.searchAll("x", { parallel })).items).toEqual([]);
  });
});
