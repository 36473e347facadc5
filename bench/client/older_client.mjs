// npm dynamo-bao 0.4.2 doing what bao_client.cpp does. It ignores `endpoint`: global fetch is redirected.
//   node older_client.mjs PEERS ENDPOINT TABLE OPERATION ROUNDS
import { createRequire } from "node:module";
import { measure, require_, content, title } from "./measure.mjs";

const [peers, endpoint, table, operation, rounds] = process.argv.slice(2);
const original = globalThis.fetch;
globalThis.fetch = (input, init) => {
  if (input instanceof Request) return original(new Request(endpoint, input));
  return original(endpoint, init);
};
process.env.AWS_ACCESS_KEY_ID = "bench";
process.env.AWS_SECRET_ACCESS_KEY = "bench";

const { initModels, runWithBatchContext, BaoModel, PrimaryKeyConfig, IndexConfig, fields, constants } =
  createRequire(`${peers}/`)("dynamo-bao");

class Thing extends BaoModel {
  static modelPrefix = "th";
  static fields = {
    thingId: fields.StringField({ required: true }),
    owner: fields.StringField({ required: true }),
    title: fields.StringField({ required: true }),
    content: fields.StringField(),
    size: fields.IntegerField(),
    active: fields.BooleanField(),
    createdAt: fields.CreateDateField(),
  };
  static primaryKey = PrimaryKeyConfig("thingId");
  static indexes = { byOwner: IndexConfig("owner", "createdAt", constants.GSI_INDEX_ID1) };
}

const manager = initModels({ models: { Thing }, aws: { region: "us-west-2" }, db: { tableName: table } });
const M = manager.models?.Thing ?? manager.getModel("Thing");

const operations = {
  async find(count) {
    for (let round = 0; round < count; round++) {
      const found = await runWithBatchContext(() => M.find(`seed-${round % 100}`, { batchDelay: 0 }));
      require_(found.exists() && found.size === 123456, "find");
    }
    return count;
  },
  async find100(count) {
    for (let round = 0; round < count; round++) {
      await runWithBatchContext(async () => {
        const ids = Array.from({ length: 100 }, (_, number) => `seed-${number}`);
        const things = await Promise.all(ids.map((id) => M.find(id)));
        for (const one of things) require_(one.exists() && one.size === 123456, "find100");
      });
    }
    return count * 100;
  },
  async query100(count) {
    for (let round = 0; round < count; round++) {
      const page = await M.queryByIndex("byOwner", "seed-owner", null, { limit: 100 });
      require_(page.items.length === 100, "query100");
      for (const one of page.items) require_(one.size === 123456, "query100 item");
    }
    return count * 100;
  },
  async create(count) {
    const run = process.hrtime.bigint();
    for (let round = 0; round < count; round++) {
      await M.create({
        thingId: `older-${run}-${round}`, owner: "older-owner", title, content, size: 123456, active: true,
      });
    }
    return count;
  },
};

await measure("npm dynamo-bao 0.4.2", operation, Number(rounds), operations[operation]);
