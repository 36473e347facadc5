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
    const post: any = await Post.create({ userId: user, title });
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
