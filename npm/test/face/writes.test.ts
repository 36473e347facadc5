/** Writes at the edges of what they are asked: nothing to change, nothing there, additions to nothing. */
import { beforeEach, describe, expect, it } from "vitest";
import { BaoModel, fields, initModels, PrimaryKeyConfig, transact, type Values } from "../support/node.js";

interface Note extends Values<typeof Note.fields> {}
class Note extends BaoModel {
  static override modelPrefix = "n";
  static override fields = { id: fields.StringField(), text: fields.StringField(), count: fields.CounterField() };
  static override primaryKey = PrimaryKeyConfig("id");
}

beforeEach(async () => {
  initModels({ models: { Note }, aws: { endpoint: "memory:" } });
  await Note.create({ id: "1", text: "A" });
});

describe("writes", () => {
  it("of new items may add to counters, which begin at 0", async () => {
    expect((await Note.create({ id: "c", count: "+4" })).count).toBe(4);
    const { items } = await Note.batchWrite({ put: [{ id: "d", count: "-2" }] });
    expect(items[0]!.count).toBe(-2);
  });

  it.each<[string, (note: Note & BaoModel) => Promise<{ count: unknown }>]>([
    ["batchWrite", async (note) => (await Note.batchWrite({ put: [note] })).items[0]!],
    ["create", async (note) => (await Note.delete("c"), Note.create(note))],
    ["save", async (note) => (await Note.delete("c"), note.save({ constraints: { mustNotExist: true } }))],
    ["transact", async (note) => (await Note.delete("c"), transact((tx) => tx.save(note, { constraints: { mustNotExist: true } })))],
  ])("of whole items by %s add to what the instance was read with", async (_, write) => {
    const additions: [unknown, string, unknown][] = [[10, "+5", 15], [10, "-15", -5], [null, "+5", 5], [9007199254740993n, "+2", 9007199254740995n]];
    for (const [stored, addition, sum] of additions) {
      await Note.batchWrite({ put: [{ id: "c", count: stored as number, text: "A" }] });
      const note = (await Note.find("c")) as Note;
      note.count = addition as never;
      note.text = "B";
      expect((await write(note)).count).toBe(sum);
      expect((await Note.find("c")).toJSON()).toMatchObject({ text: "B", count: typeof sum === "bigint" ? String(sum) : sum });
    }
  });

  it("of whole items add what a custom counter makes of a value, or a hook asks for", async () => {
    class Twice extends fields.CounterFieldClass {
      override toDy(value: unknown): unknown {
        return typeof value === "string" ? `+${2 * Number(value)}` : value;
      }
    }
    class Counted extends BaoModel {
      static override modelPrefix = "c";
      static override fields = { id: fields.StringField(), twice: new Twice() as any, saves: fields.CounterField() };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Counted }, aws: { endpoint: "memory:" } });
    Counted.registerPlugin({ beforeSave: (values: any) => void (values.saves = "+1") } as never);
    const counted: any = await Counted.create({ id: "1", twice: 10 });
    counted.twice = "+5";
    const { items } = await Counted.batchWrite({ put: [counted] });
    expect(items[0]).toMatchObject({ twice: 20, saves: 2 });
  });

  it("of members added in place keep to the set's largest size, of members deleted do not", async () => {
    class Tagged extends BaoModel {
      static override modelPrefix = "tg";
      static override fields = { id: fields.StringField(), tags: fields.StringSetField({ maxMemberCount: 2 }) };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Tagged }, aws: { endpoint: "memory:" } });
    const tagged: any = await Tagged.create({ id: "1", tags: ["x", "y"] });
    const stored = async () => [...((await Tagged.find("1")) as any).tags];
    const refused = { name: "ValidationError", fieldName: "tags", message: expect.stringContaining("Tagged.tags must be at most 2 members, not 3") };
    tagged.tags.add("z");
    await expect(tagged.save()).rejects.toMatchObject({ ...refused, value: new Set(["x", "y", "z"]) });
    await expect(transact((tx) => tx.save(tagged))).rejects.toMatchObject(refused);
    expect(await stored()).toEqual(["x", "y"]);
    tagged.tags.delete("x");
    await tagged.save();
    expect(await stored()).toEqual(["y", "z"]);
    // There were more before there was a limit.
    class Older extends Tagged {
      static override fields = { id: fields.StringField(), tags: fields.StringSetField() as never };
    }
    initModels({ models: { Older }, aws: { endpoint: "memory:" } });
    const older: any = await Older.create({ id: "1", tags: ["a", "b", "c", "d"] as never });
    older.tags.delete("a");
    await older.save();
    expect(older.tags.size).toBe(3);
  });

  it("of an item that must not exist are not left out where nothing changed", async () => {
    const note = (await Note.find("1")) as Note;
    await expect(note.save({ constraints: { mustNotExist: true } })).rejects.toMatchObject({ name: "ConditionalError" });
    await Note.delete("1");
    await note.save({ constraints: { mustNotExist: true } });
    expect((await Note.find("1")).text).toBe("A");
  });

  it("without a change ask their condition, and no hook", async () => {
    const seen: string[] = [];
    Note.registerPlugin({ beforeSave: () => void seen.push("before"), afterSave: () => void seen.push("after") });
    await expect(Note.update("1", {}, { condition: { text: "B" } })).rejects.toMatchObject({ name: "ConditionalError" });
    expect((await Note.update("1", { text: undefined }, { condition: { text: "A" } })).text).toBe("A");
    expect(seen).toEqual([]);
  });
});
