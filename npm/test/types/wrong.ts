/** What must not compile: each line that tsc would let pass is an error here. Never run. */
import { fields, transact } from "../../src/index.js";
import { Post, TaggedPost, User } from "../support/models.js";

export async function names(): Promise<void> {
  // @ts-expect-error no such field
  await User.create({ name: "Ann", nmae: "Ann" });
  // @ts-expect-error a required field is missing
  await User.create({ email: "a@b.c" });
  // @ts-expect-error no such field
  await User.update("id", { nmae: "Ann" });
  // @ts-expect-error a path into a field that has no parts
  await User.update("id", { "name.first": "Ann" });
  // @ts-expect-error a path into JSON, which is one text
  await User.update("id", { "extra.x": 1 });
  // @ts-expect-error the parts of a list have positions
  await User.update("id", { "list.x": 1 });
  // @ts-expect-error a path into a field that is not there
  await User.update("id", {}, { condition: { "settngs.x": 1 } });
  // @ts-expect-error no such field
  (await User.find("id")).nmae;
  // @ts-expect-error no field of the key
  await User.find({ nope: "x" });
  // @ts-expect-error no field of the key, beside one
  await User.find({ userId: "x", nope: "x" });
  // @ts-expect-error half of the key is missing
  await TaggedPost.find({ tagId: "1" });
  // @ts-expect-error no field of the key
  await User.batchFind(["x", { name: "Ann" }]);
  // @ts-expect-error no field of the key
  await User.update({ name: "Ann" }, {});
  // @ts-expect-error no field of the key
  await User.delete({ name: "Ann" });
  // @ts-expect-error a required field has no "no value"
  await User.update("id", { name: null });
  // @ts-expect-error no such index
  await Post.queryByIndex("byNobody", "id");
  // @ts-expect-error no such field
  await Post.queryByIndex("postsForUser", "id", null, { filter: { nope: 1 } });
  // @ts-expect-error no such field, deep in the filter
  await Post.queryByIndex("postsForUser", "id", null, { filter: { $or: [{ $not: { nope: 1 } }] } });
  // @ts-expect-error no such field
  await Post.queryByIndex("postsForUser", "id", null, { relatedFields: ["nope"] });
  // @ts-expect-error no RelatedField
  await Post.queryByIndex("postsForUser", "id", null, { loadRelated: true, relatedFields: ["title"] });
  // @ts-expect-error no such field
  await Post.queryByIndex("postsForUser", "id", null, { attributes: ["nope"] });
  // @ts-expect-error no such constraint
  await User.findByUniqueConstraint("uniqueName", "x");
  // @ts-expect-error no such option
  await User.find("id", { batchDealy: 5 });
  // @ts-expect-error no such option
  fields.StringField({ requird: true });
  // @ts-expect-error an option of another type of field
  fields.StringField({ precision: 2 });
}

export async function options(): Promise<void> {
  // @ts-expect-error an option of a search, beside one of a query
  await Post.queryByIndex("postsForUser", "id", null, { limit: 5, operator: "AND" });
  // @ts-expect-error an option of a scan
  await Post.queryByPrimaryKey("id", null, { limit: 5, totalSegments: 2 });
  // @ts-expect-error an option of a find
  Post.queryPages("postsForUser", "id", null, { limit: 5, bypassCache: true });
  // @ts-expect-error pages have items
  Post.queryPages("postsForUser", "id", null, { countOnly: true });
  // @ts-expect-error no such option, beside one, where the answer is a count
  await Post.queryByIndex("postsForUser", "id", null, { countOnly: true, limt: 5 });
  // @ts-expect-error no such field, beside one
  await Post.queryByIndex("postsForUser", "id", null, { filter: { title: "x", nope: 1 } });
  // @ts-expect-error an option of a query
  await User.find("id", { consistent: true, limit: 5 });
  // @ts-expect-error an option of a query
  await Post.scan({ limit: 5, direction: "DESC" });
  // @ts-expect-error an option of a scan
  await Post.count({ consistent: true, limit: 5 });
  // @ts-expect-error an option of a search
  Post.iterateAll({ batchSize: 5, limit: 5 });
  // @ts-expect-error an option of a query
  await Post.searchAll("word", { limit: 5, startKey: null });
}

export async function operators(): Promise<void> {
  // @ts-expect-error no such operator
  await Post.queryByIndex("postsForUser", "id", null, { filter: { title: { $startsWith: "x" } } });
  // @ts-expect-error no number begins with anything
  await Post.queryByIndex("postsForUser", "id", null, { filter: { likes: { $beginsWith: "1" } } });
  // @ts-expect-error two values
  await Post.queryByIndex("postsForUser", "id", null, { filter: { likes: { $between: [1] } } });
  // @ts-expect-error true or false
  await User.update("id", {}, { condition: { name: { $exists: "yes" } } });
  // @ts-expect-error a list
  await User.update("id", {}, { condition: { name: { $in: "Ann" } } });
  // @ts-expect-error no such operator on a sort key
  await Post.queryByIndex("postsForUser", "id", { $ne: new Date() });
}

export async function collections(): Promise<void> {
  // @ts-expect-error no such field
  await Post.scan({ filter: { nothing: 1 } });
  // @ts-expect-error a number
  await Post.scan({ limit: "5" });
  // @ts-expect-error no such field
  await Post.count({ filter: { nothing: 1 } });
  // @ts-expect-error a number
  Post.iterateBucket("0");
  // @ts-expect-error text
  await Post.batchWrite({ put: [{ userId: "u", title: 5 }] });
  // @ts-expect-error an item of another model
  await Post.batchWrite({ put: [new User({})] });
  // @ts-expect-error no field of the key
  await Post.batchWrite({ delete: [{ title: "t" }] });
}

export async function searches(): Promise<void> {
  // @ts-expect-error no such operator
  await Post.searchAll("word", { operator: "XOR" });
  // @ts-expect-error texts
  await Post.searchAll([1]);
  // @ts-expect-error a number
  await Post.searchBucket("0", "word");
}

export async function transactions(): Promise<void> {
  await transact((tx) => {
    // @ts-expect-error text
    tx.create(Post, { userId: "u", title: 5 });
    // @ts-expect-error no such field
    tx.update(User, "id", { nothing: 1 });
    // @ts-expect-error no such field
    tx.check(User, "id", { condition: { nothing: 1 } });
    // @ts-expect-error a check changes nothing
    tx.check(User, "id", { forceReindex: true });
  });
}

export async function values(user: User): Promise<void> {
  // @ts-expect-error text
  await User.create({ name: 5 });
  // @ts-expect-error a number
  await User.update("id", { age: "5" });
  // @ts-expect-error texts
  await User.update("id", { tags: [1] });
  // @ts-expect-error an addition is "+5"
  await User.update("id", { visits: "5" });
  // @ts-expect-error a date
  await Post.queryByIndex("postsForUser", "id", true);
  // @ts-expect-error text
  await Post.queryByIndex("postsForUser", "id", null, { filter: { title: 5 } });
  // @ts-expect-error text
  await TaggedPost.findByPrimaryKey(5, "post");
  // @ts-expect-error a number
  user.age = "5";
  // @ts-expect-error a direction
  await Post.queryByIndex("postsForUser", "id", null, { direction: "UP" });
  // @ts-expect-error a count has no items
  (await Post.queryByIndex("postsForUser", "id", null, { countOnly: true })).items;
}

export function assigned(user: User): void {
  // @ts-expect-error a mapped type lets only those be assigned that it reads: docs/guide/node.md says what to do
  user.email = null;
  // @ts-expect-error no text
  user.email = 5;
}
