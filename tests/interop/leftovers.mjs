// node leftovers.mjs BAO: the older npm package leaves behind what it leaves behind; then `bao fsck` (the program BAO) finds exactly
// that, its repairs put right what it says they do, and a second run finds only what is left to the table's owner. Exit: 0, 1 it
// does not, 77 the engine or the older package is not installed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { olderPackage, request, startEngine } from "./engine.mjs";

const program = process.argv[2];
const table = "leftovers";
const folder = mkdtempSync(join(tmpdir(), "bao-leftovers-"));
const definitionsFile = join(folder, "models.yaml");
const endpoint = await startEngine();
const older = olderPackage(endpoint);
const { BaoModel, fields, IndexConfig, PrimaryKeyConfig, UniqueConstraintConfig, TenantContext } = older;

// The older package's models, and the same in YAML for fsck.
class User extends BaoModel {
  static modelPrefix = "u";
  static iterable = true;
  static iterationBuckets = 10;
  static fields = {
    userId: fields.StringField({ required: true }),
    name: fields.StringField(),
    email: fields.StringField(),
    team: fields.StringField(),
    rank: fields.IntegerField(),
    badge: fields.IntegerField(),
    ttl: fields.TtlField(),
  };
  static primaryKey = PrimaryKeyConfig("userId");
  static indexes = { byTeam: IndexConfig("team", "rank", "gsi1") };
  static uniqueConstraints = {
    uniqueEmail: UniqueConstraintConfig("email", "_uc1"),
    uniqueBadge: UniqueConstraintConfig("badge", "_uc2"),
  };
}
// All of a tenant's events lie in one partition, which the older package shares among tenants.
class Event extends BaoModel {
  static modelPrefix = "ev";
  static fields = { eventId: fields.StringField({ required: true }), kind: fields.StringField() };
  static primaryKey = PrimaryKeyConfig("modelPrefix", "eventId");
  static indexes = { byKind: IndexConfig("kind", "eventId", "gsi1") };
}
// Its prefix begins like a key of User, which nothing refuses there.
class Clash extends BaoModel {
  static modelPrefix = "u#c";
  static fields = { userId: fields.StringField({ required: true }), name: fields.StringField() };
  static primaryKey = PrimaryKeyConfig("userId");
  static indexes = { all: IndexConfig("modelPrefix", "userId", "gsi1") };
}
// A model that the definitions have lost.
class Gone extends BaoModel {
  static modelPrefix = "g";
  static fields = { goneId: fields.StringField({ required: true }), slug: fields.StringField() };
  static primaryKey = PrimaryKeyConfig("goneId");
  static uniqueConstraints = { uniqueSlug: UniqueConstraintConfig("slug", "_uc1") };
}

const definitions = (format) => `models:
  User:
    modelPrefix: u
    keyFormat: ${format}
    iterable: true
    iterationBuckets: 10
    fields:
      userId: {type: StringField}
      name: {type: StringField}
      email: {type: StringField}
      team: {type: StringField}
      rank: {type: IntegerField}
      badge: {type: IntegerField}
      ttl: {type: TtlField}
    primaryKey: {partitionKey: userId}
    indexes: {byTeam: {partitionKey: team, sortKey: rank, indexId: gsi1}}
    uniqueConstraints:
      uniqueEmail: {field: email, uniqueConstraintId: uc1}
      uniqueBadge: {field: badge, uniqueConstraintId: uc2}
  Event:
    modelPrefix: ev
    keyFormat: ${format}
    fields: {eventId: {type: StringField}, kind: {type: StringField}}
    primaryKey: {partitionKey: modelPrefix, sortKey: eventId}
    indexes: {byKind: {partitionKey: kind, sortKey: eventId, indexId: gsi1}}
`;

function useTable(models, tenancy = false) {
  older.initModels({ models, aws: { region: "us-west-2" }, db: { tableName: table }, logging: { level: "OFF" }, tenancy: { enabled: tenancy } });
}

async function leaveBehind() {
  useTable({ User, Event, Clash, Gone });
  const person = (userId, more = {}) => User.create({ userId, name: userId, email: `${userId}@x`, team: "red", rank: 7, ...more });
  await person("right");
  // Saved after somebody deleted it.
  await person("ghost");
  const ghost = await User.find("ghost", { bypassCache: true });
  await User.delete("ghost");
  ghost.name = "late";
  await ghost.save();
  // Two stale instances: each moves the item in its own half of the index key.
  await person("stale");
  const [first, second] = await Promise.all([0, 1].map(() => User.find("stale", { bypassCache: true })));
  first.team = "blue";
  await first.save();
  second.rank = 8;
  await second.save();
  // Deleted by DynamoDB, when its ttl had passed: its reservation stays for ever.
  await person("expired", { ttl: new Date(1_000_000_000_000) });
  await request(endpoint, "DeleteItem", JSON.stringify({ TableName: table, Key: { _pk: { S: "u#expired" }, _sk: { S: "u" } } }));
  // A unique 0 that was deleted.
  await person("zero", { badge: 0 });
  await User.delete("zero");
  // Expires, and its reservation does not.
  await person("brief", { ttl: new Date(4_000_000_000_000) });
  // A negative number in an index.
  await person("negative", { rank: -5 });
  await Clash.create({ userId: "1", name: "clash" });
  await Gone.create({ goneId: "1", slug: "slug" });
  await TenantContext.runWithTenant("acme", async () => {
    useTable({ Event }, true);
    await Event.create({ eventId: "e1", kind: "hello" });
  });
}

// What fsck says: the findings in order, as `model id: kind attribute`, each with what follows about its repair.
function fsck(...options) {
  const args = ["fsck", "--models", definitionsFile, "--table", table, "--endpoint", endpoint, "--json", ...options];
  return new Promise((resolve) => {
    execFile(program, args, (error, out, err) => {
      const lines = out.split("\n").filter((line) => line !== "");
      const findings = lines.map((line) => {
        const { kind, model, tenant, id, pk, attribute, repairable, repaired } = JSON.parse(line);
        const where = `${tenant === undefined ? "" : `[${tenant}] `}${model ?? "?"} ${id ?? pk}`;
        return `${where}: ${kind}${attribute === undefined ? "" : ` ${attribute}`}${repaired ? ", repaired" : repairable ? "" : ", left"}`;
      });
      resolve({ code: error === null ? 0 : error.code, findings: findings.sort(), err });
    });
  });
}

// What `--repair` makes of a list of findings.
const repaired = (findings) => findings.map((finding) => (finding.endsWith(", left") ? finding : `${finding}, repaired`)).sort();
const left = (findings) => findings.filter((finding) => finding.endsWith(", left")).sort();

async function main() {
  await request(endpoint, "CreateTable", JSON.stringify(tableBody()));
  await leaveBehind();
  // The fields of its key are not in a ghost; a model that the definitions lack, or that has its prefix in common with another
  // one, may be right as it is.
  const always = [
    "User stale: attribute_differs _gsi1_pk",
    "User expired: unique_ghost email",
    "User zero: unique_ghost badge",
    "User brief: unique_ttl email",
    "User u#ghost: no_key_fields, left",
    "User u#c#1: prefix_clash _sk, left",
    "? _raft_uc#_uc1#g#slug:slug: unique_malformed, left",
  ];
  // And where the models are stated to be in format 2:
  const formats = ["User negative: key_format _gsi1_sk", "[acme] Event e1: key_format _pk, left"];
  const steps = [
    ["in format 1 it finds what was left behind", 1, [], always],
    ["in format 2 keys of format 1, too", 2, [], [...always, ...formats]],
    ["repairs leave what is the owner's to decide", 1, ["--repair", "--yes"], repaired(always)],
    ["and nothing else", 1, [], left(always)],
    ["repairs move index keys to format 2", 2, ["--repair", "--yes"], [...left(always), ...repaired(formats)]],
    ["and items where that is asked for", 2, ["--repair", "--move-keys", "--yes"], [...left(always), "[acme] Event e1: key_format _pk, repaired"]],
    ["and nothing else is found", 2, [], left(always)],
  ];
  let failed = 0;
  for (const [what, format, options, expected] of steps) {
    writeFileSync(definitionsFile, definitions(format));
    const { code, findings, err } = await fsck(...options);
    try {
      assert.deepEqual(findings, [...expected].sort(), err);
      assert.equal(code, 1);
      console.log(`ok    ${what}`);
    } catch (error) {
      console.log(`FAIL  ${what}\n${error.message}`);
      ++failed;
    }
  }
  return failed;
}

function tableBody() {
  const attribute = (AttributeName) => ({ AttributeName, AttributeType: "S" });
  const key = (pk, sk) => [
    { AttributeName: pk, KeyType: "HASH" },
    { AttributeName: sk, KeyType: "RANGE" },
  ];
  const index = (IndexName, pk, sk) => ({ IndexName, KeySchema: key(pk, sk), Projection: { ProjectionType: "ALL" } });
  return {
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["_pk", "_sk", "_gsi1_pk", "_gsi1_sk", "_iter_pk", "_iter_sk"].map(attribute),
    KeySchema: key("_pk", "_sk"),
    GlobalSecondaryIndexes: [index("gsi1", "_gsi1_pk", "_gsi1_sk"), index("iter_index", "_iter_pk", "_iter_sk")],
  };
}

try {
  process.exitCode = (await main()) === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
