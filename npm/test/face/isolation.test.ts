/** The same ids everywhere: tenants x models x contexts, all at once. Nobody sees anything of somebody else's. */
import { describe, expect, it } from "vitest";
import { BaoModel, constants, fields, IndexConfig, initModels, PrimaryKeyConfig, runWithBatchContext, TenantContext, UniqueConstraintConfig } from "../support/node.js";

class Thing extends BaoModel {
  static override fields = { id: fields.StringField(), mine: fields.StringField(), code: fields.StringField(), rank: fields.IntegerField() };
  static override primaryKey = PrimaryKeyConfig("id");
  static override indexes = { byRank: IndexConfig("modelPrefix", "rank", constants.GSI_INDEX_ID1) };
  static override uniqueConstraints = { uniqueCode: UniqueConstraintConfig("code", constants.UNIQUE_CONSTRAINT_ID1) };
  static override iterable = true;
  static override iterationBuckets = 1;
  static override searchable = { fields: ["mine"] };
  declare id: string;
  declare mine: string;
}
class Apple extends Thing {
  static override modelPrefix = "a";
}
/** Its prefix begins as the other's does. */
class Pear extends Thing {
  static override modelPrefix = "aa";
}

type Model = typeof Apple | typeof Pear;
const models: Model[] = [Apple, Pear];
const tenants = ["", "one", "two", "on"];
const items = 5;
const ids = Array.from({ length: items }, (_, i) => `id${i}`);

function as<R>(tenant: string, work: () => Promise<R>): Promise<R> {
  return tenant === "" ? work() : TenantContext.runWithTenant(tenant, work);
}

async function seed(model: Model, whose: string): Promise<void> {
  for (const [rank, id] of ids.entries()) await model.create({ id, mine: whose, code: `code${rank}`, rank });
}

/** Every way of reading, in a context of its own, in turns with everybody else's. */
async function read(model: Model, whose: string): Promise<void> {
  const own = (found: Thing[]): void => {
    expect(found.map(({ mine }) => mine)).toEqual(Array.from({ length: items }, () => whose));
  };
  const found = await model.batchFind(ids);
  own(Object.values(found.items));
  expect(await model.find("id1")).toBe(found.items["id1"]);
  expect((await model.findByUniqueConstraint("uniqueCode", "code1")).mine).toBe(whose);
  own((await model.queryByIndex("byRank", model.modelPrefix)).items);
  own((await model.scan()).items);
  expect(await model.count()).toBe(items);
  for await (const batch of model.iterateAll()) own(batch);
  own((await model.searchAll([whose])).items);
}

describe("equal ids", () => {
  it("stay apart by tenant, model and context", async () => {
    initModels({ models: { Apple, Pear }, aws: { endpoint: "memory:" }, db: { iterationIndexName: "iter_search_index" }, logging: { level: "OFF" } });
    const owners = tenants.flatMap((tenant) => models.map((model) => ({ tenant, model, whose: `${model.modelPrefix} of ${tenant}` })));
    for (const { tenant, model, whose } of owners) await as(tenant, () => seed(model, whose));
    const readers = Array.from({ length: 3 }, () => owners).flat();
    await Promise.all(readers.map(({ tenant, model, whose }) => as(tenant, () => runWithBatchContext(() => read(model, whose)))));
    await as("one", async () => {
      await Apple.update("id0", { mine: "changed", code: "other" });
      await Apple.delete("id1");
    });
    await as("two", () => runWithBatchContext(() => read(Apple, "a of two")));
    await runWithBatchContext(() => read(Apple, "a of "));
    expect((await as("two", () => Apple.findByUniqueConstraint("uniqueCode", "other"))).exists()).toBe(false);
  });
});
