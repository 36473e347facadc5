/**
 * Beside the older package: tests/interop between both, and models that its own bao-codegen generated, used as they are. Needs
 * dist/ and the peers (./dev setup).
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const peers = process.env["BAO_PEERS_DIR"] ?? path("../../../build/peers");
const olderPackage = join(peers, "node_modules", "dynamo-bao");
// CI has the peers: there a missing one is a failure.
const there = existsSync(olderPackage) || process.env["CI"] !== undefined;

const definitions = `
models:
  User:
    modelPrefix: u
    fields:
      userId: {type: UlidField, autoAssign: true}
      name: {type: StringField, required: true}
      email: {type: EmailField, required: true}
      status: {type: StringField, required: true}
      logins: {type: CounterField}
      createdAt: {type: CreateDateField}
    primaryKey: {partitionKey: userId}
    indexes:
      allUsers: {partitionKey: modelPrefix, sortKey: userId, indexId: gsi1}
      byStatus: {partitionKey: status, sortKey: createdAt, indexId: gsi2}
    uniqueConstraints:
      uniqueEmail: {field: email, uniqueConstraintId: uc1}
  Post:
    modelPrefix: p
    fields:
      postId: {type: UlidField, autoAssign: true}
      userId: {type: RelatedField, model: User, required: true}
      title: {type: StringField, required: true}
      createdAt: {type: CreateDateField}
    primaryKey: {partitionKey: postId}
    indexes:
      postsForUser: {partitionKey: userId, sortKey: createdAt, indexId: gsi1}
  Tag:
    modelPrefix: t
    fields:
      tagId: {type: UlidField, autoAssign: true}
      name: {type: StringField, required: true}
    primaryKey: {partitionKey: tagId}
  TaggedPost:
    modelPrefix: tp
    tableType: mapping
    fields:
      tagId: {type: RelatedField, model: Tag, required: true}
      postId: {type: RelatedField, model: Post, required: true}
      createdAt: {type: CreateDateField}
    primaryKey: {partitionKey: tagId, sortKey: postId}
    indexes:
      postsForTag: primaryKey
      tagsForPost: {partitionKey: postId, sortKey: tagId, indexId: gsi1}
`;

const emailField = `
const { StringFieldClass } = require("dynamo-bao/src/fields.js");
class EmailFieldClass extends StringFieldClass {
  validate(value) {
    super.validate(value);
    if (typeof value === "string" && !value.includes("@")) throw new Error("no address: " + value);
    return true;
  }
  toDy(value) {
    return value.toLowerCase();
  }
}
module.exports = { EmailField: (options) => new EmailFieldClass(options) };
`;

const program = `
const { initModels, runWithBatchContext } = require("dynamo-bao");
const path = require("node:path");
const manager = initModels({ aws: { endpoint: "memory:" }, paths: { modelsDir: path.join(__dirname, "models") } });
const { User, Post, Tag, TaggedPost } = manager.models;

async function main() {
  const ann = await User.create({ name: "Ann", email: "Ann@Example.com", status: "active" });
  const bob = await User.create({ name: "Bob", email: "bob@example.com", status: "away" });
  const posts = [];
  for (const title of ["one", "two"]) posts.push(await Post.create({ userId: ann.userId, title }));
  const tag = await Tag.create({ name: "news" });
  for (const post of posts) await TaggedPost.create({ tagId: tag.tagId, postId: post.postId });
  const refused = await User.create({ name: "Cy", email: "nowhere", status: "active" }).catch((error) => error.message);
  const clash = await User.create({ name: "Di", email: "BOB@example.com", status: "active" }).catch((error) => error.name);
  await User.update(bob.userId, { logins: "+2", status: "active" });
  const names = ({ items }) => items.map((item) => item.name ?? item.title);
  console.log(JSON.stringify({
    formats: Object.values(manager.models).map((model) => model.keyFormat),
    all: names(await User.queryAllUsers()),
    active: names(await User.queryByIndex("byStatus", "active")).sort(), // two creates in one millisecond have no order
    byEmail: (await User.findByEmail("bob@example.com")).logins,
    posts: names(await ann.queryPosts()).sort(),
    author: (await posts[0].getUser()).name,
    tagged: names(await tag.getPosts()).sort(),
    tags: names(await posts[1].getTags()),
    stored: (await User.find(ann.userId)).email,
    refused,
    clash,
    batch: await runWithBatchContext(async () => (await Promise.all(posts.map((post) => Post.find(post.postId)))).map((post) => post.title)),
  }));
}
main();
`;

describe.skipIf(!there)("the older package", () => {
  let project: string;

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "bao-older-"));
    mkdirSync(join(project, "node_modules"));
    mkdirSync(join(project, "fields"));
    writeFileSync(join(project, "package.json"), '{"name": "user", "private": true}');
    writeFileSync(join(project, "models.yaml"), definitions);
    writeFileSync(join(project, "fields", "email-field.js"), emailField);
    writeFileSync(join(project, "main.cjs"), program);
    writeFileSync(join(project, "config.js"), 'module.exports = { paths: { fieldsDir: "./fields" } };');
    const link = join(project, "node_modules", "dynamo-bao");
    symlinkSync(olderPackage, link);
    const codegen = join(olderPackage, "bin", "codegen.js");
    await run(process.execPath, [codegen, "models.yaml", "models"], { cwd: project, env: { ...process.env, DYNAMO_BAO_CONFIG: join(project, "config.js") } });
    unlinkSync(link);
    symlinkSync(path("../.."), link);
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("generated models that work as they are", async () => {
    const files = readdirSync(join(project, "models"));
    expect(files.sort()).toEqual(["post.js", "tag.js", "tagged-post.js", "user.js"]);
    expect(readFileSync(join(project, "models", "user.js"), "utf8")).toMatch(/dynamo-bao\/src\/model\.js/);
    const { stdout } = await run(process.execPath, ["main.cjs"], { cwd: project });
    expect(JSON.parse(stdout)).toEqual({
      formats: [1, 1, 1, 1],
      all: ["Ann", "Bob"],
      active: ["Ann", "Bob"],
      byEmail: 2,
      posts: ["one", "two"],
      author: "Ann",
      tagged: ["one", "two"],
      tags: ["news"],
      stored: "ann@example.com",
      refused: "no address: nowhere",
      clash: "ConditionalError",
      batch: ["one", "two"],
    });
  });

  it("and this one read, change and delete each other's items", async () => {
    const { stdout } = await run(process.execPath, [path("../../../tests/interop/run.mjs"), "npm"], { env: { ...process.env, BAO_PEERS_DIR: peers } });
    expect(stdout).toMatch(/; 0 steps failed/);
  }, 60_000);
});
