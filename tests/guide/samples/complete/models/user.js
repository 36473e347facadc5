const { BaoModel, PrimaryKeyConfig, fields } = require("dynamo-bao");
const { StringField, UlidField, CreateDateField } = fields;
class User extends BaoModel {
  static modelPrefix = "u";
  static fields = {
    userId: UlidField({ autoAssign: true }),
    name: StringField({ required: true }),
    email: StringField({ required: true }),
    createdAt: CreateDateField(),
  };
  static primaryKey = PrimaryKeyConfig("userId");
}
module.exports = { User };
