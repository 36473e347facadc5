const { BaoModel, PrimaryKeyConfig, fields } = require("dynamo-bao");

class User extends BaoModel {
  static modelPrefix = "u";
  static fields = {
    userId: fields.StringField({ required: true }),
    name: fields.StringField({ required: true }),
    visits: fields.CounterField(),
  };
  static primaryKey = PrimaryKeyConfig("userId");
}

module.exports = { User };
