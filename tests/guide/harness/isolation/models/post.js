const { BaoModel, PrimaryKeyConfig, IndexConfig, fields, constants } = require("dynamo-bao");

class Post extends BaoModel {
  static modelPrefix = "p";
  static fields = {
    postId: fields.StringField({ required: true }),
    userId: fields.RelatedField("User", { required: true }),
    title: fields.StringField({ required: true }),
  };
  static primaryKey = PrimaryKeyConfig("postId");
  static indexes = { postsForUser: IndexConfig("userId", "postId", constants.GSI_INDEX_ID1) };
}

module.exports = { Post };
