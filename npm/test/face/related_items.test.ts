/** Items that RelatedFields name: through mapping tables, in pages of queries, of instances that were read in part. */
import { beforeEach, describe, expect, it } from "vitest";
import { Post, start, Tag, TaggedPost, User } from "../support/models.js";

let user: any;
let posts: any[];
beforeEach(async () => {
  start();
  user = await User.create({ name: "Ann" });
  await Tag.create({ tagId: "t", label: "Tag" });
  posts = [];
  for (const title of ["A", "B"]) {
    const post: any = await Post.create({ postId: `01ARZ3NDEKTSV4RRFFQ69G5FA${title}`, userId: user, title });
    posts.push(post);
    await TaggedPost.create({ tagId: "t", postId: post.postId });
  }
});

describe("a field that is no RelatedField", () => {
  it.each(["zz", "title", "__proto__"])("is refused where its items are asked for (%s)", async (field) => {
    const refused = (model: string) => ({ name: "QueryError", modelName: model, fieldName: field, message: `${model}.${field} is no RelatedField` });
    await expect(TaggedPost.getRelatedObjectsViaMap("postsForTag", "t", field)).rejects.toMatchObject(refused("TaggedPost"));
    const options = { loadRelated: true, relatedOnly: true, relatedFields: [field] as any };
    await expect(Post.queryByIndex("postsForUser", user, null, options)).rejects.toMatchObject(refused("Post"));
    expect((await TaggedPost.getRelatedObjectsViaMap("postsForTag", "t", "postId")).items).toMatchObject([{ title: "A" }, { title: "B" }]);
  });
});

describe("a name that is no RelatedField's", () => {
  const message = (name: string, meant?: string) => ({
    name: "QueryError", modelName: "Post", fieldName: name, message: `Post.${name} is no RelatedField${meant ? `; did you mean '${meant}'?` : ""}`,
  });

  it("is refused by queries, before anything is sent, and with what was meant", async () => {
    for (const [name, meant] of [["usrId", "userId"], ["user", "userId"], ["userID", "userId"], ["title", undefined], ["nobody", undefined], ["__proto__", undefined]] as const) {
      const read = Post.queryByIndex("postsForUser", user, null, { loadRelated: true, relatedFields: ["userId", name as any] });
      await expect(read, name).rejects.toMatchObject(message(name, meant));
    }
    expect((await Post.queryByIndex("postsForUser", user, null, { loadRelated: true, relatedFields: ["userId"] })).items[0]!.getRelated("userId").name).toBe("Ann");
    expect((await Post.queryByIndex("postsForUser", user, null, { loadRelated: true, relatedFields: [] })).items[0]!.getRelated("userId")).toBe(null);
  });

  it("is in a list, or alone where an instance is asked", async () => {
    const wrong = { name: "QueryError", modelName: "Post", message: expect.stringMatching(/^Post: relatedFields must be a list of names of RelatedFields, not /) };
    for (const relatedFields of [5, {}, "userId"] as any[]) {
      await expect(Post.queryByIndex("postsForUser", user, null, { loadRelated: true, relatedFields })).rejects.toMatchObject(wrong);
    }
    const post: any = await Post.find(posts[0].postId);
    for (const names of [5, { loaderContext: {} }]) await expect(post.loadRelatedData(names)).rejects.toMatchObject(wrong);
    await post.loadRelatedData("userIdd").catch(() => {});
    expect(post.getRelated("userId")).toBe(null);
    expect((await post.loadRelatedData("userId")).getRelated("userId").name).toBe("Ann");
  });

  // The guide's own sample names a StringField.
  it("is refused by instances where it is nearly one; others pass, as they always did", async () => {
    const post = await Post.find(posts[0].postId);
    for (const [name, meant] of [["usrId", "userId"], ["user", "userId"]] as const) {
      await expect(post.loadRelatedData(["userId", name]), name).rejects.toMatchObject(message(name, meant));
    }
    expect(post.getRelated("userId")).toBe(null);
    for (const names of [["unknown"], ["title"], ["unknown", "title", "userId"]]) expect(await post.loadRelatedData(names)).toBe(post);
    expect(post.getRelated("userId").name).toBe("Ann");
  });
});

describe("names of RelatedFields to load", () => {
  const wrong = (message: string) => ({ name: "QueryError", modelName: "Post", indexName: "postsForUser", message: `Post: ${message}` });
  const read = (options: any): Promise<any> => Post.queryByIndex("postsForUser", user, null, options);

  it("are refused where nobody asked to load any", async () => {
    for (const more of [{}, { loadRelated: undefined }, { loadRelated: null }, { countOnly: true }]) {
      const options = { relatedFields: ["userId"], ...more } as any;
      await expect(read(options), JSON.stringify(more)).rejects.toMatchObject(wrong("relatedFields requires loadRelated to be true"));
      await expect(Post.queryPages("postsForUser", user, null, { ...options, countOnly: false }).next()).rejects.toMatchObject(wrong("relatedFields requires loadRelated to be true"));
    }
    await expect(read({ relatedOnly: true, relatedFields: ["userId"] })).rejects.toMatchObject(wrong("relatedOnly requires loadRelated to be true"));
    await expect(read({ relatedOnly: true, loadRelated: true })).rejects.toMatchObject(wrong("relatedOnly requires a single entry in relatedFields"));
  });

  it("are kept for another time where loadRelated is false, and none is nothing to load", async () => {
    for (const options of [{ loadRelated: false, relatedFields: ["userId"] }, { relatedFields: [] }, { relatedFields: undefined }, { relatedFields: null }]) {
      const { items } = await read(options);
      expect([items.length, items[0].getRelated("userId")]).toEqual([2, null]);
    }
  });
});

describe("an instance that was read in part", () => {
  const read = async (attributes: any[], more: object = {}): Promise<any> =>
    (await Post.queryByIndex("allPosts", "p", null, { attributes, limit: 1, ...more })).items[0];
  const refused = {
    name: "ValidationError",
    modelName: "Post",
    fieldName: "userId",
    message: "Post.userId was not read (`attributes`): what it names is not known",
  };

  it("does not say of an item which it did not read that there is none", async () => {
    const post = await read(["title"]);
    await expect(post.getOrLoadRelatedField("userId")).rejects.toMatchObject(refused);
    await expect(post.getUser()).rejects.toMatchObject(refused);
    await expect(post.loadRelatedData(["userId"])).rejects.toMatchObject(refused);
    for (const relatedOnly of [false, true]) {
      await expect(read(["title"], { loadRelated: true, relatedFields: ["userId"], relatedOnly })).rejects.toMatchObject(refused);
    }
  });

  it("gives what it read, or was given", async () => {
    expect((await (await read(["userId"])).getUser()).name).toBe("Ann");
    const post = await read(["title"]);
    expect(await post.loadRelatedData()).toBe(post);
    post.userId = user;
    expect((await post.getUser()).name).toBe("Ann");
    const tagged: any = (await TaggedPost.queryByIndex("postsForTag", "t", null, { attributes: ["tagId", "postId"] })).items[0];
    expect((await tagged.getPost()).title).toBe("A");
  });
});

describe("without instances (returnWrapped: false)", () => {
  const plain = { loadRelated: true, returnWrapped: false } as const;

  it("the items that a field names are plain objects, too", async () => {
    const { items } = await TaggedPost.queryByIndex("postsForTag", "t", null, { ...plain, relatedFields: ["postId"], relatedOnly: true });
    expect(items.map((item: any) => [Object.getPrototypeOf(item), item.title, item.tagId])).toEqual([[Object.prototype, "A", undefined], [Object.prototype, "B", undefined]]);
    await Post.delete(posts[0].postId);
    expect((await TaggedPost.queryByIndex("postsForTag", "t", null, { ...plain, relatedFields: ["postId"], relatedOnly: true })).items).toMatchObject([{ title: "B" }]);
  });

  it("there is nothing to load related items into", async () => {
    for (const options of [plain, { ...plain, relatedFields: ["userId" as const] }, { ...plain, relatedOnly: false }]) {
      const refused = { name: "QueryError", modelName: "Post", message: "Post: loadRelated with returnWrapped: false requires relatedOnly" };
      await expect(Post.queryByIndex("postsForUser", user, null, options)).rejects.toMatchObject(refused);
    }
    expect((await Post.queryByIndex("allPosts", "p", null, { loadRelated: false, returnWrapped: false })).items).toMatchObject([{ title: "A" }, { title: "B" }]);
    expect(await Post.queryByIndex("postsForUser", user, null, { ...plain, countOnly: true })).toMatchObject({ count: 2 });
  });
});
