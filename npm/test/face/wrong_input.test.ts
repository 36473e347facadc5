/** What callers in plain JavaScript, or with a value that they forgot, may hand over: errors that say what is wrong, and of which field or option. */
import { beforeEach, describe, expect, it } from "vitest";
import { Post, start, User } from "../support/models.js";
import { transact } from "../support/node.js";

beforeEach(() => void start());

describe("undefined in a condition", () => {
  const conditions: [Record<string, any>, string][] = [
    [{ name: undefined }, "name"],
    [{ age: 1, name: undefined }, "name"],
    [{ nope: undefined }, "nope"],
    [{ "settings.x": undefined }, "settings.x"],
    [{ name: { $eq: undefined } }, "name"],
    [{ name: { $eq: "a", $ne: undefined } }, "name"],
    [{ name: { $in: ["a", undefined] } }, "name"],
    [{ age: { $between: [undefined, 2] } }, "age"],
    [{ $or: [{ age: 1 }, { name: undefined }] }, "name"],
    [{ $and: [{ $not: { name: { $gt: undefined } } }] }, "name"],
    [{ $not: { name: undefined } }, "name"],
    [{ $or: undefined }, "$or"],
    [{ $and: undefined }, "$and"],
    [{ $not: undefined }, "$not"],
  ];

  it("is refused by the field's name, and nothing is written or deleted", async () => {
    const user = await User.create({ name: "Ann" });
    for (const [condition, fieldName] of conditions) {
      const refused = { name: "QueryError", modelName: "User", fieldName, message: expect.stringMatching(/^User\..* is undefined/) };
      const attempts: [string, () => Promise<unknown>][] = [
        ["create", () => User.create({ name: "Bea" }, { condition })],
        ["update", () => User.update(user.userId, { name: "Bea" }, { condition })],
        ["delete", () => User.delete(user.userId, { condition })],
        ["instance.delete", () => user.delete({ condition })],
        ["instance.save", () => ((user.age = 3), user.save({ condition }))],
        ["transact", () => transact((tx) => void tx.delete(User, user.userId, { condition }))],
        ["scan", () => User.scan({ filter: condition })],
        ["count", () => User.count({ filter: condition })],
      ];
      for (const [name, attempt] of attempts) await expect(attempt(), `${name} ${JSON.stringify(condition)}`).rejects.toMatchObject(refused);
    }
    expect(await User.count()).toBe(1);
    expect(await User.find(user.userId)).toMatchObject({ name: "Ann", age: null });
  });

  it("of a sort key is refused with the index", async () => {
    for (const sort of [{ $gt: undefined }, { $between: ["a", undefined] }, { $gt: "a", $lt: undefined }] as any[]) {
      const refused = { name: "QueryError", modelName: "Post", fieldName: "postId", indexName: "allPosts" };
      await expect(Post.queryByIndex("allPosts", "p", sort)).rejects.toMatchObject(refused);
    }
    expect((await Post.queryByIndex("allPosts", "p", undefined)).count).toBe(0);
  });

  it("is not meant where a condition, or a member of a map to compare with, is left out", async () => {
    const user = await User.create({ name: "Ann", settings: { a: 1 } });
    expect(await User.count({ filter: { settings: { a: 1, b: undefined } } })).toBe(1);
    expect(await User.count({ filter: { email: null } })).toBe(1);
    expect(await User.count({ filter: undefined })).toBe(1);
    await User.delete(user.userId, { condition: undefined });
    expect(await User.count()).toBe(0);
  });
});
