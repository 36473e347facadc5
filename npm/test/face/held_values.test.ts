/** Random edits in place before, while and after saves: what the caller holds is what is stored in the end. */
import { afterEach, expect, it, vi } from "vitest";
import { EmbeddedEngine } from "../../src/bridge/embedded_engine.js";
import { start, User } from "../support/models.js";

afterEach(() => void vi.restoreAllMocks());

let seed = 12345;
function below(n: number): number {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return (seed >> 8) % n;
}

function value(depth = 0): unknown {
  const makers = [() => below(5), () => `s${below(4)}`, () => true, () => [value(depth + 1), value(depth + 1)], () => ({ a: value(depth + 1), b: value(depth + 1) }), () => new Set([`x${below(3)}`]), () => ({})];
  return makers[below(depth > 2 ? 3 : makers.length)]!();
}

function edit(place: unknown): void {
  if (place instanceof Set) return void place.add(`n${below(3)}`);
  const members = place as Record<string, unknown>;
  const names = Object.keys(members);
  const name = names[below(names.length)] ?? "";
  const act = below(4);
  if (Array.isArray(place) && (act < 2 || names.length === 0)) place.push(value(2));
  else if (act === 0 || names.length === 0) members[`k${below(5)}`] = value();
  else if (act === 1) delete members[name];
  else if (typeof members[name] === "object") edit(members[name]);
  else members[name] = value();
}

it("what is held of an instance is what is stored, whenever it was changed", async () => {
  start();
  const handle = EmbeddedEngine.prototype.handle;
  let whenSent = (): void => undefined;
  vi.spyOn(EmbeddedEngine.prototype, "handle").mockImplementation(function (this: EmbeddedEngine, operation, body) {
    whenSent();
    return handle.call(this, operation, body);
  });
  for (let round = 0; round < 100; round++) {
    const user = await User.create({ name: "Ann", settings: { a: value() }, list: [value()], extra: { list: [1] } });
    const held = [user.settings, user.list, user.extra] as const;
    const edits = (): void => {
      for (let i = below(3); i > 0; i--) [() => edit(held[0]), () => edit(held[1]), () => held[2].list.push(below(4))][below(3)]!();
    };
    for (let save = 0; save < 6; save++) {
      edits();
      if (below(2) === 0) user.name = `name${save}`;
      whenSent = edits;
      const saving = user.save();
      if (below(3) === 0) edits();
      await saving;
      whenSent = () => undefined;
      expect([user.settings === held[0], user.list === held[1], user.extra === held[2]]).toEqual([true, true, true]);
    }
    await user.save();
    expect(user.hasChanges()).toBe(false);
    const found = await User.find(user.userId);
    expect([round, found.settings, found.list, found.extra]).toEqual([round, ...held]);
  }
});
