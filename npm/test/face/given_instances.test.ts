/** Instances given to calls: to be written whole, as ids of their items, or as values of RelatedFields. */
import { beforeEach, describe, expect, it } from "vitest";
import { BaoModel, fields, IndexConfig, initModels, PrimaryKeyConfig, TenantContext, transact, type Values } from "../support/node.js";

interface Note extends Values<typeof Note.fields> {}
class Note extends BaoModel {
  static override modelPrefix = "n";
  static override fields = {
    id: fields.StringField(),
    text: fields.StringField(),
    more: fields.StringField(),
    ownerId: fields.RelatedField("Owner"),
  };
  static override primaryKey = PrimaryKeyConfig("id");
  static override indexes = { notes: IndexConfig("ownerId", "id", "gsi1") };
}
interface Owner extends Values<typeof Owner.fields> {}
class Owner extends BaoModel {
  static override modelPrefix = "o";
  static override fields = { id: fields.StringField(), text: fields.StringField() };
  static override primaryKey = PrimaryKeyConfig("id");
}

beforeEach(() => void initModels({ models: { Note, Owner }, aws: { endpoint: "memory:" } }));

describe("an instance that was read in part", () => {
  it("is not written whole", async () => {
    await Note.create({ id: "1", text: "text", more: "more" });
    const { items } = await Note.scan({ attributes: ["text"] });
    const refused = { name: "ValidationError", modelName: "Note", message: 'Note "1" was read with `attributes`, in part: it cannot be saved' };
    await expect(Note.batchWrite({ put: [{ id: "2" }, items[0]!] })).rejects.toMatchObject(refused);
    expect(await Note.find("1")).toMatchObject({ text: "text", more: "more" });
    expect((await Note.find("2")).exists()).toBe(false);
  });
});
