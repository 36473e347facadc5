import { describe, expect, it } from "vitest";
import { BaoModel, fields, IndexConfig, initModels, PrimaryKeyConfig, UniqueConstraintConfig } from "../support/node.js";

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

  it("that override what keys and updates are made from are refused by name", () => {
    for (const method of ["toGsi", "getUpdateExpression"]) {
      const Odd = class extends StringFieldClass {};
      Object.defineProperty(Odd.prototype, method, { value: () => "x" });
      class Thing extends BaoModel {
        static override modelPrefix = "t";
        static override fields = { id: fields.StringField(), odd: new Odd() as any };
        static override primaryKey = PrimaryKeyConfig("id");
      }
      expect(() => initModels({ models: { Thing }, aws: { endpoint: "memory:" } })).toThrow(`overrides ${method}`);
    }
  });
});
