/** The values of one instance: the row it was read from, what was read of it, and what was changed since. */
import type { Found, Row } from "../bridge/contract.js";
import type { BaoModel } from "./model.js";
import { changedParts } from "./map_parts.js";
import type { FieldInfo, Shape } from "./shape.js";

const noRow: Row = [];

export class ItemState {
  row: Row = noRow;
  /** The primary id; "" where it is not known yet. */
  id = "";
  exists = true;
  /** Read from the table, or written to it. */
  loaded = false;
  /** Holds only some of the item's fields. */
  projected = false;
  /** Values made from the row, by position. */
  values: unknown[] | null = null;
  /** Assigned values that differ from the row's, by position. */
  changes: Map<number, unknown> | null = null;
  /** Related items, by the position of the field. */
  related: Map<number, BaoModel> | null = null;
  read = 0;
  write = 0;

  constructor(readonly shape: Shape) {}

  get(info: FieldInfo): unknown {
    const { position } = info;
    if (this.changes !== null && this.changes.has(position)) return this.changes.get(position);
    return this.stored(info);
  }

  /** The row's value, made once. */
  stored(info: FieldInfo): unknown {
    const { kind, position, custom } = info;
    const raw = this.row[position];
    if (kind.plain && custom === undefined) return raw === null || raw === undefined ? kind.missing : raw;
    const known = this.values?.[position];
    if (known !== undefined) return known;
    const made = this.#make(info, raw);
    // A set is kept even where there is none yet, as members may be added to it in place.
    if (made !== undefined && made !== null) (this.values ??= [])[position] = made;
    return made;
  }

  #make(info: FieldInfo, raw: unknown): unknown {
    const { kind, field, custom } = info;
    if (raw === null || raw === undefined) {
      return kind.type === "StringSetField" ? new Set() : kind.missing;
    }
    const value = kind.materialise(raw);
    return custom?.fromDy ? field.fromDy(value) : value;
  }

  set(info: FieldInfo, value: unknown): void {
    if (value === undefined && !this.loaded) {
      this.changes?.delete(info.position);
      return;
    }
    const assigned = value === undefined ? null : info.kind.assigned(value);
    const before = this.get(info);
    if (info.related !== undefined && assigned !== before) this.related?.delete(info.position);
    // The value itself, assigned to its own field (`user.tags = user.tags.add("x")`), changed in place if at all.
    if (typeof value === "object" && value !== null && value === before) return;
    if (this.loaded && this.#isStored(info, assigned)) {
      this.changes?.delete(info.position);
      // What was changed in place is taken back too.
      if (this.values !== null) this.values[info.position] = undefined;
      return;
    }
    (this.changes ??= new Map()).set(info.position, assigned);
  }

  #isStored(info: FieldInfo, value: unknown): boolean {
    const raw = this.row[info.position] ?? null;
    if (raw === null && value === null) return true;
    const stored = info.kind.plain && !info.custom ? this.stored(info) : this.#make(info, raw);
    return sameValue(info, value, stored);
  }

  /** What differs from the row, in place changes included: by name, as the user sees the values. */
  changed(): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    if (this.changes !== null) {
      for (const [position, value] of this.changes) result[this.shape.fields[position]!.name] = value;
    }
    this.values?.forEach((value, position) => {
      const info = this.shape.fields[position]!;
      if (!this.changes?.has(position) && this.#changedInPlace(info, value)) result[info.name] = value;
    });
    return result;
  }

  #changedInPlace(info: FieldInfo, value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    return !sameValue(info, value, this.#make(info, this.row[info.position]));
  }

  /** How a set that was changed in place differs from the row's; undefined for all else. */
  setDifferences(info: FieldInfo, value: unknown): SetDifferences | undefined {
    if (!(value instanceof Set) || !this.loaded || info.custom || this.values?.[info.position] !== value) return undefined;
    const stored = new Set((this.row[info.position] ?? []) as string[]);
    const members = value as Set<string>;
    return { added: [...members].filter((member) => !stored.has(member)), deleted: [...stored].filter((member) => !members.has(member)) };
  }

  /** The parts of a map that was changed in place; undefined for all else, and where the map is to be written whole. */
  mapParts(info: FieldInfo, value: unknown): Record<string, unknown> | undefined {
    if (info.kind.type !== "MapField" || info.isCustom || !this.loaded || this.values?.[info.position] !== value) return undefined;
    return changedParts(info.name, this.#make(info, this.row[info.position]), value, info.kind.same);
  }

  /** Takes what a write gave. `assigned`: the changes that the instance had when it was sent; later ones stay. */
  adopt(found: Found, assigned: Record<string, unknown>, sentSets: SentSets): void {
    const before = this.row;
    const row = found.row ?? noRow;
    const values = this.values;
    this.values = null;
    this.row = row;
    this.id = found.id;
    this.exists = true;
    this.loaded = true;
    const replaced = new Map<number, unknown>();
    for (const [name, value] of Object.entries(assigned)) {
      const position = this.shape.byName.get(name)?.position;
      if (position === undefined || !this.changes?.has(position) || this.changes.get(position) !== value) continue;
      this.changes.delete(position);
      replaced.set(position, value);
    }
    this.#rebaseSets(before, values, replaced, sentSets);
    if (this.changes?.size === 0) this.changes = null;
  }

  // The caller may hold a set, and may have gone on with it while the write was under way: it stays the field's.
  #rebaseSets(before: Row, values: unknown[] | null, replaced: Map<number, unknown>, sentSets: SentSets): void {
    for (const info of this.shape.fields) {
      const held = replaced.get(info.position) ?? values?.[info.position];
      if (!(held instanceof Set) || info.kind.type !== "StringSetField" || info.custom) continue;
      const set = held as Set<unknown>;
      const sent = new Set<unknown>(sentSets.get(info.name) ?? ((before[info.position] ?? []) as unknown[]));
      const added = [...set].filter((member) => !sent.has(member));
      const deleted = [...sent].filter((member) => !set.has(member));
      set.clear();
      for (const member of [...((this.row[info.position] ?? []) as unknown[]), ...added]) set.add(member);
      for (const member of deleted) set.delete(member);
      (this.values ??= [])[info.position] = set;
    }
  }
}

/** Objects of a custom field are equal where what would be stored of them is. */
function sameValue({ kind, field, custom }: FieldInfo, left: unknown, right: unknown): boolean {
  if (kind.same(left, right)) return true;
  if (!custom?.toDy || left === null || left === undefined || right === null || right === undefined) return false;
  try {
    return kind.same(kind.assigned(field.toDy(left)), kind.assigned(field.toDy(right)));
  } catch {
    // What cannot be stored is a change, which validate or toDy will refuse when it is saved.
    return false;
  }
}

export type SetDifferences = { added: string[]; deleted: string[] };

/** By field: the members of each set when it was sent. */
export type SentSets = Map<string, readonly unknown[]>;
