import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EmbeddedEngine } from "../../src/bridge/embedded_engine.js";
import { Page, Post, start, Tag, TaggedPost, User } from "../support/models.js";
import { BaoModel, exceptions, fields, initModels, type Plugin, PrimaryKeyConfig, runWithBatchContext, transact, type Transaction } from "../support/node.js";

beforeEach(() => void start());
afterEach(() => void vi.restoreAllMocks());

/** Does something when the next request is on its way, and nobody knows its outcome. */
function whenSent(act: () => void): void {
  const handle = EmbeddedEngine.prototype.handle;
  vi.spyOn(EmbeddedEngine.prototype, "handle").mockImplementationOnce(function (this: EmbeddedEngine, operation, body) {
    act();
    return handle.call(this, operation, body);
  });
}

describe("values", () => {
  it("go in and come out by their types", async () => {
    const made = await User.create({
      name: "Ann",
      email: "ann@example.com",
      age: 9007199254740993n,
      tags: ["a", "b"],
      visits: 3,
      born: "2000-01-02T03:04:05.678Z",
      photo: new Uint8Array([0, 1, 255]),
      active: false,
      score: 1.5,
      settings: { theme: "dark", sizes: new Set(["s", "m"]), deep: { "#n": "not a tag" } },
      list: [1, "two", null, { three: 3 }],
      extra: { any: ["json", 1, null], when: new Date(0) },
    });
    const user = await User.find(made.userId, { bypassCache: true });
    expect(user).not.toBe(made);
    expect(user.name).toBe("Ann");
    expect(user.age).toBe(9007199254740993n);
    expect(user.tags).toEqual(new Set(["a", "b"]));
    expect(user.visits).toBe(3);
    expect(user.born).toEqual(new Date("2000-01-02T03:04:05.678Z"));
    expect(user.photo).toEqual(new Uint8Array([0, 1, 255]));
    expect(user.active).toBe(false);
    expect(user.score).toBe(1.5);
    expect(user.settings).toEqual({ theme: "dark", sizes: new Set(["s", "m"]), deep: { "#n": "not a tag" } });
    expect(user.list).toEqual([1, "two", null, { three: 3 }]);
    expect(user.extra).toEqual({ any: ["json", 1, null], when: "1970-01-01T00:00:00.000Z" });
    expect(user.createdAt).toBeInstanceOf(Date);
    expect(JSON.parse(JSON.stringify(user))).toEqual({
      userId: made.userId,
      name: "Ann",
      email: "ann@example.com",
      age: "9007199254740993",
      tags: ["a", "b"],
      visits: 3,
      born: "2000-01-02T03:04:05.678Z",
      photo: "AAH/",
      active: false,
      score: 1.5,
      settings: { theme: "dark", sizes: expect.arrayContaining(["s", "m"]), deep: { "#n": "not a tag" } },
      list: [1, "two", null, { three: 3 }],
      extra: { any: ["json", 1, null], when: "1970-01-01T00:00:00.000Z" },
      createdAt: user.createdAt.toISOString(),
      changedAt: user.changedAt.toISOString(),
    });
  });

  it("read as SPEC 11 says where there are none", async () => {
    const user = await User.create({ name: "Bea" });
    expect(user.email).toBeUndefined();
    expect(user.age).toBeNull();
    expect(user.visits).toBe(0);
    expect(user.tags).toEqual(new Set());
    expect(user.photo).toBeNull();
    expect(user.born).toBeNull();
  });

  it("of a miss are none, and JSON is null", async () => {
    const miss = await User.find("nobody");
    expect(miss.exists()).toBe(false);
    expect(miss.isLoaded()).toBe(false);
    expect(miss.getPrimaryId()).toBe("nobody");
    expect(JSON.stringify({ miss })).toBe('{"miss":null}');
    expect(miss.name).toBeUndefined();
    expect(miss.getNumericConsumedCapacity("read")).toBe(0.5);
    expect((await User.find(undefined)).exists()).toBe(false);
    await expect(miss.save()).rejects.toBeInstanceOf(exceptions.ItemNotFoundError);
  });

  it("of instances are accessors of the class, and an instance is not its fields", async () => {
    const user = await User.create({ name: "Ann" });
    expect(Object.keys(user)).toEqual([]);
    expect(Object.getOwnPropertyDescriptor(User.prototype, "name")?.get).toBeTypeOf("function");
  });
});

describe("changes", () => {
  it("are what differs, and only they are sent", async () => {
    const user = await User.create({ name: "Ann", age: 5 });
    expect(user.hasChanges()).toBe(false);
    user.name = "Ann";
    user.age = 5;
    expect(user.hasChanges()).toBe(false);
    user.clearConsumedCapacity();
    await user.save();
    expect(user.getNumericConsumedCapacity()).toBe(0);
    user.age = 6;
    expect(user.hasChanges()).toBe(true);
    user.age = 5;
    expect(user.hasChanges()).toBe(false);
    user.age = 7;
    await user.save();
    expect(user.hasChanges()).toBe(false);
    expect((await User.find(user.userId)).age).toBe(7);
  });

  it("of null remove, of undefined leave alone", async () => {
    const user = await User.create({ name: "Ann", age: 5, email: "a@b.c" });
    const changed = await User.update(user.userId, { age: null, email: undefined });
    expect(changed.age).toBeNull();
    expect(changed.email).toBe("a@b.c");
  });

  it("of sets in place are sent as such, and merge with what others wrote", async () => {
    const user = await User.create({ name: "Ann", tags: ["a", "b"] });
    const other = await User.find(user.userId);
    const { tags } = user;
    tags.add("c");
    tags.delete("a");
    other.tags.add("d");
    await other.save();
    await user.save();
    expect([...(await User.find(user.userId)).tags].sort()).toEqual(["b", "c", "d"]);
    expect(user.hasChanges()).toBe(false);
    // The set that the caller holds is the instance's still.
    tags.add("e");
    expect(user.hasChanges()).toBe(true);
    await user.save();
    expect([...(await User.find(user.userId)).tags].sort()).toEqual(["b", "c", "d", "e"]);
    user.tags.clear();
    await user.save();
    expect((await User.find(user.userId)).tags.size).toBe(0);
  });

  it("made in place to a set while a save is under way are kept", async () => {
    const user = await User.create({ name: "Ann", tags: ["a"] });
    user.tags.add("b");
    const saving = user.save();
    user.tags.add("c");
    user.tags.delete("b");
    await saving;
    expect([...user.tags].sort()).toEqual(["a", "c"]);
    await user.save();
    expect([...(await User.find(user.userId)).tags].sort()).toEqual(["a", "c"]);
  });

  it("made while a save is under way are kept", async () => {
    const user = await User.create({ name: "Ann" });
    user.name = "Bea";
    const saving = user.save();
    user.name = "Cleo";
    user.age = 3;
    await saving;
    expect(user.name).toBe("Cleo");
    await user.save();
    const found = await User.find(user.userId);
    expect([found.name, found.age]).toEqual(["Cleo", 3]);
  });

  it("in place of maps, lists, dates and bytes are seen", async () => {
    const user = await User.create({ name: "Ann", settings: { a: 1 }, list: [1], born: new Date(5), photo: new Uint8Array([1]) });
    user.settings!["b"] = 2;
    user.list!.push(2);
    user.born!.setTime(7);
    user.photo![0] = 9;
    await user.save();
    const found = await User.find(user.userId);
    expect(found.settings).toEqual({ a: 1, b: 2 });
    expect(found.list).toEqual([1, 2]);
    expect(found.born).toEqual(new Date(7));
    expect(found.photo).toEqual(new Uint8Array([9]));
  });

  it("in place are seen after a save too, by references from before it", async () => {
    const given = { settings: { deep: { a: 1 } } as Record<string, any>, list: [1] as any[], extra: { log: [1] } as any, photo: new Uint8Array([1]) };
    const user = new User({ name: "Ann", ...given, born: new Date(1) });
    const { settings, list, extra, photo, born } = user;
    await user.save();
    for (const n of [2, 3, 4]) {
      settings!["deep"][`k${n}`] = n;
      list!.push(n);
      extra.log.push(n);
      photo![0] = n;
      born!.setTime(n);
      expect(user.hasChanges()).toBe(true);
      await user.save();
      expect(user.hasChanges()).toBe(false);
    }
    const expected = {
      settings: { deep: { a: 1, k2: 2, k3: 3, k4: 4 } },
      list: [1, 2, 3, 4],
      extra: { log: [1, 2, 3, 4] },
      photo: new Uint8Array([4]),
      born: new Date(4),
    };
    expect(await User.find(user.userId, { bypassCache: true })).toMatchObject(expected);
    const found = await User.find(user.userId);
    const { settings: held, list: log } = found;
    held!["more"] = 1;
    log!.push(5);
    await found.save();
    held!["more"] = 2;
    log!.push(6);
    await found.save();
    const last = await User.find(user.userId);
    expect([last.settings!["more"], last.list]).toEqual([2, [1, 2, 3, 4, 5, 6]]);
  });

  it("in place go together with what others wrote, in the object that the caller holds", async () => {
    const made = await User.create({ name: "Ann", settings: { mine: 1, theirs: { x: 1, gone: 1 } }, list: [1], born: new Date(1), photo: new Uint8Array([1]) });
    const [user, other] = [await User.find(made.userId), await User.find(made.userId)];
    const { settings, list, born, photo } = user;
    const { theirs } = settings!;
    Object.assign(other, { list: [1, 2], born: new Date(2), photo: new Uint8Array([1, 2]) });
    other.settings!["theirs"].x = 2;
    delete other.settings!["theirs"].gone;
    other.settings!["new"] = [1];
    await other.save();
    settings!["mine"] = 2;
    await user.save();
    expect(user.settings).toBe(settings);
    expect(settings).toEqual({ mine: 2, theirs: { x: 2 }, new: [1] });
    expect(settings!["theirs"]).toBe(theirs);
    expect([user.list, list]).toEqual([list, [1, 2]]);
    // Who kept a date or bytes means what they were.
    expect([born, user.born, photo, user.photo]).toEqual([new Date(1), new Date(2), new Uint8Array([1]), new Uint8Array([1, 2])]);
    expect(user.hasChanges()).toBe(false);
    theirs.y = 3;
    list!.push(3);
    await user.save();
    const found = await User.find(made.userId);
    expect([found.settings, found.list]).toEqual([{ mine: 2, theirs: { x: 2, y: 3 }, new: [1] }, [1, 2, 3]]);
    await User.update(made.userId, { settings: null, list: null });
    user.name = "Bea";
    await user.save();
    expect([user.settings, user.list, user.hasChanges()]).toEqual([null, null, false]);
  });

  it("of one item never come into another one that was made of the same object", async () => {
    const template = { prefs: { theme: "dark", deep: { a: 1 } } as Record<string, any>, list: [{ n: 1 }] as any[], born: new Date(5) };
    const asItWas = structuredClone(template);
    const made = new User({ name: "Ann", settings: template.prefs, list: template.list, born: template.born });
    await made.save();
    const inTransaction = await transact((tx) => tx.create(User, { name: "Bea", settings: template.prefs, list: template.list }));
    for (const user of [made, inTransaction]) {
      user.settings!["deep"].mine = 1;
      user.list![0].n = 2;
      user.list!.push(2);
      await user.save();
    }
    made.born!.setTime(7);
    expect(template).toEqual(asItWas);
    // Assigned, it is the caller's object, which the caller may change; what others wrote is not put into it.
    const user = await User.create({ name: "Cleo" });
    user.settings = template.prefs;
    user.list = template.list;
    await user.save();
    expect([user.settings === template.prefs, user.list === template.list]).toEqual([true, true]);
    await User.update(user.userId, { "settings.deep.theirs": 1, "list[0].n": 7 } as never);
    user.name = "Cle";
    whenSent(() => void (template.prefs["theme"] = "light"));
    await user.save();
    expect([user.settings, user.list]).toEqual([{ theme: "light", deep: { a: 1, theirs: 1 } }, [{ n: 7 }]]);
    expect(template).toEqual({ ...asItWas, prefs: { ...asItWas.prefs, theme: "light" } });
    await user.save();
    expect((await User.find(user.userId)).settings).toEqual({ theme: "light", deep: { a: 1, theirs: 1 } });
  });

  it("in place of what is assigned are seen over a save", async () => {
    const user = await User.create({ name: "Ann" });
    const [settings, list] = [{ a: 1 } as Record<string, any>, [1]];
    Object.assign(user, { settings, list });
    for (const n of [2, 3]) {
      list.push(n);
      settings[`k${n}`] = n;
      await user.save();
      expect(await User.find(user.userId)).toMatchObject({ settings, list });
    }
  });

  it("in place of what cannot be changed itself are saved, and read as what is stored", async () => {
    class Point {
      constructor(public x: number) {}
    }
    const when = new Date(0);
    const user = new User({ name: "Ann", settings: Object.freeze({ a: new Map([["b", 1]]) }), list: [new Point(1), undefined], extra: { when, n: -0 } });
    const { list } = user;
    await user.save();
    expect([user.settings, user.list, user.extra, user.hasChanges()]).toEqual([{ a: { b: 1 } }, [{ x: 1 }, null], { when: when.toISOString(), n: 0 }, false]);
    (list![0] as Point).x = 2;
    user.settings!["a"].b = 2;
    await user.save();
    const found = await User.find(user.userId);
    expect([found.settings, found.list]).toEqual([{ a: { b: 2 } }, [{ x: 2 }, null]]);
  });

  it("made in place while a save is under way are kept", async () => {
    const data = { settings: { k: 1, gone: 1, deep: { a: 1 } }, list: [1], extra: { a: 1 }, born: new Date(1), photo: new Uint8Array([1]), tags: ["a"] };
    const edit = (user: User, n: number): void => {
      user.settings!["k"] = n;
      user.settings!["deep"][`k${n}`] = n;
      user.list!.push(n);
      user.extra.a = n;
      user.born!.setTime(n);
      user.photo![0] = n;
      user.tags.add(`t${n}`);
    };
    const saves: [string, (user: User) => Promise<unknown>][] = [
      ["save", (user) => user.save()],
      ["transact", (user) => transact((tx) => void tx.save(user))],
    ];
    for (const [what, save] of saves) {
      for (const first of [2, 0]) {
        const user = await User.create({ name: "Ann", ...data });
        // What is sent: these fields, or another one.
        if (first !== 0) edit(user, first);
        user.name = "Bea";
        whenSent(() => {
          edit(user, 3);
          delete user.settings!["gone"];
        });
        await save(user);
        expect([what, first, user.hasChanges()]).toEqual([what, first, true]);
        await save(user);
        const found = await User.find(user.userId);
        const deep = first === 0 ? { a: 1, k3: 3 } : { a: 1, k2: 2, k3: 3 };
        expect(found).toMatchObject({ name: "Bea", extra: { a: 3 }, born: new Date(3), photo: new Uint8Array([3]) });
        expect([found.settings, found.list]).toEqual([{ k: 3, deep }, first === 0 ? [1, 3] : [1, 2, 3]]);
        expect(found.tags).toEqual(new Set(first === 0 ? ["a", "t3"] : ["a", "t2", "t3"]));
        expect(user.hasChanges()).toBe(false);
      }
    }
    const user = await User.create({ name: "Ann", ...data });
    user.name = "Bea";
    const saving = user.save();
    edit(user, 4);
    await saving;
    await user.save();
    expect((await User.find(user.userId)).list).toEqual([1, 4]);
    const fresh = new User({ name: "Ann", ...data });
    whenSent(() => edit(fresh, 5));
    await fresh.save();
    await fresh.save();
    expect((await User.find(fresh.userId)).settings).toEqual(fresh.settings);
    expect(fresh.settings).toMatchObject({ k: 5 });
  });

  it("assigned while a save is under way are kept, whatever they were before it", async () => {
    const user = await User.create({ name: "Ann", age: 1, visits: 1 });
    Object.assign(user, { name: "Bea", visits: "+1" });
    whenSent(() => Object.assign(user, { name: "Ann", visits: "+1", age: 1 }));
    await user.save();
    expect([user.name, user.hasChanges()]).toEqual(["Ann", true]);
    await user.save();
    expect(await User.find(user.userId)).toMatchObject({ name: "Ann", visits: 3, age: 1 });
    expect(user.hasChanges()).toBe(false);
    user.name = "Bea";
    whenSent(() => void (user.name = "Ann"));
    await expect(user.save({ condition: { age: 7 } })).rejects.toMatchObject({ name: "ConditionalError" });
    expect([user.name, user.hasChanges()]).toEqual(["Ann", false]);
  });

  it("of counters are added once, whatever else is saved meanwhile, and again after a failure", async () => {
    const user = await User.create({ name: "Ann", visits: 1 });
    user.visits = "+1" as never;
    const saving = user.save();
    user.name = "Bea";
    await Promise.all([saving, user.save()]);
    expect(await User.find(user.userId)).toMatchObject({ name: "Bea", visits: 2 });
    user.visits = "+1" as never;
    await expect(user.save({ condition: { age: 7 } })).rejects.toMatchObject({ name: "ConditionalError" });
    await user.save();
    expect((await User.find(user.userId)).visits).toBe(3);
  });

  it("in place stay when the instance is read again", async () => {
    const user = await User.create({ name: "Ann", settings: { a: 1 } });
    const { settings } = user;
    settings!["mine"] = 1;
    const now = await User.update(user.userId, { "settings.theirs": 1 } as never);
    BaoModel.stateOf(user).refresh(BaoModel.stateOf(now).row);
    expect([user.settings, settings]).toEqual([settings, { a: 1, mine: 1, theirs: 1 }]);
    await user.save();
    expect((await User.find(user.userId)).settings).toEqual(settings);
  });

  it("of counters add up", async () => {
    const user = await User.create({ name: "Ann", visits: 1 });
    await Promise.all(["+5", "-2", "+1"].map((visits) => User.update(user.userId, { visits: visits as "+5" })));
    expect((await User.find(user.userId)).visits).toBe(5);
    user.visits = "+10" as never;
    await user.save();
    expect(user.visits).toBe(15);
  });

  it("are kept where the save fails", async () => {
    const user = await User.create({ name: "Ann" });
    user.age = 1;
    await expect(user.save({ condition: { name: "Bea" } })).rejects.toMatchObject({ name: "ConditionalError", message: expect.stringContaining("Condition check failed") });
    expect(user.hasChanges()).toBe(true);
    await user.save({ condition: { name: "Ann" }, constraints: { fieldMatches: ["name", "age"] } });
    expect((await User.find(user.userId)).age).toBe(1);
  });
});

describe("new instances", () => {
  it("are saved as new items", async () => {
    const user = new User({ name: "Ann", tags: ["x"] });
    expect([user.isLoaded(), user.exists(), user.name]).toEqual([false, true, "Ann"]);
    user.tags.add("y");
    expect(await user.save()).toBe(user);
    expect(user.isLoaded()).toBe(true);
    expect(user.userId).toHaveLength(26);
    expect([...(await User.find(user.userId)).tags].sort()).toEqual(["x", "y"]);
    const again = new User({ userId: user.userId, name: "Bea" });
    await expect(again.save()).rejects.toBeInstanceOf(exceptions.ConditionalError);
    await again.save({ constraints: { mustExist: true } });
    expect((await User.find(user.userId)).name).toBe("Bea");
  });

  it("have default values of their own, which neither another instance nor the model's author changes", async () => {
    const given = { prefs: { a: [] as string[] }, when: new Date(0) };
    class Doc extends BaoModel {
      static override modelPrefix = "dv";
      static override fields = {
        id: fields.StringField(),
        prefs: fields.MapField({ defaultValue: given.prefs }),
        log: fields.ListField({ defaultValue: [{ tags: new Set(["x"]) }] }),
        extra: fields.JsonField({ defaultValue: { deep: [1] } }),
        when: fields.DateTimeField({ defaultValue: given.when }),
        bytes: fields.BinaryField({ defaultValue: new Uint8Array([1]) }),
        tags: fields.StringSetField({ defaultValue: ["t"] }),
      };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Doc }, aws: { endpoint: "memory:" }, logging: { level: "OFF" } });
    const change = (doc: any): void => {
      doc.prefs.a.push("mine");
      doc.log[0].tags.add("mine");
      doc.log.push("mine");
      doc.extra.deep.push("mine");
      doc.when.setTime(7);
      doc.bytes[0] = 9;
      doc.tags.add("mine");
    };
    const defaults = {
      prefs: { a: [] },
      log: [{ tags: new Set(["x"]) }],
      extra: { deep: [1] },
      when: new Date(0),
      bytes: new Uint8Array([1]),
      tags: new Set(["t"]),
    };
    const made = new Doc({ id: "1" });
    change(made);
    given.prefs.a.push("the author's");
    given.when.setTime(9);
    Doc.registerPlugin({ beforeSave: (changes, { isNew }) => void (isNew && changes["id"] === "2" && change({ ...changes, tags: new Set() })) });
    await Doc.create({ id: "2" });
    expect(new Doc({ id: "3" })).toMatchObject(defaults);
    expect(await Doc.create({ id: "4" })).toMatchObject(defaults);
    await Doc.batchWrite({ put: [{ id: "5" }] });
    expect(await Doc.find("5")).toMatchObject(defaults);
  });

  it("refuse names that are no fields", () => {
    expect(() => new User({ nmae: "Ann" })).toThrow(/User has no field "nmae"/);
  });
});

describe("writes", () => {
  it("fail with what is wrong", async () => {
    const user = await User.create({ name: "Ann", email: "a@b.c" });
    await expect(User.create({ userId: user.userId, name: "Bea" })).rejects.toBeInstanceOf(exceptions.ConditionalError);
    await expect(User.create({ name: "Bea", email: "a@b.c" })).rejects.toThrow(/email must be unique/);
    await expect(User.create({} as never)).rejects.toMatchObject({ name: "ValidationError", fieldName: "name", modelName: "User" });
    await expect(User.create(null as never)).rejects.toBeInstanceOf(exceptions.ValidationError);
    await expect(User.update("nobody", { name: "x" })).rejects.toMatchObject({ name: "ItemNotFoundError", primaryId: "nobody" });
    await expect(User.create({ name: "x", age: (() => 1) as never })).rejects.toBeInstanceOf(exceptions.ValidationError);
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    await expect(User.create({ name: "x", settings: cycle })).rejects.toThrow(/deeper/);
    await expect(User.create({ name: "x", extra: cycle })).rejects.toMatchObject({ name: "ValidationError", fieldName: "extra" });
  });

  it("delete gives the item as it was", async () => {
    const user = await User.create({ name: "Ann" });
    await expect(User.delete(user.userId, { condition: { name: "Bea" } })).rejects.toThrow(/Delete condition not met/);
    const old = await user.delete();
    expect([old.name, old.exists()]).toEqual(["Ann", true]);
    expect((await User.find(user.userId)).exists()).toBe(false);
  });
});

describe("hooks", () => {
  it("see and change what is written, in order, and stop it", async () => {
    const seen: unknown[] = [];
    class Doc extends BaoModel {
      static override modelPrefix = "d";
      static override fields = { docId: fields.StringField({ required: true }), text: fields.StringField(), slug: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("docId");
    }
    initModels({ models: { Doc }, aws: { endpoint: "memory:" } });
    Doc.registerPlugin({
      async beforeSave(changes, options) {
        await Promise.resolve();
        seen.push(["first", { ...changes }, options.isNew]);
        changes["slug"] = String(changes["text"]).toLowerCase();
        if (changes["text"] === "stop") throw new TypeError("stopped");
      },
      afterSave: (doc, options) => void seen.push(["after", doc.text, options["mark"]]),
      beforeDelete: (id) => void seen.push(["beforeDelete", id]),
      afterDelete: (id) => void seen.push(["afterDelete", id]),
      methods: {
        shout() {
          return `${this.text}!`;
        },
      },
    });
    Doc.registerPlugin({ beforeSave: (changes) => void seen.push(["second", changes["slug"]]) });
    const doc: any = await Doc.create({ docId: "1", text: "Hi" });
    expect([doc.slug, doc.shout()]).toEqual(["hi", "Hi!"]);
    doc.text = "Ho";
    await doc.save({ mark: 7 });
    await doc.save();
    await Doc.delete("1");
    expect(seen).toEqual([
      ["first", { docId: "1", text: "Hi" }, true],
      ["second", "hi"],
      ["after", "Hi", undefined],
      ["first", { text: "Ho" }, false],
      ["second", "ho"],
      ["after", "Ho", 7],
      ["beforeDelete", "1"],
      ["afterDelete", "1"],
    ]);
    await expect(Doc.create({ docId: "2", text: "stop" })).rejects.toThrow(new TypeError("stopped"));
    expect((await Doc.find("2")).exists()).toBe(false);
  });
});

describe("hooks", () => {
  it("change what is saved, and the instance has that", async () => {
    class Note extends BaoModel {
      static override modelPrefix = "nh";
      static override fields = { noteId: fields.StringField(), kind: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("noteId");
      declare kind: string;
    }
    initModels({ models: { Note }, aws: { endpoint: "memory:" }, logging: { level: "OFF" } });
    Note.registerPlugin({ beforeSave: (changes) => void (changes["kind"] += "!") });
    const note = new Note({ noteId: "a", kind: "new" });
    await note.save();
    expect([note.kind, note.hasChanges()]).toEqual(["new!", false]);
    note.kind = "old";
    await note.save();
    expect([note.kind, note.hasChanges(), (await Note.find("a")).kind]).toEqual(["old!", false, "old!"]);
  });
});

describe("batchWrite", () => {
  it("takes data and instances, gives them their initial values, and runs hooks", async () => {
    const seen: string[] = [];
    class Note extends BaoModel {
      static override modelPrefix = "nt";
      static override fields = { noteId: fields.StringField(), kind: fields.StringField({ defaultValue: "plain" }) };
      static override primaryKey = PrimaryKeyConfig("noteId");
      declare kind: string;
      declare noteId: string;
    }
    initModels({ models: { Note }, aws: { endpoint: "memory:" }, logging: { level: "OFF" } });
    Note.registerPlugin({
      beforeSave: (changes, { isNew }) => {
        seen.push(`before ${changes["noteId"]} ${isNew}`);
        changes["kind"] += "!";
      },
      afterSave: (note) => seen.push(`after ${note.noteId}`),
      beforeDelete: (id) => seen.push(`before delete ${id}`),
      afterDelete: (id) => seen.push(`after delete ${id}`),
    });
    const { items, consumedCapacity } = await Note.batchWrite({ put: [{ noteId: "a" }, new Note({ noteId: "b", kind: "bold" })], delete: ["c"] });
    expect(items.map(({ noteId, kind }) => [noteId, kind])).toEqual([
      ["a", "plain!"],
      ["b", "bold!"],
    ]);
    expect(items[0]!.isLoaded()).toBe(true);
    expect(consumedCapacity.WriteCapacityUnits).toBeGreaterThan(0);
    expect(seen).toEqual(["before a true", "before b true", "before delete c", "after a", "after b", "after delete c"]);
    expect((await Note.find("b")).kind).toBe("bold!");
    expect(await Note.count()).toBe(2);
    await expect(Note.batchWrite({ put: { noteId: "a" } as never })).rejects.toThrow("put must be a list");
    await expect(Note.batchWrite({ put: ["a" as never] })).rejects.toThrow("put[0] must be an object");
  });

  it("stops before anything is written where a hook throws", async () => {
    Tag.registerPlugin({
      beforeSave: (changes) => {
        if (changes["tagId"] === "bad") throw new Error("no");
      },
    });
    await expect(Tag.batchWrite({ put: [{ tagId: "good" }, { tagId: "bad" }] })).rejects.toThrow("no");
    expect(await Tag.count()).toBe(0);
  });
});

describe("search", () => {
  it("finds a context's own instances, page by page", async () => {
    initModels({ models: { Page }, aws: { endpoint: "memory:" }, db: { iterationIndexName: "iter_search_index" }, logging: { level: "OFF" } });
    await Page.batchWrite({ put: Array.from({ length: 5 }, (_, i) => ({ pageId: `p${i}`, title: `Chapter ${i}` })) });
    await runWithBatchContext(async () => {
      const known = await Page.find("p3");
      const { items, cursor, consumedCapacity } = await Page.searchAll("CHAPTER", { limit: Infinity, parallel: true });
      expect(items.length).toBe(5);
      expect(items).toContain(known);
      expect(cursor).toBeNull();
      expect(consumedCapacity.ReadCapacityUnits).toBeGreaterThan(0);
    });
    const first = await Page.searchAll(["chapter"], { limit: 4 });
    expect(first.items.length).toBe(4);
    expect((await Page.searchAll(["chapter"], { limit: 4, cursor: first.cursor })).items.length).toBe(1);
    expect((await Page.searchBucket(0, "chapter")).items.length + (await Page.searchBucket(1, "chapter")).items.length).toBe(5);
    for (const limit of [0, -1, 1.5, NaN]) await expect(Page.searchAll("x", { limit })).rejects.toThrow("limit must be a positive integer or Infinity");
    await expect(Page.searchAll("chapter", { cursor: "nonsense" })).rejects.toThrow("the cursor is not one of a search");
    await expect(Page.searchAll("chapter", { operator: "XOR" as never })).rejects.toThrow("operator must be");
    await expect(Page.searchAll(5 as never)).rejects.toThrow("a string or a list of strings");
  });

  it("tells how it takes queries and terms", () => {
    initModels({ models: { Page, User }, aws: { endpoint: "memory:" }, db: { iterationIndexName: "iter_search_index" }, logging: { level: "OFF" } });
    expect(Page.tokenizeSearchQuery('"a b" c')).toEqual(["a b", "c"]);
    expect(Page.normalizeSearchTerm(" Hello,  WORLD! ")).toBe("hello world");
    expect(Page.normalizeSearchTerm("?!")).toBe("");
    expect(() => User.normalizeSearchTerm("x")).toThrow(exceptions.ConfigurationError);
    expect(() => initModels({ models: { Page }, db: { iterationIndexName: "other" } })).toThrow("db.iterationIndexName");
  });
});

describe("transact", () => {
  class Note extends BaoModel {
    static override modelPrefix = "nx";
    static override fields = { noteId: fields.StringField(), kind: fields.StringField({ defaultValue: "plain" }), tags: fields.StringSetField() };
    static override primaryKey = PrimaryKeyConfig("noteId");
    declare kind: string;
    declare noteId: string;
    declare tags: Set<string>;
  }
  class Seen extends BaoModel {
    static override modelPrefix = "nz";
    static override fields = { id: fields.StringField() };
    static override primaryKey = PrimaryKeyConfig("id");
  }
  const seen: string[] = [];
  const plugin: Plugin = {
    beforeSave: (changes, { isNew }) => {
      seen.push(`before ${JSON.stringify(changes)} ${isNew}`);
      if (changes["kind"] === "bad") throw new TypeError("no");
      changes["kind"] = `${changes["kind"]}!`;
    },
    afterSave: (note) => seen.push(`after ${note.noteId} ${note.kind}`),
    beforeDelete: (id) => seen.push(`before delete ${id}`),
    afterDelete: (id) => seen.push(`after delete ${id}`),
  };
  Note.registerPlugin(plugin);

  function start(): void {
    seen.length = 0;
    initModels({ models: { Note, Seen }, aws: { endpoint: "memory:" }, logging: { level: "OFF" } });
  }

  it("gives instances that the transaction fills, and runs hooks", async () => {
    start();
    await Note.batchWrite({ put: [{ noteId: "gone" }, { noteId: "kept", tags: ["a"] }] });
    seen.length = 0;
    const kept = await Note.find("kept");
    kept.tags.add("b");
    const { made, changed } = await transact(async (tx) => {
      const made = tx.create(Note, { noteId: "new" });
      expect(made.isLoaded()).toBe(false);
      expect(made.kind).toBe("plain");
      tx.save(kept);
      tx.delete(Note, "gone");
      const changed = tx.update(Seen, (await Seen.create({ id: "s" })).getPrimaryId(), {});
      expect(changed.exists()).toBe(false);
      return { made, changed };
    });
    expect(seen).toEqual([
      'before {"noteId":"new","kind":"plain"} true',
      'before {"tags":{}} false',
      "before delete gone",
      "after new plain!",
      "after kept undefined!",
      "after delete gone",
    ]);
    expect([made.isLoaded(), made.kind, made.hasChanges(), changed.exists()]).toEqual([true, "plain!", false, true]);
    expect(kept.hasChanges()).toBe(false);
    expect(made.getNumericConsumedCapacity("write")).toBeGreaterThanOrEqual(0);
    expect((await Note.find("kept")).tags).toEqual(new Set(["a", "b"]));
    expect((await Note.find("gone")).exists()).toBe(false);
  });

  it("writes nothing where the function or a hook throws, and takes nothing after its end", async () => {
    start();
    let kept: Transaction | undefined;
    const failed = transact((tx) => {
      kept = tx;
      tx.create(Seen, { id: "a" });
      throw new RangeError("stop");
    });
    await expect(failed).rejects.toThrow(new RangeError("stop"));
    expect(() => kept!.check(Seen, "a")).toThrow("the transaction has ended");
    const refused = transact((tx) => {
      tx.create(Seen, { id: "a" });
      tx.create(Note, { noteId: "n", kind: "bad" });
    });
    await expect(refused).rejects.toThrow(new TypeError("no"));
    expect(await Seen.count()).toBe(0);
    expect(seen).toEqual(['before {"noteId":"n","kind":"bad"} true']);
    await expect(transact(undefined as never)).rejects.toThrow("transact takes a function");
    expect(await transact(() => 5)).toBe(5);
    const known = await Seen.create({ id: "known" });
    await expect(transact((tx) => tx.create(Seen, known))).rejects.toThrow("exists already");
    await expect(transact((tx) => tx.create(Seen, { nothing: 1 } as never))).rejects.toThrow(exceptions.ValidationError);
    // Saved without a change: nothing to send.
    await transact((tx) => tx.save(known));
  });

  it("is over the models of one manager", async () => {
    start();
    initModels({ models: { Seen }, testId: "other", aws: { endpoint: "memory:" }, logging: { level: "OFF" } });
    const failed = transact((tx) => {
      tx.create(Note, { noteId: "n" });
      tx.create(Seen, { id: "a" });
    });
    await expect(failed).rejects.toThrow("Seen: a transaction is over the models of one manager");
  });

  it("puts its instances into the batch context", async () => {
    start();
    await runWithBatchContext(async () => {
      const made = await transact((tx) => tx.create(Seen, { id: "a" }));
      expect(await Seen.find("a")).toBe(made);
      await transact((tx) => tx.delete(Seen, made));
      expect((await Seen.find("a")).exists()).toBe(false);
    });
  });
});

describe("iteration", () => {
  it("gives a context's own instances, ends at a break, and refuses what is not iterable", async () => {
    class Note extends BaoModel {
      static override modelPrefix = "ni";
      static override iterable = true;
      static override iterationBuckets = 2;
      static override fields = { noteId: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("noteId");
    }
    initModels({ models: { Note }, aws: { endpoint: "memory:" }, logging: { level: "OFF" } });
    expect(Note.getIterationBuckets()).toBe(2);
    expect(User.getIterationBuckets()).toBe(1);
    await Note.batchWrite({ put: Array.from({ length: 7 }, (_, i) => ({ noteId: `n${i}` })) });
    await runWithBatchContext(async () => {
      const known = await Note.find("n3");
      const walked: BaoModel[] = [];
      for await (const batch of Note.iterateAll({ batchSize: 2 })) walked.push(...batch);
      expect(walked.length).toBe(7);
      expect(walked).toContain(known);
    });
    for await (const batch of Note.iterateAll({ batchSize: 1 })) {
      expect(batch.length).toBe(1);
      break;
    }
    start();
    await expect(User.iterateAll().next()).rejects.toThrow("not configured as iterable");
  });
});

describe("custom fields", () => {
  class EmailFieldClass extends fields.StringFieldClass {
    override validate(value: unknown): boolean {
      if (value !== undefined && value !== null && !String(value).includes("@")) throw new RangeError(`no e-mail address: ${String(value)}`);
      return true;
    }
    override toDy(value: unknown): unknown {
      return String(value).toLowerCase();
    }
    override fromDy(value: unknown): unknown {
      return `<${String(value)}>`;
    }
    override getInitialValue(): unknown {
      return "nobody@example.com";
    }
  }
  class Contact extends BaoModel {
    static override modelPrefix = "c";
    static override fields = { id: fields.StringField({ required: true }), mail: new EmailFieldClass() };
    static override primaryKey = PrimaryKeyConfig("id");
  }

  it("check, convert and fill in values, and their errors come through unchanged", async () => {
    initModels({ models: { Contact }, aws: { endpoint: "memory:" } });
    const contact: any = await Contact.create({ id: "1", mail: "Ann@Example.COM" });
    expect(contact.mail).toBe("<ann@example.com>");
    expect((await Contact.create({ id: "2" }) as any).mail).toBe("<nobody@example.com>");
    await expect(Contact.create({ id: "3", mail: "nope" })).rejects.toThrow(new RangeError("no e-mail address: nope"));
    const { items } = await Contact.queryByPrimaryKey("1", null, { filter: { mail: { $eq: "ANN@example.com" } } });
    expect(items).toHaveLength(1);
  });
});

describe("relations", () => {
  it("are methods of hand-written classes too", async () => {
    const user: any = await User.create({ name: "Ann", email: "a@b.c" });
    const posts: any[] = [];
    for (const title of ["one", "two", "three"]) posts.push(await Post.create({ userId: user, title, createdAt: 1000 + posts.length }));
    expect((await user.queryPosts()).items.map((post: Post) => post.title)).toEqual(["one", "two", "three"]);
    expect((await user.queryPosts(null, { direction: "DESC", limit: 1 })).items[0].title).toBe("three");
    const author = await posts[0].getUser();
    expect(author.name).toBe("Ann");
    expect(await posts[0].getUser()).toBe(author);
    expect(posts[0].getRelated("userId")).toBe(author);
    posts[0].userId = "other";
    expect(posts[0].getRelated("userId")).toBeNull();
    expect((await (User as any).findByEmail("a@b.c")).userId).toBe(user.userId);
    expect((await (Post as any).queryAllPosts()).count).toBe(3);
    const tag: any = await Tag.create({ tagId: "news", label: "News" });
    for (const post of posts) await TaggedPost.create({ tagId: tag, postId: post });
    expect((await tag.getPosts()).items.map((post: Post) => post.title)).toEqual(["one", "two", "three"]);
    expect((await posts[1].getTags()).items.map((each: Tag) => each.label)).toEqual(["News"]);
    expect((await tag.getPosts(null, 2)).lastEvaluatedKey).toBeDefined();
  });

  it("load in queries, and only what was asked for", async () => {
    const user = await User.create({ name: "Ann" });
    await Post.create({ userId: user, title: "one" });
    const loaded = await Post.queryByIndex("postsForUser", user, null, { loadRelated: true });
    expect(loaded.items[0]!.getRelated("userId").name).toBe("Ann");
    const only = await Post.queryByIndex("postsForUser", user.userId, null, { loadRelated: true, relatedFields: ["userId"], relatedOnly: true });
    expect((only.items as unknown as User[])[0]!.name).toBe("Ann");
    await expect(Post.queryByIndex("postsForUser", user, null, { relatedOnly: true })).rejects.toBeInstanceOf(exceptions.QueryError);
    const plain = await Post.queryByIndex("postsForUser", user, null, { returnWrapped: false });
    expect(plain.items[0]).not.toBeInstanceOf(Post);
    const post = await Post.find(loaded.items[0]!.postId);
    expect(await post.loadRelatedData(["unknown"])).toBe(post);
    expect(post.getRelated("userId")).toBeNull();
    const before = post.getNumericConsumedCapacity("read");
    await post.loadRelatedData();
    expect(post.getNumericConsumedCapacity("read")).toBe(before);
    expect(post.getNumericConsumedCapacity("read", true)).toBe(before + 0.5);
    post.clearRelatedCache("userId");
    expect(post.getRelated("userId")).toBeNull();
  });

  it("that lead back to where they came from are counted once", async () => {
    class Node extends BaoModel {
      static override modelPrefix = "n";
      static override fields = { nodeId: fields.StringField({ required: true }), otherId: fields.RelatedField("Node") };
      static override primaryKey = PrimaryKeyConfig("nodeId");
    }
    initModels({ models: { Node }, aws: { endpoint: "memory:" } });
    await Node.create({ nodeId: "a", otherId: "b" });
    await Node.create({ nodeId: "b", otherId: "a" });
    await runWithBatchContext(async () => {
      const first = await Node.find("a");
      const second: BaoModel = await first.getOrLoadRelatedField("otherId");
      expect(await second.getOrLoadRelatedField("otherId")).toBe(first);
      expect(first.getNumericConsumedCapacity("read", true)).toBe(1);
      expect(second.getNumericConsumedCapacity("total", true)).toBe(1);
    });
  });

  it("to a model that is not registered fail when asked for", async () => {
    initModels({ models: { Post }, aws: { endpoint: "memory:" } });
    const post = await Post.create({ userId: "x", title: "t" });
    await expect(post.getOrLoadRelatedField("userId")).rejects.toThrow(/Model User is not registered/);
  });
});

describe("queries", () => {
  it("page, count, filter and project", async () => {
    const user = await User.create({ name: "Ann" });
    for (let i = 0; i < 5; i++) await Post.create({ userId: user, title: `t${i}`, likes: i, createdAt: 1000 + i });
    const page = await Post.queryByIndex("postsForUser", user, null, { limit: 2 });
    expect([page.count, page.items.length]).toEqual([2, 2]);
    const next = await Post.queryByIndex("postsForUser", user, null, { limit: null, startKey: page.lastEvaluatedKey });
    expect(next.items.map((post) => post.title)).toEqual(["t2", "t3", "t4"]);
    expect(next.lastEvaluatedKey).toBeUndefined();
    const counted = await Post.queryByIndex("postsForUser", user, null, { countOnly: true });
    expect(counted.count).toBe(5);
    expect("items" in counted).toBe(false);
    const filtered = await Post.queryByIndex("postsForUser", user, null, { filter: { likes: { $gte: 3 }, $or: [{ title: "t3" }, { title: { $beginsWith: "t4" } }] } });
    expect(filtered.items.map((post) => post.likes)).toEqual([3, 4]);
    const titles: string[][] = [];
    for await (const each of Post.queryPages("postsForUser", user, null, { limit: 2 })) titles.push(each.items.map((post) => post.title));
    expect(titles.flat()).toEqual(["t0", "t1", "t2", "t3", "t4"]);
    const projected = await Post.queryByIndex("postsForUser", user, null, { attributes: ["title"] });
    expect(projected.items[0]!.title).toBe("t0");
    expect(projected.items[0]!.likes).toBeNull();
    projected.items[0]!.title = "x";
    await expect(projected.items[0]!.save()).rejects.toThrow(/in part/);
  });

  it("refuse what cannot be asked", async () => {
    const bad = (filter: object) => Post.queryByIndex("postsForUser", "u", null, { filter: filter as never });
    await expect(Post.queryByIndex("nope" as "postsForUser", "u")).rejects.toMatchObject({ name: "QueryError", indexName: "nope" });
    await expect(bad({ nope: 1 })).rejects.toMatchObject({ name: "QueryError" });
    await expect(bad({ title: { $nope: 1 } })).rejects.toMatchObject({ name: "QueryError" });
    await expect(bad({ likes: { $between: [1] } })).rejects.toMatchObject({ name: "QueryError" });
    await expect(bad({ title: { $exists: "yes" } })).rejects.toMatchObject({ name: "ValidationError" });
    await expect(bad({ title: { $in: "t" } })).rejects.toMatchObject({ name: "ValidationError" });
    await expect(bad({ title: { $size: "t" } })).rejects.toMatchObject({ name: "ValidationError" });
    await expect(bad("x" as never)).rejects.toMatchObject({ name: "QueryError" });
    await expect(Post.queryByIndex("postsForUser", "u", { title: "x" } as never)).rejects.toThrow(/not the sort key for index "postsForUser"/);
  });

  it("find by ids in every form", async () => {
    const link = await TaggedPost.create({ tagId: "a", postId: "b" });
    expect(link.getPrimaryId()).toBe("a##__SK__##b");
    expect(TaggedPost.makePrimaryId("a", "b")).toBe("a##__SK__##b");
    expect(TaggedPost.getPrimaryId({ tagId: "a", postId: "b" })).toBe("a##__SK__##b");
    for (const found of [
      await TaggedPost.find("a##__SK__##b"),
      await TaggedPost.find({ tagId: "a", postId: "b" }),
      await TaggedPost.findByPrimaryKey("a", "b"),
    ]) {
      expect(found.exists()).toBe(true);
    }
    const many = await TaggedPost.batchFind(["a##__SK__##b", { tagId: "a", postId: "b" }, "none"]);
    expect(Object.keys(many.items)).toEqual(["a##__SK__##b", "none"]);
    expect(many.items["none"]!.exists()).toBe(false);
    expect(many.ConsumedCapacity).toHaveLength(1);
    for (const empty of [null, undefined, []]) expect(await TaggedPost.batchFind(empty)).toEqual({ items: {}, ConsumedCapacity: [] });
    await expect(User.findByUniqueConstraint("uniqueEmail", "")).rejects.toThrow(/email value is required/);
  });
});

describe("classes", () => {
  it("that hide a field by a property of their own are refused with the remedy", async () => {
    class Hiding extends BaoModel {
      static override modelPrefix = "h";
      static override fields = { id: fields.StringField({ required: true }) };
      static override primaryKey = PrimaryKeyConfig("id");
      id = undefined;
    }
    initModels({ models: { Hiding }, aws: { endpoint: "memory:" } });
    await expect(Hiding.create({ id: "1" })).rejects.toThrow(/declare id/);
  });

  it("that are wrong are refused at once", () => {
    const config = (model: unknown) => () => initModels({ models: { Model: model } as never, aws: { endpoint: "memory:" } });
    expect(config(class {})).toThrow(/Model is no model/);
    class NoPrefix extends BaoModel {
      static override fields = { id: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    expect(config(NoPrefix)).toThrow(exceptions.ConfigurationError);
    class BadField extends BaoModel {
      static override modelPrefix = "b";
      static override fields = { id: "StringField" as never };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    expect(config(BadField)).toThrow(/Model.id|BadField.id/);
    class BadIndex extends BaoModel {
      static override modelPrefix = "b";
      static override fields = { id: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("nope");
    }
    expect(config(BadIndex)).toThrow(/nope/);
    class Unregistered extends BaoModel {}
    expect(() => Unregistered.manager).toThrow(/not registered/);
  });

  it("may be added later, and get their methods then", async () => {
    const manager = initModels({ models: { User }, aws: { endpoint: "memory:" } });
    const user: any = await User.create({ name: "Ann" });
    class Note extends BaoModel {
      static override modelPrefix = "n";
      static override fields = { noteId: fields.UlidField({ autoAssign: true }), userId: fields.RelatedField("User") };
      static override primaryKey = PrimaryKeyConfig("noteId");
      static override indexes = { notesForUser: { pk: "userId", sk: "noteId", indexId: 1 } };
    }
    manager.registerModel(Note);
    await Note.create({ userId: user });
    expect((await user.queryNotes()).count).toBe(1);
    expect(manager.listModels()).toEqual(["User", "Note"]);
    expect(manager.getModel("Note")).toBe(Note);
    expect(() => manager.getModel("Nope")).toThrow(/Model Nope is not registered \(there are User, Note\)/);
  });

  it("keep methods of their own", async () => {
    class Author extends BaoModel {
      static override modelPrefix = "a";
      static override fields = { authorId: fields.StringField({ required: true }) };
      static override primaryKey = PrimaryKeyConfig("authorId");
      queryBooks(): string {
        return "mine";
      }
    }
    class Book extends BaoModel {
      static override modelPrefix = "b";
      static override fields = { bookId: fields.StringField({ required: true }), authorId: fields.RelatedField("Author") };
      static override primaryKey = PrimaryKeyConfig("bookId");
      static override indexes = { booksForAuthor: { pk: "authorId", sk: "bookId", indexId: "gsi1" } };
    }
    initModels({ models: { Author, Book }, aws: { endpoint: "memory:" } });
    expect((await Author.create({ authorId: "1" }) as Author).queryBooks()).toBe("mine");
  });
});

it("an AbortSignal ends a call", async () => {
  const aborted = AbortSignal.abort();
  await expect(User.find("x", { signal: aborted })).rejects.toMatchObject({ name: "CancelledError" });
  await expect(runWithBatchContext(() => User.find("x", { signal: aborted }))).rejects.toMatchObject({ name: "CancelledError" });
});

it("what a map cannot hold is refused, not changed", async () => {
  for (const settings of [{ sizes: new Set([1, 2]) }, { when: new Date(Number.NaN) }, { number: Number.NaN }, { call: () => 1 }]) {
    await expect(User.create({ name: "x", settings })).rejects.toBeInstanceOf(exceptions.ValidationError);
  }
  await expect(User.create({ name: "x", born: new Date(Number.NaN) })).rejects.toMatchObject({ name: "ValidationError", fieldName: "born" });
  await expect(User.create({ name: "x", tags: [1] as never })).rejects.toMatchObject({ name: "ValidationError", fieldName: "tags" });
});
