import { describe, expect, it } from "vitest";
import { BaoModel, fields, IndexConfig, initModels, PrimaryKeyConfig, transact, UniqueConstraintConfig } from "../support/node.js";

const { IntegerFieldClass, StringFieldClass } = fields;

class Money {
  constructor(readonly cents: number) {}
}

class WrongAddress extends Error {}

/** Stored in lower case; only addresses pass. */
class EmailFieldClass extends StringFieldClass {
  override validate(value: unknown, fieldName: string): unknown {
    if (typeof value === "string" && !value.includes("@")) throw new WrongAddress(`${fieldName}: ${value} is no address (${this.options.hint})`);
    return true;
  }
  override toDy(value: string): string {
    return value.toLowerCase();
  }
}

/** A class of the user's, stored as a number of cents. */
class MoneyFieldClass extends IntegerFieldClass {
  override toDy(value: Money): number {
    return value.cents;
  }
  override fromDy(value: number): Money {
    return new Money(value);
  }
  override getInitialValue(): Money {
    return new Money(100);
  }
}

/** Written with hyphens, whatever the spaces. */
class SlugFieldClass extends StringFieldClass {
  override async updateBeforeSave(value: unknown): Promise<unknown> {
    await Promise.resolve();
    return typeof value === "string" ? value.trim().replace(/\s+/g, "-") : value;
  }
}

class Account extends BaoModel {
  static override modelPrefix = "a";
  static override fields = {
    id: fields.StringField({ required: true }),
    email: new EmailFieldClass({ hint: "like a@b" }) as any,
    balance: new MoneyFieldClass() as any,
    slug: new SlugFieldClass() as any,
  };
  static override primaryKey = PrimaryKeyConfig("id");
  static override indexes = { byEmail: IndexConfig("email", "balance", "gsi1") };
  static override uniqueConstraints = { uniqueEmail: UniqueConstraintConfig("email", "uc1") };
}

function start(): any {
  initModels({ models: { Account }, aws: { region: "us-west-2", endpoint: "memory:" }, db: { tableName: "custom" } });
  return Account;
}

describe("fields of the user's own", () => {
  it("say what is stored, and what reading gives", async () => {
    const Model = start();
    await Model.create({ id: "1", email: "Ann@X.com", balance: new Money(250) });
    const account = await Model.find("1", { bypassCache: true });
    expect(account.email).toBe("ann@x.com");
    expect(account.balance).toEqual(new Money(250));
    expect(account.hasChanges()).toBe(false);
    account.balance = new Money(250);
    expect(account.hasChanges()).toBe(false);
    account.balance = new Money(251);
    await account.save();
    expect((await Model.find("1")).balance).toEqual(new Money(251));
  });

  it("make the keys of indexes and unique constraints of what is stored, in conditions too", async () => {
    const Model = start();
    await Model.create({ id: "1", email: "ANN@x.com", balance: new Money(5) });
    await Model.create({ id: "2", email: "bob@x.com", balance: new Money(7) });
    const ids = ({ items }: any): string[] => items.map((item: any) => item.id);
    expect(ids(await Model.queryByIndex("byEmail", "Ann@x.com"))).toEqual(["1"]);
    expect(ids(await Model.queryByIndex("byEmail", "ann@x.com", { $between: [new Money(1), new Money(6)] }))).toEqual(["1"]);
    expect(ids(await Model.queryByIndex("byEmail", "ann@x.com", { $gt: new Money(5) }))).toEqual([]);
    expect(ids(await Model.queryByIndex("byEmail", "bob@x.com", null, { filter: { balance: { $in: [new Money(7)] } } }))).toEqual(["2"]);
    expect((await Model.findByUniqueConstraint("uniqueEmail", "Bob@X.com")).id).toBe("2");
    await expect(Model.create({ id: "3", email: "BOB@x.com" })).rejects.toMatchObject({ name: "ConditionalError" });
    await Model.update("2", { balance: new Money(8) }, { condition: { balance: new Money(7) } });
    expect((await Model.find("2")).balance.cents).toBe(8);
  });

  it("give new items a value, and change values before they are saved", async () => {
    const Model = start();
    const account = await Model.create({ id: "1", slug: "  so  long " });
    expect([account.balance.cents, account.slug]).toEqual([100, "so-long"]);
    account.slug = "and thanks";
    await account.save();
    expect((await Model.find("1")).slug).toBe("and-thanks");
    await Model.update("1", { slug: "for all" });
    expect((await Model.find("1")).slug).toBe("for-all");
  });

  it("refuse values with errors that reach the caller unchanged, and nothing is written", async () => {
    const Model = start();
    const wrong = { name: "Error", message: "email: nowhere is no address (like a@b)", constructor: WrongAddress };
    await expect(Model.create({ id: "1", email: "nowhere" })).rejects.toMatchObject(wrong);
    expect((await Model.find("1")).exists()).toBe(false);
    await Model.create({ id: "1", email: "a@b" });
    await expect(Model.update("1", { email: "nowhere" })).rejects.toMatchObject(wrong);
    const account = await Model.find("1");
    account.email = "nowhere";
    await expect(account.save()).rejects.toBeInstanceOf(WrongAddress);
    expect((await Model.find("1")).email).toBe("a@b");
  });
});

const asked: unknown[] = [];

/** Sorts without regard to case, and backwards by length where asked to. */
class NameFieldClass extends StringFieldClass {
  override toGsi(stored: string): string {
    if (stored === "refused") throw new WrongAddress("toGsi refuses it");
    asked.push(stored);
    return `n:${stored.toLowerCase()}`;
  }
}

/** Newest first: the base's text is made of another value. */
class RankFieldClass extends IntegerFieldClass {
  override toGsi(stored: number): string {
    return `r${super.toGsi(1000 - stored)}`;
  }
}

class Person extends BaoModel {
  static override modelPrefix = "pe";
  static override fields = {
    team: new NameFieldClass() as any,
    name: new NameFieldClass() as any,
    rank: new RankFieldClass() as any,
    nick: new NameFieldClass() as any,
    note: fields.StringField(),
  };
  static override primaryKey = PrimaryKeyConfig("team", "name");
  static override indexes = { byRank: IndexConfig("team", "rank", "gsi1"), byNick: IndexConfig("nick", "name", "gsi2") };
  static override uniqueConstraints = { uniqueNick: UniqueConstraintConfig("nick", "uc1") };
}

function people(): any {
  initModels({ models: { Person }, aws: { region: "us-west-2", endpoint: "memory:" }, db: { tableName: "people" } });
  return Person;
}
const names = ({ items }: any): string[] => items.map((item: any) => item.name);

describe("toGsi", () => {
  it("makes the text of keys and indexes, by which items are found and sorted", async () => {
    const Model = people();
    for (const [name, rank] of [["bea", 1], ["Ann", 2], ["Cy", 3]] as const) await Model.create({ team: "Red", name, rank, nick: `Nick ${name}` });
    const ann = await Model.findByPrimaryKey("RED", "ANN");
    expect([ann.name, ann.getPrimaryId()]).toEqual(["Ann", "n:red##__SK__##n:ann"]);
    expect((await Model.find(ann.getPrimaryId())).name).toBe("Ann");
    expect((await Model.find({ team: "red", name: "ann" })).name).toBe("Ann");
    expect(names(await Model.queryByPrimaryKey("rED"))).toEqual(["Ann", "bea", "Cy"]);
    expect(names(await Model.queryByPrimaryKey("red", { $beginsWith: "B" }))).toEqual(["bea"]);
    expect(names(await Model.queryByPrimaryKey("red", { $gt: "ANZ" }))).toEqual(["bea", "Cy"]);
    expect(names(await Model.queryByPrimaryKey("red", { name: { $between: ["ANN", "BEZ"] } }))).toEqual(["Ann", "bea"]);
    expect(names(await Model.queryByIndex("byRank", "RED"))).toEqual(["Cy", "Ann", "bea"]);
    expect(names(await Model.queryByIndex("byRank", "RED", 2))).toEqual(["Ann"]);
    // Unique values, conditions and filters go by what is stored.
    expect((await Model.findByUniqueConstraint("uniqueNick", "Nick Cy")).name).toBe("Cy");
    expect((await Model.findByUniqueConstraint("uniqueNick", "NICK CY")).exists()).toBe(false);
    expect(names(await Model.queryByPrimaryKey("red", null, { filter: { rank: { $gte: 2 } } }))).toEqual(["Ann", "Cy"]);
  });

  it("is asked again where keys are derived from what others wrote", async () => {
    const Model = people();
    await Model.create({ team: "Red", name: "Ann", rank: 1, nick: "A" });
    const [one, stale] = [await Model.find({ team: "red", name: "ann" }), await Model.find({ team: "red", name: "ann" })];
    one.nick = "B";
    await one.save();
    stale.nick = "C";
    await stale.save();
    expect(names(await Model.queryByIndex("byNick", "b"))).toEqual([]);
    expect(names(await Model.queryByIndex("byNick", "c", "ANN"))).toEqual(["Ann"]);
    await Model.update({ team: "RED", name: "ANN" }, { rank: 7 });
    expect(names(await Model.queryByIndex("byRank", "red", { $lte: 7 }))).toEqual(["Ann"]);
    await Model.update({ team: "RED", name: "ANN" }, { nick: null });
    expect(names(await Model.queryByIndex("byNick", "c"))).toEqual([]);
    await expect(Model.update({ team: "RED", name: "ANN" }, { name: "Bea" })).rejects.toMatchObject({ name: "ValidationError" });
    await Model.update({ team: "RED", name: "ANN" }, { name: "ann", note: "the same key" });
    await Model.delete({ team: "red", name: "Ann" });
    expect((await Model.queryByPrimaryKey("red")).count).toBe(0);
  });

  it("gives errors that reach the caller unchanged, and nothing is written", async () => {
    const Model = people();
    await expect(Model.create({ team: "Red", name: "refused" })).rejects.toBeInstanceOf(WrongAddress);
    await Model.create({ team: "Red", name: "Ann" });
    await expect(Model.update({ team: "Red", name: "Ann" }, { nick: "refused" })).rejects.toThrow("toGsi refuses it");
    await expect(Model.queryByPrimaryKey("refused")).rejects.toBeInstanceOf(WrongAddress);
    await expect(Model.queryByIndex("byNick", "x", { $gt: "refused" })).rejects.toBeInstanceOf(WrongAddress);
    await expect(Model.find({ team: "Red", name: "refused" })).rejects.toBeInstanceOf(WrongAddress);
    await expect(transact((tx: any) => void tx.create(Model, { team: "x", name: "refused" }))).rejects.toBeInstanceOf(WrongAddress);
    expect((await Model.queryByPrimaryKey("red")).items.map((item: any) => item.nick)).toEqual([undefined]);
  });

  it("must give a text that a key can hold", async () => {
    for (const [text, message] of [[5, "must give a string"], ["", "an empty string"], ["a##__SK__##b", "##__SK__##"], ["x".repeat(5000), "at most 2048 bytes"]] as const) {
      class Odd extends StringFieldClass {
        override toGsi(): any {
          return text;
        }
      }
      class Thing extends BaoModel {
        static override modelPrefix = "t";
        static override fields = { id: new Odd() as any };
        static override primaryKey = PrimaryKeyConfig("id");
      }
      initModels({ models: { Thing }, aws: { endpoint: "memory:" } });
      await expect((Thing as any).create({ id: "x" }), message).rejects.toMatchObject({ name: "ValidationError", message: expect.stringContaining(message) });
    }
  });
});

/** Adds what is assigned. */
class TotalFieldClass extends IntegerFieldClass {
  override getUpdateExpression(name: string, stored: unknown): any {
    asked.push([name, stored]);
    if (stored === null) return super.getUpdateExpression(name, stored);
    return { type: "SET", expression: `#${name} = if_not_exists(#${name}, :${name}) + :${name}`, attrNameKey: `#${name}`, attrValueKey: `:${name}`, fieldName: name, fieldValue: stored };
  }
}

/** The first value stays. */
class FirstFieldClass extends StringFieldClass {
  override toDy(value: string): string {
    return value.toUpperCase();
  }
  override getUpdateExpression(name: string, stored: unknown): any {
    const plain = super.getUpdateExpression(name, stored);
    return stored === null ? plain : { ...plain, expression: "#first = if_not_exists(#first, :v0)", attrNameKey: "#first", attrValueKey: ":v0" };
  }
}

class LogFieldClass extends fields.ListFieldClass {
  override getUpdateExpression(name: string, stored: unknown): any {
    return { type: "SET", expression: "#n0=list_append(#n0,:v0)", attrNameKey: "#n0", attrValueKey: ":v0", fieldName: name, fieldValue: stored };
  }
}

class RawFieldClass extends StringFieldClass {
  override getUpdateExpression(name: string, stored: unknown): any {
    return { attrNameKey: "#f", attrValueKey: ":f", fieldName: name, fieldValue: stored, ...(JSON.parse(stored as string) as object) };
  }
}

class Sum extends BaoModel {
  static override modelPrefix = "s";
  static override fields = {
    id: fields.StringField({ required: true }),
    total: new TotalFieldClass() as any,
    first: new FirstFieldClass() as any,
    log: new LogFieldClass() as any,
    raw: new RawFieldClass() as any,
    name: fields.StringField(),
    kept: new FirstFieldClass() as any,
  };
  static override primaryKey = PrimaryKeyConfig("id");
  static override indexes = { byKept: IndexConfig("modelPrefix", "kept", "gsi1") };
}

function sums(): any {
  initModels({ models: { Sum }, aws: { region: "us-west-2", endpoint: "memory:" }, db: { tableName: "sums" } });
  return Sum;
}

describe("objects of custom types", () => {
  it("stay the instance's, changed before, while and after they are saved", async () => {
    const Model = start();
    await Model.create({ id: "1", email: "a@b" });
    const account = await Model.find("1");
    const balance = account.balance as { cents: number };
    const saved = async (): Promise<number> => (await Model.find("1", { bypassCache: true })).balance.cents;
    for (const cents of [1, 2]) {
      balance.cents = cents;
      await account.save();
      expect([account.balance === balance, account.hasChanges(), await saved()]).toEqual([true, false, cents]);
    }
    account.email = "c@d";
    const saving = account.save();
    balance.cents = 3;
    await saving;
    expect([account.hasChanges(), await saved()]).toEqual([true, 2]);
    await account.save();
    expect([account.hasChanges(), await saved()]).toEqual([false, 3]);
    await Model.update("1", { balance: new Money(4) });
    account.email = "e@f";
    await account.save();
    expect([account.balance.cents, account.hasChanges()]).toEqual([4, false]);
  });

  it("are what hooks made of them, once saved", async () => {
    const Model = start();
    Model.registerPlugin({
      beforeSave: (changes: any) => {
        if (changes.email === "hook@b") changes.balance = new Money(changes.balance.cents + 1);
      },
    });
    const account = new Model({ id: "2", email: "hook@b", balance: new Money(5) });
    await account.save();
    expect([account.balance.cents, account.hasChanges()]).toEqual([6, false]);
  });

  it("are shown as they are stored where an update's expression makes something else of them", async () => {
    const Model = sums();
    await Model.create({ id: "1", log: [1], total: 1 });
    const item = await Model.find("1");
    const more = [2];
    item.log = more;
    item.total = 5;
    const saving = item.save();
    item.name = "x";
    await Promise.all([saving, item.save()]);
    expect([item.log, more, item.total, item.hasChanges()]).toEqual([[1, 2], [2], 6, false]);
  });
});

describe("getUpdateExpression", () => {
  it("words the field's part of updates and saves, and not of creations", async () => {
    const Model = sums();
    await Model.create({ id: "1", total: 5, first: "a", log: [1] });
    asked.length = 0;
    const [one, other] = [await Model.find("1"), await Model.find("1")];
    expect(one.total).toBe(5);
    one.total = 7;
    one.name = "new";
    other.total = 1;
    await one.save();
    await other.save();
    expect([other.total, asked]).toEqual([13, [["total", 7], ["total", 1]]]);
    const updated = await Model.update("1", { first: "b", log: [2, 3], total: 2 }, { condition: { total: 13, first: "A" } });
    expect([updated.first, updated.log, updated.total, updated.name]).toEqual(["A", [1, 2, 3], 15, "new"]);
    await transact((tx: any) => void tx.update(Model, "1", { total: 10 }, { condition: { name: "new" } }));
    expect((await Model.update("1", { total: undefined, name: "x" })).total).toBe(25);
    expect((await Model.update("1", { total: null })).total).toBeNull();
    expect((await Model.update("1", { total: 4 })).total).toBe(8);
  });

  it("may set and remove what an index is made of, and nothing else there", async () => {
    const Model = sums();
    await Model.create({ id: "1", kept: "a" });
    const refused = { name: "ValidationError", fieldName: "kept", message: expect.stringContaining("an index, a unique constraint or the search text is made of it") };
    await expect(Model.update("1", { kept: "b" })).rejects.toMatchObject(refused);
    await Model.update("1", { kept: null });
    expect((await Model.queryByIndex("byKept", "s")).count).toBe(0);
  });

  it("may change its own attribute only, with its own placeholders", async () => {
    const Model = sums();
    await Model.create({ id: "1", raw: "x", name: "n" });
    for (const [update, message] of [
      [{ type: "PUT", expression: "#f = :f" }, "has the type 'PUT'"],
      [{ type: "SET", expression: "name = :f" }, "does not begin with its attrNameKey"],
      [{ type: "SET", expression: "#f = :f, name = :f" }, "names 'name'"],
      [{ type: "SET", expression: "#f = :other" }, "the placeholder ':other'"],
      [{ type: "SET", expression: "#f = size(#f)" }, "names 'size'"],
      [{ type: "SET", expression: "#f = :f; DROP" }, "holds ';'"],
      [{ type: "SET", expression: "#f = :f + :f", fieldValue: null }, "has no fieldValue"],
      [{ type: "SET", expression: "" }, "does not begin"],
      [{}, "has the type ''"],
    ] as const) {
      await expect(Model.update("1", { raw: JSON.stringify(update) }), message).rejects.toMatchObject({ name: "ValidationError", fieldName: "raw", message: expect.stringContaining(message) });
    }
    expect(await Model.find("1")).toMatchObject({ raw: "x", name: "n" });
    await Model.update("1", { raw: JSON.stringify({ type: "REMOVE", expression: "#f" }) });
    expect((await Model.find("1")).raw).toBeUndefined();
  });
});
