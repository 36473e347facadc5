/** Writes at the edges of what they are asked: nothing to change, nothing there, additions to nothing. */
import { beforeEach, describe, expect, it } from "vitest";
import { BaoModel, fields, initModels, PrimaryKeyConfig, type Values } from "../support/node.js";

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
