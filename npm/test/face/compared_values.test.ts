/** Values in filters, conditions and sort key conditions: as they are stored, of whatever type their fields are. */
import { beforeEach, describe, expect, it } from "vitest";
import { BaoModel, fields, IndexConfig, initModels, PrimaryKeyConfig, type Values } from "../support/node.js";

interface T extends Values<typeof T.fields> {}
class T extends BaoModel {
  static override modelPrefix = "t";
  static override fields = {
    id: fields.StringField(),
    json: fields.JsonField(),
    group: fields.StringField({ defaultValue: "g" }),
  };
  static override primaryKey = PrimaryKeyConfig("id");
}

beforeEach(() => void initModels({ models: { T }, aws: { endpoint: "memory:" } }));

const idsBy = async (filter: any) => (await T.scan({ filter })).items.map(({ id }) => id).sort();

describe("a JsonField", () => {
  const values: [unknown, string][] = [
    ["hello", "1"],
    [{ a: 1, b: [null] }, "2"],
    [5, "3"],
    ["5", "4"],
    [false, "5"],
    [[], "6"],
    [{ at: new Date(0) }, "7"],
  ];
  beforeEach(async () => {
    await T.batchWrite({ put: [...values.map(([json, id]) => ({ id, json })), { id: "8" }] });
  });

  it.each(values)("is found by its value (%o)", async (json, id) => {
    expect(await idsBy({ json: { $eq: json } })).toEqual([id]);
    expect(await idsBy({ json })).toEqual([id]);
    expect(await idsBy({ $or: [{ $not: { json: { $ne: json } } }, { id: "none" }] })).toEqual([id]);
    expect(await idsBy({ $and: [{ json: { $in: [json, "none"] } }] })).toEqual([id]);
    await T.update(id, { json: "new" }, { condition: { json: { $eq: json } } });
    await expect(T.update(id, { json: "newer" }, { condition: { json } })).rejects.toMatchObject({ name: "ConditionalError" });
  });

  it("is asked for its text, and whether it has a value", async () => {
    expect(await idsBy({ json: null })).toEqual(["8"]);
    expect(await idsBy({ json: { $exists: false } })).toEqual(["8"]);
    expect(await idsBy({ json: { $contains: "ell" } })).toEqual(["1"]);
    expect(await idsBy({ json: { $beginsWith: '{"a":1' } })).toEqual(["2"]);
  });

  it("is no function", async () => {
    const refused = { name: "ValidationError", modelName: "T", fieldName: "json" };
    await expect(idsBy({ json: () => 1 })).rejects.toMatchObject(refused);
    await expect(idsBy({ json: { $eq: 5n } })).rejects.toMatchObject(refused);
  });
});

it("are in a condition, not in what only looks like one without members", async () => {
  await T.batchWrite({ put: [{ id: "1" }, { id: "2", json: 1 }] });
  expect(await idsBy(new Map([["id", "1"]]))).toEqual(["1"]);
  await expect(idsBy(new Map([["id", undefined]]))).rejects.toMatchObject({ name: "QueryError", modelName: "T", fieldName: "id" });
  expect(await idsBy(Object.assign(Object.create({}), { id: "2" }))).toEqual(["2"]);
  for (const filter of [new Date(), new Set(["id"]), new Uint8Array(1), new T({ id: "1" })]) await expect(idsBy(filter)).rejects.toMatchObject({ name: "QueryError" });
});

describe("sort keys of custom fields", () => {
  class Lower extends fields.StringFieldClass {
    override toDy(value: unknown): unknown {
      return String(value).toLowerCase();
    }
  }
  class Cents extends fields.IntegerFieldClass {
    override toDy(value: unknown): unknown {
      return Math.round((value as number) * 100);
    }
    override fromDy(value: unknown): unknown {
      return (value as number) / 100;
    }
  }
  class Person extends BaoModel {
    static override modelPrefix = "p";
    static override fields = { id: fields.StringField(), group: fields.StringField(), name: new Lower() as any, price: new Cents() as any };
    static override primaryKey = PrimaryKeyConfig("id");
    static override indexes = { byName: IndexConfig("group", "name", "gsi1"), byPrice: IndexConfig("group", "price", "gsi2") };
  }
  const by = async (index: "byName" | "byPrice", sort: any) => (await Person.queryByIndex(index, "g", sort)).items.map((item: any) => item.id);
  beforeEach(async () => {
    initModels({ models: { Person }, aws: { endpoint: "memory:" } });
    await Person.batchWrite({ put: [{ id: "1", group: "g", name: "Ann", price: 1.5 }, { id: "2", group: "g", name: "ANNA", price: 2 }, { id: "3", group: "g", name: "Bo", price: 10 }] });
  });

  it.each<["byName" | "byPrice", any, string[]]>([
    ["byName", "ANN", ["1"]],
    ["byName", { $eq: "ANN" }, ["1"]],
    ["byName", { $beginsWith: "an" }, ["1", "2"]],
    ["byName", { $between: ["ANN", "ANNA"] }, ["1", "2"]],
    ["byName", { $gt: "ANN" }, ["2", "3"]],
    ["byPrice", 1.5, ["1"]],
    ["byPrice", { $gte: 2 }, ["2", "3"]],
    ["byPrice", { $between: [1.5, 2] }, ["1", "2"]],
  ])("are asked for by themselves or by name (%s %j)", async (index, sort, ids) => {
    expect(await by(index, sort)).toEqual(ids);
    expect(await by(index, { [index === "byName" ? "name" : "price"]: sort })).toEqual(ids);
  });

  it("are not another field", async () => {
    for (const index of ["byName", "byPrice"] as const) {
      const refused = { name: "QueryError", message: expect.stringMatching(/Field "id" is not the sort key/) };
      await expect(by(index, { id: "ANN" })).rejects.toMatchObject(refused);
      await expect(by(index, { id: undefined })).rejects.toMatchObject({ name: "QueryError" });
      for (const wanted of [undefined, { $gt: undefined }]) {
        await expect(by(index, { [index.slice(2).toLowerCase()]: wanted })).rejects.toMatchObject({ name: "QueryError", indexName: index });
      }
    }
  });
});

describe("dates", () => {
  class Event extends BaoModel {
    static override modelPrefix = "e";
    static override fields = {
      id: fields.StringField(),
      group: fields.StringField(),
      at: fields.DateTimeField(),
      seen: fields.DateTimeField({ defaultValue: "2024-05-31T12:00:00" }),
      ttl: fields.TtlField({ defaultValue: "Fri, 31 May 2024 12:00:00 GMT" }),
    };
    static override primaryKey = PrimaryKeyConfig("id");
    static override indexes = { byTime: IndexConfig("group", "at", "gsi1") };
  }
  const count = (filter: any) => Event.count({ filter });
  const texts = ["2024-05-31T12:00:00", "Fri, 31 May 2024 12:00:00 GMT", "2024-05-31", "2024-05-31T12:00:00.000Z", "May 31, 2024", 1717156800000];
  beforeEach(() => void initModels({ models: { Event }, aws: { endpoint: "memory:" } }));

  it.each(texts)("are compared with what writes take for one (%s)", async (text) => {
    const moment = new Date(text);
    const other = new Date(moment.getTime() + 1);
    await Event.create({ id: "1", group: "g", at: text });
    for (const at of [text, { $eq: text }, { $gte: text }, { $between: [text, other] }]) {
      expect(await count({ at }), JSON.stringify(at)).toBe(1);
      expect((await Event.queryByIndex("byTime", "g", at as any, { filter: { at } as any })).count).toBe(1);
      expect((await Event.queryByIndex("byTime", "g", { at } as any)).count).toBe(1);
    }
    expect(await count({ at: { $in: [text, other] } })).toBe(1);
    expect(await count({ at: { $gt: text } })).toBe(0);
    expect((await Event.queryByIndex("byTime", "g", { $gt: text } as any)).count).toBe(0);
    await Event.update("1", { group: "h" }, { condition: { at: text } as any });
    await expect(Event.delete("1", { condition: { at: { $ne: text } } as any })).rejects.toMatchObject({ name: "ConditionalError" });
  });

  it("are default values, too", async () => {
    const event: any = await Event.create({ id: "1" });
    expect([event.seen, event.ttl]).toEqual([new Date("2024-05-31T12:00:00"), new Date("2024-05-31T12:00:00Z")]);
    expect((new Event() as any).seen).toEqual(event.seen);
  });

  it("are no other texts", async () => {
    const refused = { name: "ValidationError", modelName: "Event", fieldName: "at", message: expect.stringContaining("must be a date") };
    for (const at of ["some day", { $gt: "some day" }] as any[]) {
      await expect(count({ at })).rejects.toMatchObject(refused);
      await expect(Event.queryByIndex("byTime", "g", at)).rejects.toMatchObject(refused);
    }
  });
});
