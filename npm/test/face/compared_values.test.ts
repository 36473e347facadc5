/** Values in filters, conditions and sort key conditions: as they are stored, of whatever type their fields are. */
import { beforeEach, describe, expect, it } from "vitest";
import { BaoModel, fields, initModels, PrimaryKeyConfig, type Values } from "../support/node.js";

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
  expect(await idsBy(Object.assign(Object.create({}), { id: "2" }))).toEqual(["2"]);
  for (const filter of [new Date(), new Set(["id"]), new Uint8Array(1), new T({ id: "1" })]) await expect(idsBy(filter)).rejects.toMatchObject({ name: "QueryError" });
});
