import { BaoModel, fields, IndexConfig, initModels, PrimaryKeyConfig, UniqueConstraintConfig, type BaoConfig, type Values } from "./node.js";

export interface User extends Values<typeof User.fields> {}
export class User extends BaoModel {
  static override modelPrefix = "u";
  static override fields = {
    userId: fields.UlidField({ autoAssign: true }),
    name: fields.StringField({ required: true }),
    email: fields.StringField(),
    age: fields.IntegerField(),
    tags: fields.StringSetField(),
    visits: fields.CounterField(),
    born: fields.DateTimeField(),
    photo: fields.BinaryField(),
    active: fields.BooleanField(),
    score: fields.FloatField(),
    settings: fields.MapField(),
    list: fields.ListField(),
    extra: fields.JsonField(),
    createdAt: fields.CreateDateField(),
    changedAt: fields.ModifiedDateField(),
  };
  static override primaryKey = PrimaryKeyConfig("userId");
  static override uniqueConstraints = { uniqueEmail: UniqueConstraintConfig("email", "uc1") };
}

export interface Post extends Values<typeof Post.fields> {}
export class Post extends BaoModel {
  static override modelPrefix = "p";
  static override fields = {
    postId: fields.UlidField({ autoAssign: true }),
    userId: fields.RelatedField("User", { required: true }),
    title: fields.StringField({ required: true }),
    likes: fields.IntegerField(),
    createdAt: fields.CreateDateField(),
  };
  static override primaryKey = PrimaryKeyConfig("postId");
  static override indexes = {
    postsForUser: IndexConfig("userId", "createdAt", "gsi1"),
    allPosts: IndexConfig("modelPrefix", "postId", "gsi2"),
  };
}

export interface Tag extends Values<typeof Tag.fields> {}
export class Tag extends BaoModel {
  static override modelPrefix = "t";
  static override fields = { tagId: fields.StringField({ required: true }), label: fields.StringField() };
  static override primaryKey = PrimaryKeyConfig("tagId");
}

export interface TaggedPost extends Values<typeof TaggedPost.fields> {}
export class TaggedPost extends BaoModel {
  static override modelPrefix = "tp";
  static override tableType = "mapping" as const;
  static override fields = {
    tagId: fields.RelatedField("Tag", { required: true }),
    postId: fields.RelatedField("Post", { required: true }),
  };
  static override primaryKey = PrimaryKeyConfig("tagId", "postId");
  static override indexes = { postsForTag: "primaryKey" as const, tagsForPost: IndexConfig("postId", "tagId", "gsi1") };
}

/** To iterate over, and to search. */
export interface Page extends Values<typeof Page.fields> {}
export class Page extends BaoModel {
  static override modelPrefix = "pg";
  static override iterable = true;
  static override iterationBuckets = 2;
  static override searchable = { fields: ["title"] };
  static override fields = { pageId: fields.StringField(), title: fields.StringField() };
  static override primaryKey = PrimaryKeyConfig("pageId");
}

/** A new table in memory with these models, but for Page, which needs the index to search by. */
export function start(config: BaoConfig = {}) {
  return initModels({
    models: { User, Post, Tag, TaggedPost },
    aws: { region: "us-west-2", endpoint: "memory:" },
    db: { tableName: "face-tests" },
    ...config,
  });
}
