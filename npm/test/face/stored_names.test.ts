/** Names that objects have by themselves, as keys of what users store: `__proto__`, `constructor`, `hasOwnProperty`. */
import { beforeEach, describe, expect, it } from "vitest";
import { start, User } from "../support/models.js";
import { BaoModel, fields, IndexConfig, initModels, PrimaryKeyConfig, runWithBatchContext } from "../support/node.js";

const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"hasOwnProperty":3,"toString":"s","valueOf":null}';
const strange = (): any => JSON.parse(text);
const stored = async (user: User): Promise<any> => User.find(user.userId);

beforeEach(() => void start());

function expectUnharmed(...values: any[]): void {
  for (const value of [{}, ...values]) expect([Object.getPrototypeOf(value), value.polluted]).toEqual([Object.prototype, undefined]);
}

describe("keys of maps and JSON", () => {
  it("are read as they were written, and change no prototype", async () => {
    const user = await User.create({ name: "Ann", settings: { ...strange(), zz: [strange()] }, list: [strange()], extra: strange() });
    for (const read of [user, await stored(user), (await User.scan()).items[0] as any]) {
      expect(JSON.stringify(read.settings)).toBe(`${text.slice(0, -1)},"zz":[${text}]}`);
      expect([JSON.stringify(read.list), JSON.stringify(read.extra)]).toEqual([`[${text}]`, text]);
      expectUnharmed(read.settings, read.settings.zz[0], read.list[0], read.extra, read.toJSON(), read.toJSON().settings, read.toJSON().settings.zz[0]);
    }
    const [plain] = (await User.scan({ returnWrapped: false })).items as any[];
    expectUnharmed(plain, plain.settings, plain.list[0], plain.extra);
    expect(user.hasChanges()).toBe(false);
  });

  it("are changes, whatever stands there, and gone when they are deleted", async () => {
    const names = ["__proto__", "constructor", "toString", "x"];
    const put = (map: object, name: string, value: unknown) => Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
    for (const name of names) {
      for (const value of [{}, { a: 1 }, "text", 5]) {
        const user: any = await User.create({ name: "Ann", settings: { other: 1 }, extra: { other: 1 } });
        for (const field of ["settings", "extra"]) put(user[field], name, value);
        await user.save();
        const read = await stored(user);
        const wanted = put({ other: 1 }, name, value);
        for (const field of ["settings", "extra"]) expect(JSON.stringify(read[field]), `${field} ${name}`).toBe(JSON.stringify(wanted));
        for (const field of ["settings", "extra"]) delete read[field][name];
        await read.save();
        expect(await stored(user), name).toMatchObject({ settings: { other: 1 }, extra: { other: 1 } });
        // Another member in its place.
        for (const field of ["settings", "extra"]) read[field] = put({}, name, value);
        await read.save();
        expect(JSON.stringify([(await stored(user)).settings, (await stored(user)).extra])).toBe(JSON.stringify([put({}, name, value), put({}, name, value)]));
        expectUnharmed(read.settings);
      }
    }
  });

  it("that others wrote come into a map that is held", async () => {
    const user: any = await User.create({ name: "Ann", settings: { x: 1 } });
    const held = user.settings;
    await User.update(user.userId, { settings: { x: 1, ...strange(), ["__proto__"]: { polluted: 1 } } });
    user.age = 3;
    await user.save();
    expect([user.settings === held, JSON.stringify(held)]).toEqual([true, JSON.stringify({ x: 1, ...strange() })]);
    expectUnharmed(held);
  });
});

it("a RelatedField of a model that is named as what every object has gives that no methods", async () => {
  class Thing extends BaoModel {
    static override modelPrefix = "x";
    static override fields = { id: fields.StringField(), ownerId: fields.RelatedField("constructor") };
    static override primaryKey = PrimaryKeyConfig("id");
    static override indexes = { things: IndexConfig("ownerId", "id", "gsi1") };
  }
  initModels({ models: { Thing }, aws: { endpoint: "memory:" } });
  expect(({} as any).queryThings).toBe(undefined);
  const thing = await Thing.create({ id: "1", ownerId: "o" });
  await expect(thing.getOrLoadRelatedField("ownerId")).rejects.toMatchObject({ name: "ConfigurationError", message: expect.stringContaining("Model constructor is not registered") });
});

describe("names of data that are no fields", () => {
  it("are refused, be it __proto__", async () => {
    const data = (more: object = {}): any => Object.assign(JSON.parse('{"__proto__":{"email":"polluted@example.com"}}'), more);
    const user = await User.create({ name: "Ann" });
    const refused = { name: "ValidationError", modelName: "User", fieldName: "__proto__", message: "User has no field '__proto__'" };
    await expect(User.create(data({ ["name"]: "Bea" }))).rejects.toMatchObject(refused);
    await expect(User.update(user.userId, data())).rejects.toMatchObject(refused);
    await expect(User.batchWrite({ put: [data({ name: "Bea" })] })).rejects.toMatchObject(refused);
    expect(() => new User(data({ name: "Bea" }))).toThrow(/User has no field "__proto__"/);
    await expect(User.update(user.userId, { age: 1 }, { condition: data() })).rejects.toMatchObject({ name: "QueryError" });
    expect((await stored(user)).toJSON()).toMatchObject({ name: "Ann", age: null });
    expectUnharmed(user.toJSON());
  });

  it("as ids are ids like others", async () => {
    class Thing extends BaoModel {
      static override modelPrefix = "x";
      static override fields = { id: fields.StringField(), text: fields.StringField() };
      static override primaryKey = PrimaryKeyConfig("id");
    }
    initModels({ models: { Thing }, aws: { endpoint: "memory:" } });
    const ids = ["__proto__", "constructor", "hasOwnProperty"];
    for (const id of ids) await Thing.create({ id, text: `of ${id}` });
    const loaderContext = JSON.parse('{"__proto__":{"a":1}}') as object;
    await runWithBatchContext(async () => {
      const { items } = await Thing.batchFind([...ids, "toString"], { loaderContext });
      expect(Object.keys(items)).toEqual([...ids, "toString"]);
      for (const id of ids) expect([(Object.getOwnPropertyDescriptor(items, id)!.value as any).text, (await Thing.find(id, { loaderContext }) as any).text]).toEqual([`of ${id}`, `of ${id}`]);
      expectUnharmed(items);
    });
  });
});
