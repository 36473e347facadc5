/** `fieldMatches`: that a field still has the value which its instance was loaded with. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import { BaoModel, fields, initModels, PrimaryKeyConfig, transact, type Values } from "../support/node.js";

/** Read as an object of its own, which can be changed in place. */
class WordsField extends fields.StringFieldClass {
  override fromDy(value: unknown): unknown {
    return { words: String(value).split(" ") };
  }
  override toDy(value: unknown): unknown {
    return (value as { words: string[] }).words.join(" ");
  }
}

interface T extends Values<typeof T.fields> {}
class T extends BaoModel {
  static override modelPrefix = "t";
  static override fields = {
    id: fields.StringField(),
    text: fields.StringField(),
    count: fields.CounterField(),
    big: fields.IntegerField(),
    real: fields.FloatField(),
    yes: fields.BooleanField(),
    list: fields.ListField(),
    map: fields.MapField(),
    set: fields.StringSetField(),
    date: fields.DateTimeField(),
    ttl: fields.TtlField(),
    bytes: fields.BinaryField(),
    json: fields.JsonField(),
    words: new WordsField() as any,
    n: fields.IntegerField(),
  };
  static override primaryKey = PrimaryKeyConfig("id");
}

beforeEach(() => void initModels({ models: { T }, aws: { endpoint: "memory:" } }));

const saves: [string, (instance: T & BaoModel, fieldMatches: any) => Promise<unknown>][] = [
  ["save", (instance, fieldMatches) => instance.save({ constraints: { fieldMatches } })],
  ["transact", (instance, fieldMatches) => transact((tx) => void tx.save(instance, { constraints: { fieldMatches } }))],
];

/** A field, what it was loaded with, how it is changed in place, and what makes it the same for somebody else. */
const edits: [string, unknown, (instance: any) => void, unknown][] = [
  ["list", [1], (i) => i.list.push(2), [1, 2]],
  ["map", { a: 1 }, (i) => (i.map.b = { c: 2 }), { a: 1, b: { c: 2 } }],
  ["set", new Set(["a"]), (i) => i.set.add("b"), new Set(["a", "b"])],
  ["date", new Date(5000), (i) => i.date.setTime(6000), new Date(6000)],
  ["ttl", new Date(5000), (i) => i.ttl.setTime(6000), new Date(6000)],
  ["bytes", new Uint8Array([1]), (i) => (i.bytes[0] = 2), new Uint8Array([2])],
  ["words", { words: ["a"] }, (i) => i.words.words.push("b"), { words: ["a", "b"] }],
];

describe.each(saves)("%s", (_, save) => {
  it.each(edits)("compares with the value loaded of a %s that was changed in place", async (name, loaded, edit, edited) => {
    await T.create({ id: "1", [name]: loaded });
    const [mine, theirs] = [(await T.find("1")) as any, (await T.find("1")) as any];
    edit(mine);
    await save(mine, name);
    expect((await T.find("1")).toJSON()).toMatchObject({ [name]: mine.toJSON()[name] });
    edit(theirs);
    // Somebody else has written what this instance would.
    expect(theirs[name]).toEqual(edited);
    await expect(save(theirs, name)).rejects.toMatchObject({ name: "ConditionalError" });
  });
});

/** Values as JavaScript has them, others that differ, and a few whose members look like operators. */
const values: [string, unknown, unknown][] = [
  ["text", "a", "b"],
  ["text", null, "b"],
  ["count", 5, 6],
  ["big", 9007199254740993n, 9007199254740992n],
  ["real", 0.1, 0.2],
  ["yes", false, true],
  ["list", [{ $gt: 1 }, [null, new Date(5), new Set(["a"]), new Uint8Array([1]), 1e21, 0.1]], []],
  ["list", [], [null]],
  ["map", { $size: 1 }, { $size: 2 }],
  ["map", { $exists: true }, { $exists: false }],
  ["map", { $x: 1, a: { $and: [] } }, { a: { $and: [] } }],
  ["map", { "#s": ["a"] }, { "#s": ["b"] }],
  ["map", {}, { a: 1 }],
  ["set", ["a", "b"], ["a"]],
  ["date", "2024-05-31", "2024-06-01"],
  ["ttl", new Date(5000), new Date(6000)],
  ["bytes", new Uint8Array([0, 255]), new Uint8Array([0])],
  ["json", { b: 1, a: [{ $eq: null }] }, { b: 1 }],
  ["json", "text", "other"],
  ["json", 5, "5"],
  ["json", [], {}],
  ["json", null, 0],
  ["words", { words: ["a", "b"] }, { words: ["b"] }],
];

describe.each(saves)("%s where a value", (_, save) => {
  it.each(values)("is the one that was loaded, and no other (%s: %o)", async (name, value, other) => {
    await T.create({ id: "1", [name]: value });
    const [mine, theirs] = [(await T.find("1")) as T, (await T.find("1")) as T];
    for (const n of [1, 2]) {
      mine.n = n;
      await save(mine, ["id", name]);
    }
    expect(await T.find("1")).toMatchObject({ n: 2 });
    await T.update("1", { [name]: other });
    theirs.n = 3;
    await expect(save(theirs, name)).rejects.toMatchObject({ name: "ConditionalError" });
    expect(await T.find("1")).toMatchObject({ n: 2 });
  });
});

it("goes with the caller's own condition", async () => {
  const instance = (await T.create({ id: "1", text: "a", map: { $gt: 1 } })) as T;
  instance.n = 1;
  const constraints = { fieldMatches: ["map", "text"] as ("map" | "text")[] };
  await expect(instance.save({ constraints, condition: { text: "b" } })).rejects.toMatchObject({ name: "ConditionalError" });
  await instance.save({ constraints, condition: { text: "a" } });
  expect(await T.find("1")).toMatchObject({ n: 1 });
});

it("is not asked of what is no name", async () => {
  const instance = (await T.create({ id: "1", text: "a" })) as T;
  instance.n = 1;
  for (const fieldMatches of [true, 5, {}, ["nope"], [5]] as any[]) {
    await expect(instance.save({ constraints: { fieldMatches } })).rejects.toMatchObject({ name: "ValidationError", message: expect.stringMatching(/^T has no field .* \(fieldMatches\)$/) });
  }
  expect((await T.find("1")).n).toBe(null);
});

it("compares a FloatField with what is stored, which may have more decimals than its precision", async () => {
  class Price extends BaoModel {
    static override modelPrefix = "p";
    static override fields = { id: fields.StringField(), amount: fields.FloatField({ precision: 2 }), n: fields.IntegerField() };
    static override primaryKey = PrimaryKeyConfig("id");
  }
  let written = "";
  const item = { _pk: { S: "p#1" }, _sk: { S: "p" }, id: { S: "1" }, amount: { N: "1.2345" } };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (String(request.headers["x-amz-target"]).endsWith("UpdateItem")) written = Buffer.concat(chunks).toString();
      response.end(JSON.stringify(written ? { Attributes: { ...item, n: { N: "1" } } } : { Item: item }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    initModels({ models: { Price }, aws: { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } });
    const price = (await Price.find("1")) as any;
    expect(price.amount).toBe(1.2345);
    price.n = 1;
    await price.save({ constraints: { fieldMatches: "amount" } });
    expect(Object.values(JSON.parse(written).ExpressionAttributeValues)).toContainEqual({ N: "1.2345" });
    expect(written).not.toContain('"1.23"');
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
