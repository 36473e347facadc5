/** What must compile. Never run: tsc reads it with the other tests. */
import { type AssignedValue, BaoModel, fields, type QueryResult, transact, type Transaction, type Values } from "../../src/index.js";
import { Post, TaggedPost, User } from "../support/models.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

export async function reading(): Promise<void> {
  const user = await User.find("id");
  same<typeof user, User>(true);
  same<typeof user.name, string>(true);
  same<typeof user.email, string | undefined>(true);
  same<typeof user.age, number | null>(true);
  same<typeof user.born, Date | null>(true);
  same<typeof user.tags, Set<string>>(true);
  same<typeof user.createdAt, Date>(true);
  await User.find({ userId: "id" }, { consistent: true, loaderContext: {}, batchDelay: 5 });
  await User.find(user);
  await User.update({ userId: user.email }, { name: undefined, email: null });
  await TaggedPost.find({ tagId: "1", postId: "2" });
  await (User as typeof BaoModel).find({ any: "field" });
  await TaggedPost.findByPrimaryKey("tag", "post");
  const many = await User.batchFind(["a"]);
  same<typeof many.items, Record<string, User>>(true);
  await User.findByUniqueConstraint("uniqueEmail", "a@b.c");
}

export async function queries(user: User): Promise<void> {
  const page = await Post.queryByIndex("postsForUser", user, { $gt: new Date() }, {
    filter: { title: { $beginsWith: "x", $contains: "y" }, likes: { $between: [1, 2] }, $or: [{ likes: null }, { $not: { title: "z" } }] },
    relatedFields: ["userId"],
    limit: null,
  });
  same<typeof page, QueryResult<Post>>(true);
  const counted = await Post.queryByIndex("postsForUser", "id", null, { countOnly: true });
  same<typeof counted.count, number>(true);
  await Post.queryByIndex("allPosts", "p");
  await TaggedPost.queryByIndex("postsForTag", "tag", { $beginsWith: "a" });
  for await (const each of Post.queryPages("postsForUser", user)) same<typeof each, QueryResult<Post>>(true);
}

export async function collections(): Promise<void> {
  const page = await Post.scan({ filter: { likes: { $gt: 3 } }, segment: 0, totalSegments: 2, attributes: ["title"] });
  same<typeof page, QueryResult<Post>>(true);
  const count = await Post.count({ filter: { title: "x" }, index: "allPosts" });
  same<typeof count, number>(true);
  for await (const posts of Post.iterateAll({ batchSize: 10 })) same<typeof posts, Post[]>(true);
  for await (const posts of Post.iterateBucket(0)) same<typeof posts, Post[]>(true);
  const { items } = await Post.batchWrite({ put: [{ userId: "u", title: "t" }, new Post({})], delete: ["id", { postId: "id" }, new Post({})] });
  same<typeof items, Post[]>(true);
}

export async function searches(): Promise<void> {
  const found = await Post.searchAll('word "a phrase"', { operator: "OR", limit: Infinity, parallel: true, filter: { title: { $exists: true } } });
  same<typeof found.items, Post[]>(true);
  same<typeof found.cursor, string | null>(true);
  await Post.searchBucket(0, ["word"], { cursor: found.cursor, signal: new AbortController().signal });
  const terms: string[] = Post.tokenizeSearchQuery("a b");
  const term: string = Post.normalizeSearchTerm(terms[0]!);
  void term;
}

export async function transactions(user: User): Promise<void> {
  const made = await transact((tx) => {
    tx.update(User, "id", { visits: "+5" }, { condition: { name: "Ann" } });
    tx.delete(Post, "id", { condition: { likes: 0 } });
    tx.check(User, { userId: "id" }, { condition: { age: { $exists: true } } });
    tx.delete(User, user);
    const saved: User = tx.save(user, { constraints: { mustExist: true } });
    return { post: tx.create(Post, { userId: user, title: "t" }), saved };
  });
  same<typeof made.post, Post>(true);
  await transact(async (tx: Transaction) => void tx.check(User, "id"), { signal: new AbortController().signal });
}

export async function writes(user: User): Promise<void> {
  await User.create({ name: "Ann", age: 5n, tags: ["a"], born: "2020-01-01", visits: 1, email: null, score: undefined });
  await User.update("id", { visits: "+5", age: null, tags: new Set(["a"]) }, { condition: { age: { $exists: true } } });
  await User.update("id", { "settings.theme": "dark", 'settings["a.b"]': null, "list[0]": 5, "list[1].x": true }, { condition: { "settings.theme": { $ne: "dark" } } });
  await User.delete({ userId: "id" }, { condition: { name: "Ann" } });
  await Post.create({ userId: user, title: "t" });
  user.name = "Bea";
  user.tags.add("c");
  const saved: User = await user.save({ constraints: { mustExist: true, fieldMatches: ["name"] } });
  await saved.delete();
}

/** Classes without precise types, as JavaScript has them, are left alone. */
export async function loose(model: typeof BaoModel): Promise<void> {
  await model.create({ anything: 1 });
  await model.queryByIndex("any", 5, { $gt: 1 }, { filter: { anything: { $size: 3 } } });
}

export interface Mixed extends Values<typeof Mixed.fields> {}
export class Mixed extends BaoModel {
  static override fields = {
    a: fields.StringField({ defaultValue: "x" }),
    b: fields.IntegerField({ required: true }),
    c: fields.JsonField(),
    d: fields.VersionField(),
  };
}
export const mixed = (each: Mixed): [string, number, unknown, string] => [each.a, each.b, each.c, each.d];
export const creates = (): Promise<Mixed> => Mixed.create({ b: 1 });

/** By hand, accessors say for which fields more may be assigned than is read. */
export interface Written extends Values<typeof Written.fields> {
  get a(): string | undefined;
  set a(value: AssignedValue<typeof Written.fields.a>);
  get n(): number;
  set n(value: AssignedValue<typeof Written.fields.n>);
}
export class Written extends BaoModel {
  static override fields = { a: fields.StringField(), n: fields.CounterField(), b: fields.StringField() };
}
export const written = (each: Written): [string | undefined, number] => {
  each.a = null;
  each.n = "+1";
  each.b = "x";
  return [each.a, each.n];
};
same<AssignedValue<typeof User.fields.name>, string>(true);
same<AssignedValue<typeof User.fields.born>, Date | number | string | null | undefined>(true);
