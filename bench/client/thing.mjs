// The model of the client benchmark, made with either generation of the npm package, and what its users do with it.
import { content, inSixteenLoops, require_, title } from "./measure.mjs";

export function thingOf({ BaoModel, PrimaryKeyConfig, IndexConfig, fields, constants }) {
  return class Thing extends BaoModel {
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
  };
}

// `prefix` names the items that are made.
export function operationsOf(Thing, runWithBatchContext, prefix) {
  const operations = {
    async seed(count) {
      for (let number = 0; number < count; number++) {
        await Thing.create({ thingId: `seed-${number}`, owner: "seed-owner", title, content, size: 123456, active: true });
      }
      return count;
    },
    async find(count) {
      for (let round = 0; round < count; round++) {
        const found = await Thing.find(`seed-${round % 100}`);
        require_(found.exists() && found.size === 123456, "find");
      }
      return count;
    },
    async find16(count) {
      return await inSixteenLoops(operations.find, count);
    },
    async find100(count) {
      for (let round = 0; round < count; round++) {
        await runWithBatchContext(async () => {
          const ids = Array.from({ length: 100 }, (_, number) => `seed-${number}`);
          const things = await Promise.all(ids.map((id) => Thing.find(id)));
          for (const one of things) require_(one.exists() && one.size === 123456, "find100");
        });
      }
      return count * 100;
    },
    async query100(count) {
      for (let round = 0; round < count; round++) {
        const page = await Thing.queryByIndex("byOwner", "seed-owner", null, { limit: 100 });
        require_(page.items.length === 100, "query100");
        for (const one of page.items) require_(one.size === 123456, "query100 item");
      }
      return count * 100;
    },
    async create(count) {
      const run = process.hrtime.bigint();
      for (let round = 0; round < count; round++) {
        await Thing.create({
          thingId: `${prefix}-${run}-${round}`, owner: `${prefix}-owner`, title, content, size: 123456, active: true,
        });
      }
      return count;
    },
    // Each find needs what the one before it gave: as many round trips as finds.
    async dependent(count) {
      for (let round = 0; round < count; round++) {
        await runWithBatchContext(async () => {
          let id = 0;
          for (let step = 0; step < 3; step++) {
            const found = await Thing.find(`seed-${(round * 3 + id) % 100}`);
            require_(found.exists() && found.size === 123456, "dependent");
            id += found.size - 123455;
          }
        });
      }
      return count;
    },
  };
  return operations;
}
