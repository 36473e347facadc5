// Each request works for the tenant that its header names.
import { BaoModel, IndexConfig, PrimaryKeyConfig, TenantContext, constants, fields, initModels, runWithBatchContext } from "dynamo-bao";

class Note extends BaoModel {
  static modelPrefix = "n";
  static fields = {
    noteId: fields.StringField({ required: true }),
    text: fields.StringField({ required: true }),
  };
  static primaryKey = PrimaryKeyConfig("noteId");
  static indexes = { allNotes: IndexConfig("modelPrefix", "noteId", constants.GSI_INDEX_ID1) };
}

initModels({ models: { Note }, aws: { region: "us-west-2" }, db: { tableName: "my-table" }, tenancy: { enabled: true } });

async function work(n) {
  const noteId = `note-${n % 3}`; // the same ids in every tenant
  const before = await Note.find(noteId, { bypassCache: true });
  await Promise.all([Note.find(noteId), Note.find("note-9")]);
  if (!before.exists()) await Note.create({ noteId, text: `of ${TenantContext.getCurrentTenant()}` }).catch((error) => {
    if (error.name !== "ConditionalError") throw error; // another request of this tenant was first
  });
  const all = await Note.queryAllNotes();
  return { tenant: TenantContext.getCurrentTenant(), texts: all.items.map((note) => note.text) };
}

export default {
  async fetch(request) {
    const tenant = request.headers.get("x-tenant");
    const n = Number(new URL(request.url).searchParams.get("n"));
    const inContext = () => runWithBatchContext(() => work(n));
    try {
      return Response.json(await (tenant === null ? inContext() : TenantContext.runWithTenant(tenant, inContext)));
    } catch (error) {
      return Response.json({ error: `${error.name}: ${error.message}` }, { status: 500 });
    }
  },
};
