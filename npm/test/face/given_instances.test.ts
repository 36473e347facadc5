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

describe("an instance that was read", () => {
  it("is created with all its values and changes, where its key is free", async () => {
    const owner = await Owner.create({ id: "o" });
    const note: any = await Note.create({ id: "1", text: "text", more: "more", ownerId: owner });
    await expect(Note.create(note)).rejects.toMatchObject({ name: "ConditionalError", modelName: "Note" });
    note.text = "changed";
    const deleted = await note.delete();
    const made: any = await Note.create(note);
    expect(made.toJSON()).toEqual({ id: "1", text: "changed", more: "more", ownerId: "o" });
    expect((await Note.find("1")).toJSON()).toEqual(made.toJSON());
    expect([made === note, note.hasChanges()]).toEqual([false, true]);
    await Note.delete("1");
    expect((await Note.create(deleted)).toJSON()).toEqual({ id: "1", text: "text", more: "more", ownerId: "o" });
  });

  it("in part is not created", async () => {
    await Note.create({ id: "1", text: "text", more: "more" });
    const [part] = (await Note.scan({ attributes: ["id", "text"] })).items;
    await Note.delete("1");
    await expect(Note.create(part!)).rejects.toMatchObject({ name: "ValidationError", message: expect.stringContaining("in part") });
    expect(await Note.count()).toBe(0);
  });

  it("is no changes of another item", async () => {
    const [note] = [await Note.create({ id: "1", text: "text" }), await Note.create({ id: "2", text: "other" })];
    const refused = { name: "ValidationError", message: "Note: changes must be an object, not an instance" };
    await expect(Note.update("2", note)).rejects.toMatchObject(refused);
    await expect(transact((tx) => tx.update(Note, "2", note))).rejects.toMatchObject(refused);
  });
});

describe("an instance of another tenant's item", () => {
  const as = TenantContext.runWithTenant.bind(TenantContext);
  const refused = {
    name: "ValidationError",
    fieldName: "tenantId",
    message: 'Note "1" is an item of tenant "A", and the call is made on behalf of tenant "B"',
  };
  const read = (tenant: string) => as(tenant, async () => (await Note.find("1")).toJSON());
  const theirs = { id: "1", text: "B" };
  let ofA: any;
  beforeEach(async () => {
    ofA = await as("A", () => Note.create({ id: "1", text: "A" }));
    await as("B", () => Note.create(theirs));
  });

  it.each<[string, () => unknown]>([
    ["find", () => Note.find(ofA)],
    ["batchFind", () => Note.batchFind([ofA])],
    ["update", () => Note.update(ofA, { text: "changed" })],
    ["delete", () => Note.delete(ofA)],
    ["batchWrite's delete", () => Note.batchWrite({ delete: [ofA] })],
    ["batchWrite's put", () => Note.batchWrite({ put: [{ id: "2" }, ofA] })],
    ["a transaction's update", () => transact((tx) => tx.update(Note, ofA, { text: "changed" }))],
    ["a transaction's delete", () => transact((tx) => tx.delete(Note, ofA))],
    ["a transaction's check", () => transact((tx) => tx.check(Note, ofA))],
  ])("is refused by %s, as no item of the caller's", async (_, call) => {
    await expect(as("B", async () => call())).rejects.toMatchObject(refused);
    await expect((async () => call())()).rejects.toThrow('is an item of tenant "A", and the call is made on behalf of no tenant');
    expect(await read("A")).toMatchObject({ id: "1", text: "A" });
    expect(await read("B")).toMatchObject(theirs);
    expect(await as("B", () => Note.count())).toBe(1);
  });

  it("is taken on behalf of its own, and of everybody before it is saved", async () => {
    await as("A", () => Note.update(ofA, { text: "changed" }));
    expect(await as("A", async () => (await Note.find(ofA)).text)).toBe("changed");
    await as("A", () => Note.batchWrite({ put: [ofA] }));
    await as("B", () => Note.batchWrite({ put: [new Note({ id: "2" })] }));
    expect(await as("B", () => Note.count())).toBe(2);
    await as("A", () => Note.delete(ofA));
    expect(await read("A")).toBeNull();
    expect(await read("B")).toMatchObject(theirs);
  });

  it("is of the test's id where a manager has one", async () => {
    initModels({ models: { Note, Owner }, aws: { endpoint: "memory:" }, testId: "test-1" });
    const note: any = await Note.create({ id: "1", text: "a" });
    await Note.update(note, { text: "b" });
    await transact((tx) => void tx.update(Note, note, { text: "c" }));
    expect((await Note.find("1")).text).toBe("c");
    await transact((tx) => tx.delete(Note, note));
    expect(await Note.count()).toBe(0);
    initModels({ models: { Note, Owner }, aws: { endpoint: "memory:" }, testId: "test-2" });
    await expect(Note.find(note)).rejects.toThrow('is an item of tenant "test-1", and the call is made on behalf of tenant "test-2"');
  });
});

describe("an instance of another model", () => {
  const message = "Note: an item of Note belongs here, not one of Owner";
  let owner: any;
  beforeEach(async () => {
    await Note.create({ id: "1", text: "note" });
    owner = await Owner.create({ id: "1", text: "owner" });
  });

  it.each<[string, () => unknown]>([
    ["find", () => Note.find(owner)],
    ["batchFind", () => Note.batchFind([owner])],
    ["create", () => Note.create(new Owner({ id: "2", text: "owner" }) as never)],
    ["update", () => Note.update(owner, { text: "changed" })],
    ["delete", () => Note.delete(owner)],
    ["batchWrite's delete", () => Note.batchWrite({ delete: [owner] })],
    ["batchWrite's put", () => Note.batchWrite({ put: [{ id: "2" }, owner] })],
    ["a transaction's create", () => transact((tx) => tx.create(Note, new Owner({ id: "2" }) as never))],
    ["a transaction's update", () => transact((tx) => tx.update(Note, owner, { text: "changed" }))],
    ["a transaction's delete", () => transact((tx) => tx.delete(Note, owner))],
    ["a transaction's check", () => transact((tx) => tx.check(Note, owner))],
  ])("is refused by %s", async (_, call) => {
    await expect((async () => call())()).rejects.toMatchObject({ name: "ValidationError", modelName: "Note", message });
    expect(await Note.find("1")).toMatchObject({ text: "note" });
    expect(await Note.count()).toBe(1);
  });

  it("is no value of a RelatedField", async () => {
    const note = (await Note.find("1")) as Note;
    const refused = { name: "ValidationError", modelName: "Note", fieldName: "ownerId", message: "Note.ownerId: an item of Owner belongs here, not one of Note" };
    expect(() => new Note({ id: "2", ownerId: note })).toThrow(expect.objectContaining(refused));
    expect(() => ((note as any).ownerId = note)).toThrow(expect.objectContaining(refused));
    const attempts: [string, () => Promise<unknown>][] = [
      ["create", () => Note.create({ id: "2", ownerId: note as never })],
      ["update", () => Note.update("1", { ownerId: note as never })],
      ["batchWrite", () => Note.batchWrite({ put: [{ id: "2", ownerId: note as never }] })],
      ["queryByIndex", () => Note.queryByIndex("notes", note as never)],
    ];
    for (const [name, attempt] of attempts) await expect(attempt(), name).rejects.toMatchObject(refused);
    expect(note.hasChanges()).toBe(false);
    expect(await Note.count()).toBe(1);
    note.ownerId = owner;
    await note.save();
    expect((await Note.queryByIndex("notes", owner)).items).toMatchObject([{ id: "1", ownerId: "1" }]);
  });

  it("is one of the same where its class extends the model's, or is what another manager has of it", async () => {
    class Marked extends Note {
      mark = "!";
    }
    class OwnerElsewhere extends BaoModel {
      static override modelPrefix = "o";
      static override fields = { id: fields.StringField(), text: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Note: Marked, Owner: OwnerElsewhere }, aws: { endpoint: "memory:" } });
    const marked: any = new Marked({ id: "1" });
    const other: any = new OwnerElsewhere({ id: "1" });
    expect((await Note.find(marked)).text).toBe("note");
    expect((await Owner.find(other)).text).toBe("owner");
    expect((await Note.update("1", { ownerId: other })).ownerId).toBe("1");
    await Note.delete(marked);
    expect(await Note.count()).toBe(0);
  });
});
