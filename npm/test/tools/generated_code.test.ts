/** Generated models, run on the package in memory as a program of Node's runs them: CommonJS, ES modules, and both mixed. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { goldens, npmFolder, temporaryFolder } from "./support.js";

const program = `
import assert from "node:assert/strict";
import { initModels, runWithBatchContext } from "dynamo-bao";
import generatedModels from "./.bao/models.js";
import * as named from "./models/index.js";

assert.equal(named.User, generatedModels.User);
const manager = initModels({ models: generatedModels, aws: { endpoint: "memory:" } });
const { User, Post, Comment, Tag, TaggedPost } = manager.models;
assert.deepEqual(manager.listModels().sort(), ["Comment", "Post", "Tag", "TaggedPost", "User"]);

const boss = await User.create({ email: "boss@x.org", handle: "boss" });
const user = await User.create({ email: "user@x.org", bossId: boss });
const post = await Post.create({ userId: user, title: "A title" });
const comment = await Comment.create({ postId: post.postId, author: user, text: "A text" });
const tag = await Tag.create({ name: "a tag" });
await TaggedPost.create({ tagId: tag, postId: post });

assert.equal((await user.getBoss()).email, "boss@x.org");
assert.equal(await boss.getBoss(), null);
assert.equal((await User.findByEmail("user@x.org")).userId, user.userId);
assert.equal((await User.findByHandle("boss")).userId, boss.userId);
assert.equal((await User.findByHandle("nobody")).exists(), false);
assert.equal((await boss.queryReports()).items[0].userId, user.userId);
assert.equal((await User.queryByStatus("new")).count, 2);
assert.equal((await User.queryByStatus({ $beginsWith: "o" })).count, 0);
assert.equal((await Post.queryAllPosts(null, { limit: 1 })).items[0].title, "A title");
assert.equal((await user.queryByAuthor()).items[0].title, "A title");
assert.equal((await user.queryCommentsByAuthor()).items[0].text, "A text");
assert.equal((await post.queryComments()).items[0].commentId, comment.commentId);
assert.equal((await tag.getPosts()).items[0].title, "A title");
assert.equal((await tag.getRecentPosts(null, 5, "DESC")).items[0].title, "A title");
assert.equal((await post.getTags()).items[0].name, "a tag");
assert.equal((await Post.queryByIndex("byId", post.postId)).count, 1);
const mapping = (await TaggedPost.queryByIndex("postsForTag", tag.tagId)).items[0];
assert.equal((await mapping.getPost()).title, "A title");
await runWithBatchContext(async () => {
  const [one, two] = await Promise.all([User.find(user.userId), User.find(user.userId)]);
  assert.equal(one, two);
});
console.log("done");
`;

const everything = `
import assert from "node:assert/strict";
import { initModels } from "dynamo-bao";
import generatedModels from "./.bao/models.js";

// The core has no search yet.
generatedModels.Everything.searchable = false;
const { Everything } = initModels({ models: generatedModels, aws: { endpoint: "memory:" } }).models;
const made = await Everything.create({ whole: 5 });
const item = await Everything.find(made.getPrimaryId(), { bypassCache: true });
assert.equal(item.text, 'a "quoted"\\tdefault\\nof two lines');
assert.equal(item.real, 0.25);
assert.equal(item.flag, false);
assert.deepEqual([...item.bytes], [0, 1, 2, 127]);
assert.deepEqual([...item.tags].sort(), ["green", "red"]);
assert.equal(item.at.toISOString(), "2024-05-31T12:00:00.000Z");
assert.equal(item.visits, 3);
assert.deepEqual(item.settings, { theme: "dark", sizes: [1, 2.5], nested: { on: true, off: null } });
assert.deepEqual(item.steps, ["first", 2]);
assert.deepEqual(item.raw, { any: [1, "x", null] });
const smallest = await Everything.create({});
assert.equal((await Everything.find(smallest.getPrimaryId())).whole, -9223372036854775808n);
console.log("done");
`;

const customFields = `
import assert from "node:assert/strict";
import { initModels } from "dynamo-bao";
import generatedModels from "./.bao/models.js";
import fields from "../../cpp/custom_fields/fields/money_field.js";

const { Money } = fields;
const { Account } = initModels({ models: generatedModels, aws: { endpoint: "memory:" } }).models;
const made = await Account.create({ email: "Ann@X.com", balance: new Money(250) });
const item = await Account.find(made.id, { bypassCache: true });
assert.deepEqual([item.email, item.backup, item.balance.cents, item.level], ["ann@x.com", "nobody@x.com", 250, "basic"]);
assert.deepEqual((await Account.findByEmail("ANN@x.com")).id, made.id);
assert.equal((await Account.queryByIndex("byEmail", "ann@x.com", { $gt: new Money(100) })).count, 1);
await assert.rejects(Account.create({ email: "ann@elsewhere.com" }), new RangeError("email: ann@elsewhere.com is of no domain that we take"));
const owned = await Account.create({ email: "bob@y.com", owner: made, level: "more" });
assert.equal((await owned.getOwner()).email, "ann@x.com");
assert.equal((await Account.find(owned.id)).level, "more");
console.log("done");
`;

async function output(form: string, golden: string, text: string, type: "commonjs" | "module"): Promise<string> {
  const all = temporaryFolder();
  const folder = join(all, form, golden);
  mkdirSync(join(all, "node_modules"));
  symlinkSync(npmFolder, join(all, "node_modules/dynamo-bao"));
  cpSync(join(goldens, form, golden), folder, { recursive: true });
  cpSync(join(goldens, "cpp/custom_fields/fields"), join(all, "cpp/custom_fields/fields"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
  writeFileSync(join(folder, "program.mjs"), text);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["program.mjs"], { cwd: folder, timeout: 15_000 });
  return stdout + stderr;
}

it("CommonJS models, from an ES module", async () => {
  expect(await output("commonjs", "blog", program, "commonjs")).toBe("done\n");
});

it("ES modules", async () => {
  expect(await output("esm", "blog", program, "module")).toBe("done\n");
});

it("every field type, with its default value", async () => {
  expect(await output("commonjs", "field_types", everything, "commonjs")).toBe("done\n");
});

it("custom field types from paths.fieldsDir, classes and functions", async () => {
  expect(await output("commonjs", "custom_fields", customFields, "commonjs")).toBe("done\n");
  expect(await output("esm", "custom_fields", customFields, "module")).toBe("done\n");
});

it("CommonJS models, from CommonJS", async () => {
  const text = program
    .replace(/import (.+) from (".+?");/g, (_, what: string, from: string) => `const ${what.replace("* as ", "")} = require(${from});`)
    .replace("\nassert.equal(named", "\n(async () => {\nassert.equal(named");
  const common = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n${text}\n})();\n`;
  expect(await output("commonjs", "blog", common, "commonjs")).toBe("done\n");
});
