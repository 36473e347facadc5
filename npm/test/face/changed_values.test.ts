/** What counts as a change of a map, list or JSON value: that something else would be stored. */
import { beforeEach, describe, expect, it } from "vitest";
import { start, User } from "../support/models.js";

beforeEach(() => void start());

async function saved(field: "settings" | "extra" | "list", before: unknown, change: (user: any) => void): Promise<[boolean, unknown]> {
  const user: any = await User.create({ name: "Ann", [field]: before } as any);
  change(user);
  const hasChanged = user.hasChanges();
  await user.save();
  return [hasChanged, ((await User.find(user.userId)) as any)[field]];
}

/** Without members that anybody could see. */
class Hidden {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toJSON(): string {
    return this.#text;
  }
}

describe("JSON", () => {
  it("of a class that has its own JSON is a change where its JSON is another", async () => {
    expect(await saved("extra", {}, (user) => (user.extra = new URL("http://x/")))).toEqual([true, "http://x/"]);
    expect(await saved("extra", {}, (user) => (user.extra = new Hidden("a")))).toEqual([true, "a"]);
    expect(await saved("extra", { a: {} }, (user) => (user.extra = { a: new Hidden("b") }))).toEqual([true, { a: "b" }]);
    expect(await saved("extra", { a: {} }, (user) => (user.extra.a = new Hidden("b")))).toEqual([true, { a: "b" }]);
    expect(await saved("extra", ["a"], (user) => (user.extra = [new Hidden("a")]))).toEqual([false, ["a"]]);
    expect(await saved("extra", { at: new Date(0) }, (user) => (user.extra = { at: new Date(0) }))).toEqual([false, { at: "1970-01-01T00:00:00.000Z" }]);
    // JSON has no maps and sets.
    expect(await saved("extra", {}, (user) => (user.extra = new Map([["a", 1]])))).toEqual([false, {}]);
  });

  it("in another order of its members, or with some that are undefined, is none", async () => {
    expect(await saved("extra", { a: 1, b: { c: 2, d: 3 } }, (user) => (user.extra = { b: { d: 3, c: 2 }, a: 1, e: undefined }))).toEqual([false, { a: 1, b: { c: 2, d: 3 } }]);
    expect((await saved("extra", { a: null }, (user) => (user.extra = {})))[0]).toBe(true);
    expect((await saved("extra", null, (user) => (user.extra = undefined)))[0]).toBe(false);
    expect((await saved("extra", [1, 2], (user) => (user.extra = [2, 1])))[0]).toBe(true);
  });

  it("that is none is refused when it is saved", async () => {
    const user: any = await User.create({ name: "Ann", extra: { a: 1 } });
    const cycle: any = {};
    cycle.again = cycle;
    for (const value of [cycle, { a: 1n }, () => 1]) {
      user.extra = value;
      expect(user.hasChanges()).toBe(true);
      await expect(user.save()).rejects.toMatchObject({ name: "ValidationError", fieldName: "extra" });
    }
  });
});

describe("maps", () => {
  it("given as Map are changes where their members are others", async () => {
    expect(await saved("settings", {}, (user) => (user.settings = new Map([["a", 1]])))).toEqual([true, { a: 1 }]);
    expect(await saved("settings", { m: {} }, (user) => (user.settings.m = new Map([["a", 1]])))).toEqual([true, { m: { a: 1 } }]);
    expect(await saved("settings", { m: { a: 1 } }, (user) => (user.settings.m = new Map()))).toEqual([true, { m: {} }]);
    expect(await saved("list", [{}], (user) => (user.list = [new Map([["a", new Map([["b", 2]])]])]))).toEqual([true, [{ a: { b: 2 } }]]);
    expect((await saved("settings", { a: 1 }, (user) => (user.settings = new Map([["a", 1]]))))[1]).toEqual({ a: 1 });
  });

  it("given as Map and changed while they are sent stay changed", async () => {
    const user: any = await User.create({ name: "Ann", settings: {} });
    const given = new Map([["a", 1]]);
    user.settings = given;
    const first = user.save();
    given.set("b", 2);
    await first;
    await user.save();
    const { settings } = (await User.find(user.userId)) as any;
    expect([settings.a, user.settings]).toEqual([1, user.hasChanges() ? given : settings]);
  });
});
