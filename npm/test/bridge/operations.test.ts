import { describe, expect, it } from "vitest";
import { fieldOf, inside, makeCore, models, outside } from "./support.js";

describe("operations on the embedded engine", () => {
  it("registers, creates, finds, updates, queries and removes", async () => {
    const core = makeCore();
    const numbers = core.register(models);
    expect(numbers).toEqual({ User: 0, Team: 1 });
    const user = 0;
    const created = await core.create(user, {
      userId: "u1", name: "Ann", email: "a@b.c", age: 41, score: 0.5, active: true, photo: { "#b": "AAEC" }, tags: { "#s": ["a", "b"] },
      born: { "#d": 1700000000123 }, ttl: { "#d": 1900000000000 }, settings: { deep: { n: 1, big: { "#n": "123456789012345678" } } },
      steps: [1, "two", null, true], extra: '{"x":[1]}', teamId: "t1",
    }, {}, outside);
    expect(created.id).toBe("u1");
    expect(created.row).toEqual([
      "u1", "Ann", "a@b.c", 41, 0.5, true, "AAEC", ["a", "b"], 1700000000123, 1900000000000, 0,
      { deep: { n: 1, big: { "#n": "123456789012345678" } } }, [1, "two", null, true], '{"x":[1]}', "t1",
    ]);
    const found = await core.find(user, { id: "u1" }, {}, outside);
    expect(found.row).toEqual(created.row);
    const updated = await core.update(user, { id: "u1" }, { name: "Eve", logins: { "#i": "5" }, tags: { "#e": { added: ["c"], deleted: ["a"] } }, age: null }, found.row ?? null, {}, outside);
    expect(updated.row?.[fieldOf.name]).toBe("Eve");
    expect(updated.row?.[fieldOf.logins]).toBe(5);
    expect(updated.row?.[fieldOf.tags]).toEqual(["b", "c"]);
    expect(updated.row?.[fieldOf.age]).toBeNull();
    const page = await core.query(user, "byTeam", "t1", { born: { $gt: { "#d": 1 } } }, { filter: { name: "Eve", $or: [{ age: null }, { logins: { $gt: 3 } }] } }, outside);
    expect(page.rows.map((row) => row.id)).toEqual(["u1"]);
    expect(page.count).toBe(1);
    expect(page.lastEvaluatedKey).toBeUndefined();
    expect((await core.findUnique(user, "uniqueEmail", "a@b.c", {}, outside)).id).toBe("u1");
    const removed = await core.remove(user, { id: "u1" }, null, {}, outside);
    expect(removed.row?.[fieldOf.name]).toBe("Eve");
    expect((await core.find(user, { id: "u1" }, {}, outside)).row).toBeNull();
  });

  it("answers from the cache of a scope with the same entry", async () => {
    const core = makeCore();
    core.register(models);
    await core.create(1, { teamId: "t1", title: "one" }, {}, outside);
    const scope = core.openScope();
    const [a, b] = await Promise.all([core.find(1, { id: "t1" }, {}, inside(scope)), core.find(1, { id: "t1" }, {}, inside(scope))]);
    expect(a.row).toEqual(["t1", "one"]);
    expect(b.row).toBeUndefined();
    expect(b.entry).toBe(a.entry);
    expect(core.scopeCapacity(scope).read).toBeGreaterThan(0);
    core.closeScope(scope);
  });
});
