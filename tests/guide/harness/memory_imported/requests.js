// Requests answered by the embedded engine, which a bundle has or has not.
import { BaoModel, PrimaryKeyConfig, fields, initModels } from "dynamo-bao";

class Note extends BaoModel {
  static modelPrefix = "n";
  static fields = { noteId: fields.StringField({ required: true }), text: fields.StringField() };
  static primaryKey = PrimaryKeyConfig("noteId");
}

export default {
  async fetch() {
    try {
      initModels({ models: { Note }, aws: { endpoint: "memory:" } });
      await Note.create({ noteId: "one", text: "first" });
      return Response.json({ text: (await Note.find("one")).text });
    } catch (error) {
      return Response.json({ name: error.name, message: error.message });
    }
  },
};
