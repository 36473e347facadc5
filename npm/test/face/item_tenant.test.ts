/** Items belong to the tenant that read or wrote them; what is done with an instance is done on its behalf. */
import { beforeEach, describe, expect, it } from "vitest";
import { BaoModel, constants, exceptions, fields, IndexConfig, initModels, PrimaryKeyConfig, TenantContext, transact, type Values } from "../support/node.js";

interface Owner extends Values<typeof Owner.fields> {
  queryNotes(): Promise<{ items: Note[] }>;
}
class Owner extends BaoModel {
  static override modelPrefix = "o";
  static override fields = { id: fields.StringField(), name: fields.StringField() };
  static override primaryKey = PrimaryKeyConfig("id");
}
interface Note extends Values<typeof Note.fields> {}
class Note extends BaoModel {
  static override modelPrefix = "n";
  static override fields = { id: fields.StringField(), ownerId: fields.RelatedField("Owner"), text: fields.StringField() };
  static override primaryKey = PrimaryKeyConfig("id");
  static override indexes = { notes: IndexConfig("ownerId", "id", constants.GSI_INDEX_ID1) };
}

const as = TenantContext.runWithTenant.bind(TenantContext);
const text = (tenant: string) => as(tenant, async () => (await Note.find("1")).text);

async function seed(tenant: string): Promise<Note> {
  return as(tenant, async () => {
    await Owner.create({ id: "x", name: `owner of ${tenant}` });
    return (await Note.create({ id: "1", ownerId: "x", text: tenant })) as Note;
  });
}

let ofA: Note;
beforeEach(async () => {
  initModels({ models: { Owner, Note }, aws: { endpoint: "memory:" } });
  ofA = await seed("A");
  await seed("B");
});

describe("an instance of another tenant's item", () => {
  const refused = {
    name: "ValidationError",
    message: 'Note "1" is an item of tenant "A", and the call is made on behalf of tenant "B"',
  };

  it.each<[string, () => Promise<unknown>]>([
    ["saved", () => ((ofA.text = "changed"), ofA.save())],
    ["deleted", () => ofA.delete()],
    ["asked for related items", () => ofA.getOrLoadRelatedField("ownerId")],
    ["asked for all related items", () => ofA.loadRelatedData()],
    ["saved in a transaction", () => transact((tx) => void ((ofA.text = "changed"), tx.save(ofA)))],
    ["deleted in a transaction", () => transact((tx) => tx.delete(Note, ofA))],
    ["checked in a transaction", () => transact((tx) => tx.check(Note, ofA))],
  ])("cannot be %s", async (_, call) => {
    await expect(as("B", call)).rejects.toMatchObject(refused);
    expect(await text("A")).toBe("A");
    expect(await text("B")).toBe("B");
  });

  it("has no items in another's indexes", async () => {
    const owner = (await as("A", () => Owner.find("x"))) as Owner;
    await expect(as("B", () => owner.queryNotes())).rejects.toBeInstanceOf(exceptions.ValidationError);
  });

  it("was read by nobody, and is nobody's", async () => {
    await Note.create({ id: "1", text: "nobody's" });
    const note = (await Note.find("1")) as Note;
    note.text = "changed";
    await expect(as("B", () => note.save())).rejects.toThrow('is an item of no tenant, and the call is made on behalf of tenant "B"');
    await note.save();
    expect((await Note.find("1")).text).toBe("changed");
    expect(await text("B")).toBe("B");
  });
});

describe("where no tenant is set", () => {
  it("the item's own is", async () => {
    ofA.text = "changed";
    await ofA.save();
    expect(await text("A")).toBe("changed");
    expect((await ofA.getOrLoadRelatedField("ownerId")).name).toBe("owner of A");
    const owner = (await as("A", () => Owner.find("x"))) as Owner;
    expect((await owner.queryNotes()).items.map((note) => note.text)).toEqual(["changed"]);
    await ofA.delete();
    expect(await text("A")).toBeUndefined();
    expect(await text("B")).toBe("B");
    expect((await Note.find("1")).exists()).toBe(false);
  });

  it("also of what was created by save or in a transaction", async () => {
    const made = new Note({ id: "2", text: "made" });
    await as("A", () => made.save());
    made.text = "again";
    await made.save();
    const other = await as("A", () => transact((tx) => tx.create(Note, { id: "3", text: "made" })));
    other.text = "again";
    await other.save();
    expect(await as("A", async () => [(await Note.find("2")).text, (await Note.find("3")).text])).toEqual(["again", "again"]);
    expect((await Note.find("2")).exists()).toBe(false);
  });
});

it("a transaction is of one tenant", async () => {
  await expect(as("A", () => transact((tx) => void as("B", () => tx.update(Note, "1", { text: "changed" }))))).rejects.toThrow(
    'Note: the transaction is of tenant "A", and this action of tenant "B"',
  );
  expect(await text("A")).toBe("A");
});
