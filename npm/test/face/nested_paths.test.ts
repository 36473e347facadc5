/** Updates, filters and conditions of values within maps and lists. */
import { describe, expect, it } from "vitest";
import { BaoModel, fields, initModels, PrimaryKeyConfig, runWithBatchContext, transact, type Values } from "../support/node.js";

interface Place extends Values<typeof Place.fields> {}
class Place extends BaoModel {
  static override modelPrefix = "pl";
  static override fields = {
    id: fields.StringField({ required: true }),
    name: fields.StringField(),
    address: fields.MapField(),
    stops: fields.ListField(),
    raw: fields.JsonField(),
  };
  static override primaryKey = PrimaryKeyConfig("id");
}

async function start(data: Record<string, unknown> = {}): Promise<Place> {
  initModels({ models: { Place }, aws: { region: "us-west-2", endpoint: "memory:" }, db: { tableName: "paths" } });
  return Place.create({ id: "1", name: "A", ...data });
}

const stored = async (): Promise<Place> => Place.find("1", { bypassCache: true });
const wrong = (message: string) => ({ name: "ValidationError", message: expect.stringContaining(message) });

describe("one nested value", () => {
  it("is set, and what others wrote beside it stays", async () => {
    const stale = await start({ address: { city: "Rome", zip: 1, geo: { lat: 1, long: 2 } }, stops: ["a", "b"] });
    await Promise.all([
      Place.update("1", { "address.city": "Paris" }),
      Place.update("1", { "address.geo.lat": 48.5, "stops[1]": { name: "B" } }),
      Place.update("1", { 'address["street. and no."]': "Rue 1", 'address["with \\"quotes\\" and [0]"]': true }),
    ]);
    expect((await stored()).address).toEqual({ city: "Paris", zip: 1, geo: { lat: 48.5, long: 2 }, "street. and no.": "Rue 1", 'with "quotes" and [0]': true });
    expect((await stored()).stops).toEqual(["a", { name: "B" }]);
    const written = await Place.update("1", { "stops[1].name": new Set(["x"]), name: "B", "address.bytes": new Uint8Array([1]) });
    expect([written.name, written.stops![1].name, written.address!["bytes"]]).toEqual(["B", new Set(["x"]), new Uint8Array([1])]);
    expect(stale.address!["city"]).toBe("Rome");
  });

  it("is removed by null, and left alone by undefined", async () => {
    await start({ address: { city: "Rome", zip: 1 }, stops: ["a", "b", "c"] });
    await Place.update("1", { "address.zip": null, "address.city": undefined, "stops[0]": null });
    expect(await stored()).toMatchObject({ address: { city: "Rome" }, stops: ["b", "c"] });
    expect("zip" in (await stored()).address!).toBe(false);
  });

  it("shows in the context's cache, merged", async () => {
    await start({ address: { city: "Rome", zip: 1 } });
    await runWithBatchContext(async () => {
      await Place.find("1");
      await Place.update("1", { "address.city": "Paris" });
      expect((await Place.find("1")).address).toEqual({ city: "Paris", zip: 1 });
    });
  });

  it("makes what is missing around it, but nothing in the place of something else", async () => {
    await start();
    await Place.update("1", { "address.city": "Paris", name: "B" });
    await transact((tx) => void tx.update(Place, "1", { "address.geo.lat": 1, "stops[0]": "a" }));
    expect(await stored()).toMatchObject({ name: "B", address: { city: "Paris", geo: { lat: 1 } }, stops: ["a"] });
    await expect(Place.update("1", { "address.city.name": "x", name: "C" })).rejects.toMatchObject({
      ...wrong("Place.address.city is a string, not a map"),
      fieldName: "address",
    });
    expect((await stored()).name).toBe("B");
    await expect(Place.update("2", { "address.city": "Paris" })).rejects.toMatchObject({ name: "ItemNotFoundError" });
  });

  it("is refused by its path where the path can lead nowhere, or two changes overlap", async () => {
    await start({ address: { city: "Rome" }, stops: ["a"] });
    const refused: [Record<string, unknown>, string][] = [
      [{ "name.x": 1 }, "only maps and lists have parts"],
      [{ "raw.x": 1 }, "only maps and lists have parts"],
      [{ "nothing.x": 1 }, "there is no field 'nothing'"],
      [{ "address[0]": 1 }, "a part of a map is named by its key"],
      [{ "stops.x": 1 }, "a part of a list is named by its position"],
      [{ "address..x": 1 }, "a name is missing"],
      [{ 'address[""]': 1 }, "a key in the path is empty"],
      [{ 'address["x]': 1 }, "a quote is not closed"],
      [{ "stops[-1]": 1 }, "in brackets there is a position"],
      [{ "stops[0": 1 }, "a ] is missing"],
      [{ "stops[0]x": 1 }, "behind ] there is a dot"],
      [{ "address.geo": {}, "address.geo.lat": 1 }, "overlap"],
      [{ "stops[0]": 1, 'stops[0].x': 1 }, "overlap"],
      [{ address: {}, "address.city": "x" }, "address"],
      [{ "address.n": Number.NaN }, "which is no"],
      [{ "address.s": new Set() }, "empty set"],
      [{ ["address" + ".x".repeat(33)]: 1 }, "more than 32 steps"],
    ];
    for (const [changes, message] of refused) await expect(Place.update("1", changes as never), JSON.stringify(changes)).rejects.toMatchObject(wrong(message));
    expect(await stored()).toMatchObject({ address: { city: "Rome" }, stops: ["a"], name: "A" });
    await expect(Place.create({ id: "3", "address.city": "x" } as never)).rejects.toMatchObject(wrong("a new item has no nested value to change"));
  });

  it("is changed in a transaction", async () => {
    await start({ address: { city: "Rome", zip: 1 } });
    await transact((tx) => {
      tx.update(Place, "1", { "address.city": "Paris" }, { condition: { "address.zip": 1 } });
      tx.create(Place, { id: "2" });
    });
    expect((await stored()).address).toEqual({ city: "Paris", zip: 1 });
  });
});

describe("conditions and filters", () => {
  it("look into maps and lists", async () => {
    await start({ address: { city: "Rome", geo: { lat: 1 }, "a.b": 1 }, stops: ["a", { n: 2 }] });
    const holds = async (filter: Record<string, unknown>): Promise<boolean> => (await Place.scan({ filter })).count === 1;
    for (const filter of [
      { "address.city": "Rome" },
      { "address.city": { $in: ["Rome", "Paris"] } },
      { "address.city": { $beginsWith: "R" }, "address.geo.lat": { $between: [0, 2] } },
      { "address.geo": { lat: 1 } },
      { 'address["a.b"]': { $gte: 1 } },
      { "stops[0]": { $ne: "b" } },
      { "stops[1].n": 2 },
      { "address.zip": null },
      { "address.zip": { $exists: false } },
      { $or: [{ "address.city": "Oslo" }, { $not: { "stops[0]": "b" } }] },
      { "address.city": { $size: 4 } },
    ]) {
      expect([filter, await holds(filter)]).toEqual([filter, true]);
    }
    expect(await holds({ "address.city": "Oslo" })).toBe(false);
    await expect(holds({ "name.x": 1 })).rejects.toMatchObject({ name: "QueryError", message: expect.stringContaining("only maps and lists have parts") });
    await expect(holds({ "address.": 1 })).rejects.toMatchObject({ name: "QueryError" });
    await expect(Place.update("1", { name: "B" }, { condition: { "address.city": "Oslo" } })).rejects.toMatchObject({ name: "ConditionalError" });
    await Place.update("1", { name: "B" }, { condition: { "address.city": "Rome" } });
    expect((await stored()).name).toBe("B");
  });
});

describe("a map that was changed in place", () => {
  it("is saved by the parts that changed, so that those of another writer stay", async () => {
    await start({ address: { city: "Rome", zip: 1, old: 1, geo: { lat: 1, long: 2 }, list: [1] } });
    const [one, other] = [await Place.find("1"), await Place.find("1")];
    one.address!["city"] = "Paris";
    one.address!["geo"].lat = 48;
    delete one.address!["old"];
    one.address!["new. one"] = { x: 1 };
    other.address!["zip"] = 2;
    other.address!["geo"].long = 9;
    other.address!["list"].push(2);
    await Promise.all([one.save(), other.save()]);
    expect((await stored()).address).toEqual({ city: "Paris", zip: 2, geo: { lat: 48, long: 9 }, list: [1, 2], "new. one": { x: 1 } });
    expect(one.hasChanges()).toBe(false);
    one.address!["city"] = "Oslo";
    await one.save();
    expect((await stored()).address!["city"]).toBe("Oslo");
  });

  it("is written whole where a path could not say it, or it was assigned", async () => {
    await start({ address: { city: "Rome", zip: 1 } });
    const place = await Place.find("1");
    place.address!["zip"] = null;
    await place.save();
    expect((await stored()).address).toEqual({ city: "Rome", zip: null });
    place.address = { only: 1 };
    await place.save();
    expect((await stored()).address).toEqual({ only: 1 });
    for (let i = 0; i < 80; ++i) place.address![`k${i}`] = i;
    await place.save();
    expect(Object.keys((await stored()).address!)).toHaveLength(81);
  });
});
