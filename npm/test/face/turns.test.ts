/** Writes of one instance follow one another, and hooks that save each other's instances come to an end. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BaoModel, fields, IndexConfig, initModels, PrimaryKeyConfig, transact, type AssignedValue, type Values } from "../support/node.js";

interface Note extends Values<typeof Note.fields> {
  get count(): number;
  set count(value: AssignedValue<typeof Note.fields.count>);
}
class Note extends BaoModel {
  static override modelPrefix = "n";
  static override fields = { id: fields.StringField(), text: fields.StringField(), count: fields.CounterField() };
  static override primaryKey = PrimaryKeyConfig("id");
  static override indexes = { byText: IndexConfig("text", "id", "gsi1") };
}

describe("writes of one instance", () => {
  // The first request is answered last, as networks may have it.
  let server: http.Server;
  const seen: string[] = [];
  let delays: number[] = [];
  beforeEach(async () => {
    seen.length = 0;
    server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const operation = String(request.headers["x-amz-target"]).split(".")[1]!;
        const input = JSON.parse(body) as { Key?: { _pk: { S: string } }; ExpressionAttributeValues?: Record<string, { N?: string; S?: string }> };
        const id = (input.Key?._pk.S ?? "n#1").slice(2);
        seen.push(`${operation} ${Object.values(input.ExpressionAttributeValues ?? {}).map(({ N, S }) => N ?? S).join(" ")}`.trim());
        const Attributes = { _pk: { S: `n#${id}` }, _sk: { S: "n" }, id: { S: id }, count: { N: String(seen.length) } };
        setTimeout(() => {
          seen.push("answered");
          response.setHeader("content-type", "application/x-amz-json-1.0");
          response.end(JSON.stringify(operation === "GetItem" ? { Item: Attributes } : { Attributes }));
        }, delays.shift() ?? 0);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    initModels({ models: { Note }, aws: { endpoint: `http://127.0.0.1:${port}`, credentials: { accessKeyId: "a", secretAccessKey: "b" } }, logging: { level: "OFF" } });
  });
  afterEach(() => void server.close());

  it("are sent one after the other: saves, and a delete", async () => {
    const note = (await Note.find("1")) as Note;
    seen.length = 0;
    delays = [30, 10, 0];
    note.count = 7;
    const first = note.save();
    note.count = 8;
    const second = note.save();
    const last = note.delete();
    await Promise.all([first, second, last]);
    expect(seen.map((line) => line.split(" ")[0])).toEqual(["UpdateItem", "answered", "UpdateItem", "answered", "DeleteItem", "answered"]);
    expect([seen[0], seen[2]]).toEqual(["UpdateItem 7", "UpdateItem 8"]);
  });

  it("follow one that failed", async () => {
    const note = (await Note.find("1")) as Note;
    seen.length = 0;
    note.count = 1.5;
    const first = note.save();
    note.count = 8;
    const second = note.save();
    await expect(first).rejects.toMatchObject({ name: "ValidationError" });
    await second;
    await note.delete();
    expect(seen.filter((line) => line !== "answered")).toEqual(["UpdateItem 8", expect.stringMatching(/^DeleteItem/)]);
  });

  const operations = () => seen.map((line) => line.split(" ")[0]);

  it("in transactions take turns with all others of their instances", async () => {
    const [note, other] = [(await Note.find("1")) as Note, (await Note.find("2")) as Note];
    seen.length = 0;
    delays = [30, 20, 10, 0];
    note.count = 7;
    const saved = note.save();
    note.count = 8;
    other.count = 18;
    const written = transact((tx) => void (tx.save(note), tx.save(other)));
    await Promise.resolve().then(() => new Promise((done) => setTimeout(done, 5)));
    other.count = 19;
    const savedLater = other.save();
    const deleted = transact((tx) => tx.delete(Note, note));
    await Promise.all([saved, written, savedLater, deleted]);
    expect(operations().slice(0, 4)).toEqual(["UpdateItem", "answered", "TransactWriteItems", "answered"]);
    expect(operations().slice(4).sort()).toEqual(["TransactWriteItems", "UpdateItem", "answered", "answered"]);
    expect(seen[0]).toBe("UpdateItem 7");
    expect(seen.find((line, at) => at > 3 && line.startsWith("Update"))).toBe("UpdateItem 19");
    expect([note.hasChanges(), other.hasChanges()]).toEqual([false, false]);
  });

  it("in transactions over the same instances do not wait for each other", async () => {
    const [note, other] = [(await Note.find("1")) as Note, (await Note.find("2")) as Note];
    seen.length = 0;
    delays = [20, 10];
    [note.count, other.count] = [7, 17];
    const first = transact((tx) => void (tx.save(note), tx.save(other)));
    const second = transact((tx) => void (tx.check(Note, other), tx.delete(Note, note)));
    await Promise.all([first, second]);
    expect(operations()).toEqual(["TransactWriteItems", "answered", "TransactWriteItems", "answered"]);
  });

  it("in a transaction follow one that failed, and a failed one is followed", async () => {
    const note = (await Note.find("1")) as Note;
    seen.length = 0;
    note.count = 1.5;
    const saved = note.save();
    note.count = 1.25;
    const written = transact((tx) => tx.save(note));
    await expect(saved).rejects.toMatchObject({ name: "ValidationError" });
    await expect(written).rejects.toMatchObject({ name: "ValidationError" });
    note.count = 8;
    await note.save();
    expect(operations()).toEqual(["UpdateItem", "answered"]);
  });
});

describe("a transaction beside a save of the same instance", () => {
  beforeEach(() => void initModels({ models: { Note }, aws: { endpoint: "memory:" } }));

  it("changes the item that the save makes, instead of making another", async () => {
    const note = new Note({ id: "1", text: "a" }) as Note;
    const saved = note.save();
    note.text = "b";
    await Promise.all([saved, transact((tx) => tx.save(note))]);
    expect((await Note.find("1")).text).toBe("b");
    expect(note.hasChanges()).toBe(false);
  });

  it("loses none of both's changes, and a counter is added to once", async () => {
    const note = await Note.create({ id: "1", text: "a", count: 1 });
    note.count = "+5" as never;
    const saved = note.save();
    note.text = "b";
    await Promise.all([saved, transact((tx) => tx.save(note))]);
    note.count = "+5" as never;
    const written = transact((tx) => tx.save(note));
    await Promise.resolve();
    note.text = "c";
    await Promise.all([written, note.save()]);
    expect(await Note.find("1")).toMatchObject({ text: "c", count: 11 });
    expect(note).toMatchObject({ text: "c", count: 11 });
  });

  it("checks and deletes the item as the save left it", async () => {
    const note = await Note.create({ id: "1", text: "a" });
    note.text = "b";
    await Promise.all([note.save(), transact((tx) => tx.check(Note, note, { condition: { text: "b" } }))]);
    note.text = "c";
    await Promise.all([note.save(), transact((tx) => tx.delete(Note, note, { condition: { text: "c" } }))]);
    expect(await Note.count()).toBe(0);
  });
});

describe("hooks", () => {
  const make = (prefix: string) =>
    class extends BaoModel {
      static override modelPrefix = prefix;
      static override fields = { id: fields.StringField(), n: fields.IntegerField() };
      static override primaryKey = PrimaryKeyConfig("id");
    } as any;
  let [A, B, a, b]: any[] = [];
  beforeEach(async () => {
    [A, B] = [make("a"), make("b")];
    initModels({ models: { A, B }, aws: { endpoint: "memory:" } });
    [a, b] = [await A.create({ id: "1", n: 1 }), await B.create({ id: "1", n: 1 })];
  });
  const pause = () => new Promise((done) => setTimeout(done, 0));

  it("before a save that save each other's instances end with an error, and nothing is written", async () => {
    A.registerPlugin({ beforeSave: async () => (await pause(), b.save()) });
    B.registerPlugin({ beforeSave: async () => (await pause(), a.save()) });
    [a.n, b.n] = [2, 2];
    const refused = { name: "ConfigurationError", modelName: "A", message: expect.stringMatching(/^A: more than 500 saves of one instance/) };
    await expect(a.save()).rejects.toMatchObject(refused);
    expect([(await A.find("1")).n, (await B.find("1")).n]).toEqual([1, 1]);
  });

  it("before deletes that delete each other's instances end so, too, in transactions as well", async () => {
    for (const remove of [(_: any, item: any) => item.delete(), (M: any, item: any) => transact((tx) => tx.delete(M, item))]) {
      let calls = 0;
      const go = (M: any, item: any): Promise<unknown> => {
        calls += 1;
        if (calls > 5_000) throw new Error("it does not end");
        return remove(M, item);
      };
      const [C, D] = [make("c"), make("d")];
      initModels({ models: { C, D }, aws: { endpoint: "memory:" } });
      const [c, d] = [await C.create({ id: "1" }), await D.create({ id: "1" })];
      C.registerPlugin({ beforeDelete: async () => (await pause(), go(D, d)) });
      D.registerPlugin({ beforeDelete: async () => (await pause(), go(C, c)) });
      await expect(go(C, c)).rejects.toMatchObject({ name: "ConfigurationError", message: expect.stringMatching(/: more than 500 saves of one instance/) });
      expect([await C.count(), await D.count()]).toEqual([1, 1]);
    }
  });

  it("that save their own instance end so, too", async () => {
    A.registerPlugin({ beforeSave: () => a.save() });
    a.n = 2;
    await expect(a.save()).rejects.toMatchObject({ name: "ConfigurationError" });
    expect((await A.find("1")).n).toBe(1);
  });

  it("after a save may save and delete its instance", async () => {
    A.registerPlugin({ afterSave: async (saved: any) => (saved.n < 5 ? ((saved.n += 1), saved.save()) : saved.delete()) });
    a.n = 2;
    await a.save();
    expect(a.n).toBe(5);
    expect((await A.find("1")).exists()).toBe(false);
  });

  it("before a save and a delete may save another instance, also one that is being saved", async () => {
    A.registerPlugin({ beforeSave: async () => ((b.n += 1), b.save()), beforeDelete: async () => ((b.n += 1), b.save()) });
    a.n = 2;
    b.n = 10;
    await Promise.all([b.save(), a.save()]);
    await a.delete();
    expect((await B.find("1")).n).toBe(12);
  });
});
