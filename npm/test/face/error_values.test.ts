/** The value of a ValidationError is the one that was given, not its text. */
import { beforeEach, describe, expect, it } from "vitest";
import { Post, start, User } from "../support/models.js";
import { exceptions, transact } from "../support/node.js";

beforeEach(() => void start());

async function refused(attempt: () => unknown): Promise<any> {
  const error: unknown = await Promise.resolve().then(attempt).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(exceptions.ValidationError);
  return error;
}

const map = { a: 1 };
const list = [1];
const date = new Date(NaN);
const wrong: [string, unknown][] = [
  ["age", 1.5], ["age", 2n ** 70n], ["age", map], ["age", list], ["age", true], ["name", 5], ["name", list], ["active", 1], ["score", NaN], ["score", "1"],
  ["photo", 5], ["born", date], ["born", map], ["settings", list], ["list", map], ["visits", 1.5], ["userId", 5],
];

describe("the value of what is refused", () => {
  it("is what was given to a write", async () => {
    const { userId } = await User.create({ name: "Ann" });
    for (const [name, value] of wrong) {
      const given = { name: "Bea", [name]: value } as any;
      const error = await refused(() => User.create(given));
      expect([error.fieldName, error.modelName], name).toEqual([name, "User"]);
      expect(error.value, `create ${name}`).toBe(value);
      // An instance, and an action that makes one, have copies of objects.
      expect((await refused(() => new User(given).save())).value, `new ${name}`).toEqual(value);
      expect((await refused(() => transact((tx) => void tx.create(User, given)))).value, `tx.create ${name}`).toEqual(value);
      // A key is not changed.
      if (name === "userId") continue;
      expect((await refused(() => User.update(userId, { [name]: value } as any))).value, `update ${name}`).toBe(value);
      expect((await refused(() => transact((tx) => void tx.update(User, userId, { [name]: value } as any)))).value, `tx.update ${name}`).toBe(value);
      const user = (await User.find(userId)) as any;
      user[name] = value;
      expect((await refused(() => user.save())).value, `save ${name}`).toBe(value);
    }
    expect(await User.count()).toBe(1);
  });

  it("is what stands for no value, where one is required", async () => {
    const { userId } = await User.create({ name: "Ann" });
    expect((await refused(() => User.create({ name: "" }))).value).toBe("");
    expect((await refused(() => User.update(userId, { name: null } as any))).value).toBe(null);
    expect((await refused(() => User.create({} as any))).value).toBe(undefined);
  });

  it("is the part that was given by its path", async () => {
    const { userId } = await User.create({ name: "Ann", settings: { a: 1 }, list: [1] });
    for (const path of ["settings.a", "list[0]"]) expect((await refused(() => User.update(userId, { [path]: -Infinity } as any))).value, path).toBe(-Infinity);
  });

  it("is one of several items' where one looks like it, and else its text", async () => {
    const put = [1, 1.5, 2].map((likes) => ({ userId: "u", title: "t", likes }));
    expect((await refused(() => Post.batchWrite({ put }))).value).toBe(1.5);
    expect((await refused(() => Post.batchWrite({ put: [{ userId: "u", title: list as never }] }))).value).toBe(list);
    const build = (values: unknown[]) => () => transact((tx) => values.forEach((age) => void tx.create(User, { name: "x", age } as any)));
    expect((await refused(build([1, 2.5]))).value).toBe(2.5);
    expect((await refused(build([1, map]))).value).toBe("a map");
    expect((await refused(() => transact((tx) => (tx.create(Post, { userId: "u", title: "t", likes: 2.5 }), void tx.create(User, { name: "x", age: 1 }))))).value).toBe(2.5);
  });

  it("is that of what is refused, not what a field of its name was to become", async () => {
    const { userId } = await User.create({ name: "Ann", age: 1 });
    const condition = { age: { $eq: 1.5 } } as any;
    for (const attempt of [
      () => User.update(userId, { age: 2 }, { condition }),
      () => User.create({ name: "Bea", age: 2 }, { condition }),
      () => transact((tx) => void tx.update(User, userId, { age: 2 }, { condition })),
    ]) {
      expect(await refused(attempt)).toMatchObject({ fieldName: "age", value: "1.5" });
    }
    expect(await refused(() => Post.update({ postId: 5 } as any, { postId: "x", title: "t" } as any))).toMatchObject({ fieldName: "postId", value: "5" });
  });

  it("leaves the message as it is", async () => {
    const error = await refused(() => User.create({ name: "Ann", age: 1.5 }));
    expect(error.message).toBe("User.age must be a whole number of 64 bits, not '1.5' (value: 1.5)");
  });
});

describe("what is refused within a map or list", () => {
  const cyclic: unknown[] = [];
  cyclic.push({ again: cyclic });
  const cases: [Record<string, unknown>, string][] = [
    [{ settings: { a: () => 1 } }, "User.settings.a: A function is no value"],
    [{ settings: { a: [1, { b: Symbol("x") }] } }, "User.settings.a.1.b: A symbol is no value"],
    [{ list: [1, [{ "a.b": () => 1 }]] }, "User.list.1.0.a.b: A function is no value"],
    [{ settings: { ok: 1, a: new Map([["b", new Set([1])]]) } }, "User.settings.a.b: A set may hold strings only"],
    [{ settings: { a: "\ud800" } }, "User.settings.a: half a surrogate pair"],
    [{ settings: { a: [1, NaN] } }, "User.settings at a[1] holds the number 'NaN'"],
    [{ list: [1, { "a.b": { c: -Infinity } }] }, "User.list at [1][\"a.b\"].c holds the number '-Infinity'"],
    [{ settings: { a: { b: new Date(NaN) } } }, "User.settings at a.b holds the number 'Invalid Date'"],
    [{ settings: { a: [new Set()] } }, "User.settings at a[0] holds an empty set"],
    [{ list: cyclic }, "User.list: Nested deeper than 64 levels"],
  ];

  it("is told with its path, in creations, changes and saves", async () => {
    const { userId } = await User.create({ name: "Ann", settings: { ok: 2 } });
    for (const [values, message] of cases) {
      const [fieldName] = Object.keys(values);
      const told = { fieldName, modelName: "User", message: expect.stringContaining(message) };
      expect(await refused(() => User.create({ name: "Bea", ...values } as any)), message).toMatchObject(told);
      expect(await refused(() => User.update(userId, values as any)), message).toMatchObject(told);
      const user = (await User.find(userId)) as any;
      Object.assign(user, values);
      expect(await refused(() => user.save()), message).toMatchObject(told);
    }
    expect(await User.count()).toBe(1);
  });

  it("is told by the path that it was given by, and what is no date is not stored", async () => {
    const { userId } = await User.create({ name: "Ann", settings: { ok: 1 } });
    for (const [values, message] of [
      [{ "settings.a": new Date(NaN) }, "User.settings.a holds the number 'Invalid Date'"],
      [{ "settings.a": { b: [NaN] } }, "User.settings.a at b[0] holds the number 'NaN'"],
      [{ "settings.a": { b: [() => 1] } }, "User.settings.a.b.0: A function is no value"],
    ] as const) {
      expect((await refused(() => User.update(userId, values as any))).message).toContain(message);
    }
    expect((await User.find(userId)).settings).toEqual({ ok: 1 });
    // One that is refused leaves nothing behind in the next error.
    expect((await refused(() => User.update(userId, { "settings.a": () => 1 } as any))).message).toBe("User.settings.a: A function is no value that can be stored");
  });

  it("is told of changes in place, too", async () => {
    const user = await User.create({ name: "Ann", settings: { deep: { a: 1 } } });
    user.settings!["deep"].a = [1, NaN];
    expect((await refused(() => user.save())).message).toContain("User.settings.deep.a at [1] holds the number 'NaN'");
  });
});
