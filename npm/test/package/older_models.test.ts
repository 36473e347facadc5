/**
 * Beside the older package: tests/interop between both, and models that its own bao-codegen generated, used as they are. Needs
 * dist/ and the peers (./dev setup).
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
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
  Everything:
    modelPrefix: e
    iterable: true
    iterationBuckets: 4
    fields:
      id: {type: UlidField, autoAssign: true}
      text: {type: StringField, defaultValue: none}
      whole: {type: IntegerField}
      real: {type: FloatField}
      flag: {type: BooleanField}
      bytes: {type: BinaryField}
      tags: {type: StringSetField}
      at: {type: DateTimeField}
      createdAt: {type: CreateDateField}
      changedAt: {type: ModifiedDateField}
      ttl: {type: TtlField}
      version: {type: VersionField}
      visits: {type: CounterField}
      owner: {type: RelatedField, model: User}
      rank: {type: RankField, ceiling: 100}
      total: {type: TotalField}
    primaryKey: {partitionKey: id}
    indexes:
      byFlag: {partitionKey: flag, sortKey: at, indexId: gsi1}
      byReal: {partitionKey: modelPrefix, sortKey: real, indexId: gsi2}
      byRank: {partitionKey: modelPrefix, sortKey: rank, indexId: gsi3}
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

// What makes its own keys and updates, as the older package asks for it.
const rankField = `
const { IntegerFieldClass } = require("dynamo-bao/src/fields.js");
class RankFieldClass extends IntegerFieldClass {
  toGsi(value) {
    return super.toGsi(this.options.ceiling - value);
  }
}
module.exports = { RankField: (options) => new RankFieldClass(options) };
`;
const totalField = `
const { IntegerFieldClass } = require("dynamo-bao/src/fields.js");
class TotalFieldClass extends IntegerFieldClass {
  getUpdateExpression(fieldName, value) {
    const plain = super.getUpdateExpression(fieldName, value);
    if (plain.type !== "SET") return plain;
    const { attrNameKey, attrValueKey } = plain;
    return { ...plain, expression: attrNameKey + " = if_not_exists(" + attrNameKey + ", " + attrValueKey + ") + " + attrValueKey };
  }
}
module.exports = { TotalField: (options) => new TotalFieldClass(options) };
`;

const everything = `
const { initModels, TenantContext } = require("dynamo-bao");
const path = require("node:path");
const manager = initModels({ aws: { endpoint: "memory:" }, paths: { modelsDir: path.join(__dirname, "models") }, tenancy: { enabled: true } });
const { Everything, User } = manager.models;
const calls = [];
Everything.registerPlugin({
  beforeSave: async (changes, options) => void calls.push("beforeSave " + options.isNew),
  afterSave: async () => void calls.push("afterSave"),
  beforeDelete: async () => void calls.push("beforeDelete"),
  afterDelete: async () => void calls.push("afterDelete"),
  methods: { shout() { return this.text.toUpperCase(); } },
});
const inTenant = (id, work) => TenantContext.runWithTenant(id, work);

async function main() {
  const missing = await Everything.create({}).catch((error) => error.message);
  const owner = await inTenant("a", () => User.create({ name: "Ann", email: "ann@x.org", status: "active" }));
  const given = {
    whole: 42, real: 1.5, flag: true, bytes: Buffer.from([1, 2, 3]), tags: new Set(["x", "y"]), at: new Date(5000), ttl: new Date("2100-01-01T00:00:00Z"),
    owner: owner.userId, rank: 7, total: 1,
  };
  await inTenant("a", async () => {
    const made = await Everything.create(given);
    const found = await Everything.find(made.id, { bypassCache: true });
    const version = found.version;
    found.tags.add("z");
    found.visits = "+3";
    found.total = 5;
    await found.save();
    await Everything.create({ real: -2, rank: 9, at: new Date(1), flag: true });
    await Everything.create({ real: 10, rank: 8 });
    const again = await Everything.find(made.id);
    const count = async (pages) => { let n = 0; for await (const batch of pages) n += batch.length; return n; };
    console.log(JSON.stringify({
      missing,
      values: { text: again.text, whole: again.whole, real: again.real, flag: again.flag, bytes: [...again.bytes], tags: [...again.tags].sort(), at: again.at.getTime(), ttl: again.ttl.toISOString(), visits: again.visits, total: again.total, rank: again.rank },
      dates: [again.createdAt, again.changedAt].map((date) => date instanceof Date),
      newVersion: again.version !== version,
      owner: (await again.getOwner()).name,
      shout: again.shout(),
      byFlag: (await Everything.queryByIndex("byFlag", true, { $gt: new Date(10) })).items.length,
      byRank: (await Everything.queryByRank()).items.map((item) => item.rank),
      rank: (await Everything.queryByRank({ $eq: 8 })).items.map((item) => item.real),
      iterated: await count(Everything.iterateAll()),
      buckets: Everything.getIterationBuckets(),
      bucket: (await Promise.all([0, 1, 2, 3].map((n) => count(Everything.iterateBucket(n))))).reduce((a, b) => a + b),
      elsewhere: await inTenant("b", async () => [(await Everything.find(made.id)).exists(), await count(Everything.iterateAll())]),
      deleted: (await Everything.delete(made.id)).whole,
      gone: (await Everything.find(made.id)).exists(),
    }));
  });
  console.log(JSON.stringify(calls));
}
main();
`;

// Run with either package: the older one has no endpoint, so its requests are led to the engine.
const shared = `
const { initModels } = require("dynamo-bao");
const path = require("node:path");
const [endpoint, step, id] = process.argv.slice(2);
const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const request = input instanceof Request ? input : new Request(input, init);
  return fetch(endpoint, { method: "POST", headers: request.headers, body: await request.text() });
};
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const models = Object.fromEntries(["everything", "user"].flatMap((name) => Object.entries(require(path.join(__dirname, "models", name + ".js")))));
const { Everything } = initModels({ models, aws: { region: "us-west-2", endpoint, credentials }, db: { tableName: "shared" }, logging: { level: "OFF" } }).models;
const steps = {
  async write() {
    const ids = [];
    for (const rank of [7, 9, 8]) ids.push((await Everything.create({ rank, total: 1, real: rank / 2, tags: new Set([String(rank)]) })).id);
    return ids;
  },
  async change() {
    await Everything.update(id, { rank: 1, total: 5 });
    const item = await Everything.find(id);
    item.total = 10;
    await item.save();
    return [item.rank, item.total];
  },
  async read() {
    const ranks = ({ items }) => items.map((item) => [item.rank, item.total]);
    return [ranks(await Everything.queryByRank()), ranks(await Everything.queryByRank({ rank: 8 })), ranks(await Everything.queryByRank({ rank: { $lte: 8 } }))];
  },
  async clear() {
    for (const item of (await Everything.queryByRank()).items) await Everything.delete(item.id);
  },
};
steps[step]().then((result) => console.log(JSON.stringify(result ?? null)));
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
    writeFileSync(join(project, "fields", "rank-field.js"), rankField);
    writeFileSync(join(project, "fields", "total-field.js"), totalField);
    writeFileSync(join(project, "main.cjs"), program);
    writeFileSync(join(project, "everything.cjs"), everything);
    writeFileSync(join(project, "shared.cjs"), shared);
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
    expect(files.sort()).toEqual(["everything.js", "post.js", "tag.js", "tagged-post.js", "user.js"]);
    expect(readFileSync(join(project, "models", "user.js"), "utf8")).toMatch(/dynamo-bao\/src\/model\.js/);
    const { stdout } = await run(process.execPath, ["main.cjs"], { cwd: project });
    expect(JSON.parse(stdout)).toEqual({
      formats: [1, 1, 1, 1, 1],
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

  it("generated models with every field type, iteration, plugins, tenants, and custom fields with keys and updates of their own", async () => {
    const { stdout } = await run(process.execPath, ["everything.cjs"], { cwd: project });
    const [results, calls] = stdout.trim().split("\n").map((line) => JSON.parse(line) as unknown);
    expect(results).toEqual({
      missing: "Tenant context is required when tenancy is enabled. Use TenantContext.runWithTenant(tenantId, callback) or add tenant resolvers.",
      values: { text: "none", whole: 42, real: 1.5, flag: true, bytes: [1, 2, 3], tags: ["x", "y", "z"], at: 5000, ttl: "2100-01-01T00:00:00.000Z", visits: 3, total: 6, rank: 7 },
      dates: [true, true],
      newVersion: true,
      owner: "Ann",
      shout: "NONE",
      byFlag: 1,
      byRank: [9, 8, 7],
      rank: [10],
      iterated: 3,
      buckets: 4,
      bucket: 3,
      elsewhere: [false, 0],
      deleted: 42,
      gone: false,
    });
    const saves = ["beforeSave true", "afterSave"];
    expect(calls).toEqual(["beforeSave true", ...saves, "beforeSave false", "afterSave", ...saves, ...saves, "beforeDelete", "afterDelete"]);
  });

  it("and this one find, sort and add to each other's items by custom fields' keys and updates", async () => {
    const engine = spawn(path("../../../tests/peers/start"), ["dynoxide"], { stdio: ["ignore", "pipe", "inherit"] });
    const link = join(project, "node_modules", "dynamo-bao");
    try {
      const [port] = (await once(engine.stdout, "data")) as [Buffer];
      const endpoint = `http://127.0.0.1:${port.toString().trim()}`;
      const environment = { ...process.env, AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
      await run(process.execPath, [path("../../bin/bao-create-table.js"), "shared", "--endpoint", endpoint, "--region", "us-west-2"], { cwd: project, env: environment });
      const step = async (target: string, ...args: string[]): Promise<any> => {
        unlinkSync(link);
        symlinkSync(target, link);
        const { stdout } = await run(process.execPath, ["shared.cjs", endpoint, ...args], { cwd: project, env: environment });
        return JSON.parse(stdout.trim().split("\n").at(-1)!);
      };
      for (const [writer, other] of [[olderPackage, path("../..")], [path("../.."), olderPackage]] as const) {
        const ids = (await step(writer, "write")) as string[];
        const total = writer === olderPackage ? 2 : 1; // the older one asks for an update at creation, too, and so adds twice
        const all = [[9, total], [8, total], [7, total]];
        expect(await step(writer, "read")).toEqual([all, [[8, total]], all.slice(0, 2)]);
        expect(await step(other, "read")).toEqual([all, [[8, total]], all.slice(0, 2)]);
        expect(await step(other, "change", ids[1]!)).toEqual([1, total + 15]);
        expect(await step(writer, "read")).toMatchObject([[[8, total], [7, total], [1, total + 15]], [[8, total]], [[8, total]]]);
        expect(await step(writer, "change", ids[0]!)).toEqual([1, total + 15]);
        await step(other, "clear");
        expect(await step(writer, "read")).toEqual([[], [], []]);
      }
    } finally {
      engine.kill();
      await once(engine, "exit");
      unlinkSync(link);
      symlinkSync(path("../.."), link);
    }
  }, 120_000);

  it("and this one read, change and delete each other's items", async () => {
    const { stdout } = await run(process.execPath, [path("../../../tests/interop/run.mjs"), "npm"], { env: { ...process.env, BAO_PEERS_DIR: peers } });
    expect(stdout).toMatch(/; 0 steps failed/);
  }, 60_000);

  // The last: it replaces what the others use.
  it("generated files that bao-codegen replaces, and nothing else of the user's", async () => {
    const yaml = definitions.replace(/\n {2}Everything:[^]*$/, "\n").replace("type: EmailField", "type: StringField");
    writeFileSync(join(project, "models.yaml"), yaml);
    const generate = () => run(process.execPath, [path("../../bin/bao-codegen.js"), "models.yaml", "models"], { cwd: project });
    expect((await generate()).stdout).toBe("models: 12 written, 0 unchanged, 0 removed\n");
    expect(readFileSync(join(project, "models", "user.js"), "utf8")).toMatch(/^\/\/ Generated by bao-codegen /);
    writeFileSync(join(project, "models", "user.js"), "class User {}\n");
    await expect(generate()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("models/user.js: there already, and not generated") });
  });
});
