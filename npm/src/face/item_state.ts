/** The values of one instance: the row it was read from, what was read of it, and what was changed since. */
import type { Found, Row } from "../bridge/contract.js";
import { type BatchScope, currentScope } from "./context.js";
import { copyOf, snapshotOf } from "./copies.js";
import { ConfigurationError } from "./errors.js";
import { isIncrement, sameTree } from "./field_kinds.js";
import type { BaoModel } from "./model.js";
import { changedParts } from "./map_parts.js";
import { platform } from "./platform.js";
import { isKept, rebase } from "./rebasing.js";
import type { FieldInfo, Shape } from "./shape.js";

const noRow: Row = [];

/** Its identity tells the same value assigned again, such as another "+1", from the one that was sent. */
interface Assigned {
  readonly value: unknown;
  isSent: boolean;
}

/** Stands for what a hook or custom field replaced by what it sent. */
const replaced = Symbol("replaced");

/** What a write took of an instance. */
export interface Sending {
  /** By position. Later assignments stay changes. */
  readonly assigned: ReadonlyMap<number, Assigned>;
  /** By position: objects that the instance has, as they were when they were sent; of custom fields what is stored of them. */
  readonly held: Map<number, unknown>;
}

export class ItemState {
  row: Row = noRow;
  /** The primary id; "" where it is not known yet. */
  id = "";
  exists = true;
  /** Read from the table, or written to it. */
  loaded = false;
  /** On whose behalf it was read or written; "": nobody's. */
  tenant = "";
  /** The fields that were read; undefined: all. */
  projected: readonly string[] | undefined;
  /** Values made from the row, by position. */
  values: unknown[] | null = null;
  /** Assigned values that differ from the row's, or may when the write that is under way is done; by position. */
  changes: Map<number, Assigned> | null = null;
  /** Related items, by the position of the field. */
  related: Map<number, BaoModel> | null = null;
  read = 0;
  write = 0;
  /** Writes that are under way. */
  #sending = 0;
  /** Those whose hooks run. */
  #preparing = 0;
  /** The last of those that were sent, and the context that it was sent in. */
  #turn: Promise<unknown> | undefined;
  #turnScope: BatchScope | null = null;
  /** Objects among the values that were assigned: they may be another item's too. */
  #given: WeakSet<object> | null = null;

  constructor(readonly shape: Shape) {}

  get(info: FieldInfo): unknown {
    const { position } = info;
    const assigned = this.changes?.get(position);
    return assigned === undefined ? this.stored(info) : assigned.value;
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
    const settled = this.#sending === 0;
    if (value === undefined && !this.loaded && settled) {
      this.changes?.delete(info.position);
      return;
    }
    const assigned = value === undefined ? null : info.kind.assigned(value, info);
    const before = this.get(info);
    if (info.related !== undefined && assigned !== before) this.related?.delete(info.position);
    // The value itself, assigned to its own field (`user.tags = user.tags.add("x")`), changed in place if at all.
    if (typeof value === "object" && value !== null && value === before) return;
    if (this.loaded && settled && this.#isStored(info, assigned)) {
      this.changes?.delete(info.position);
      // What was changed in place is taken back too.
      if (this.values !== null) this.values[info.position] = undefined;
      return;
    }
    (this.changes ??= new Map()).set(info.position, { value: assigned, isSent: false });
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
      for (const [position, { value, isSent }] of this.changes) {
        const info = this.shape.fields[position]!;
        // Another save meanwhile must not add it a second time.
        if (!(isSent && isAddition(info, value))) result[info.name] = value;
      }
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

  /** Runs what comes before a write's turn: it may write other instances, whose hooks may write this one. */
  async prepare(work: () => Promise<void>): Promise<void> {
    // Saves of each other's in hooks never end; so many of one instance are nothing else.
    const { modelName } = this.shape;
    if (this.#preparing > 499) throw new ConfigurationError(`${modelName}: more than 500 saves of one instance at once`, modelName);
    this.#preparing += 1;
    try {
      await work();
    } finally {
      this.#preparing -= 1;
    }
  }

  /**
   * Writes of one instance follow one another, as networks may turn them round; one of several instances comes after what each
   * of them is in. In a Worker only those of one batch context: one request must not wait for another, which may end without
   * a word. The turns are taken at once, so that no two writes wait for each other.
   */
  static inTurn<R>(states: Iterable<ItemState>, write: () => Promise<R>): Promise<R> {
    const scope = currentScope();
    const all = [...states];
    const before = all.filter((state) => platform().files !== undefined || (scope !== null && scope === state.#turnScope)).flatMap((state) => state.#turn ?? []);
    const mine = before.length > 0 ? Promise.allSettled(before).then(write) : write();
    for (const state of all) {
      state.#turn = mine;
      state.#turnScope = scope;
    }
    return mine;
  }

  /** A write takes the changes that there are. `end` has to follow, whatever becomes of it. */
  begin(): Sending {
    this.#sending += 1;
    for (const assigned of this.changes?.values() ?? []) assigned.isSent = true;
    return { assigned: new Map(this.changes), held: new Map() };
  }

  /** These changes are sent now, as they are. */
  send({ assigned, held }: Sending, changes: Record<string, unknown>): void {
    for (const name of Object.keys(changes)) {
      const info = this.shape.byName.get(name);
      if (info === undefined) continue;
      const value = assigned.get(info.position)?.value ?? this.values?.[info.position];
      if (typeof value !== "object" || value === null) continue;
      const isReplaced = isOpaque(info) && changes[name] !== value;
      held.set(info.position, isReplaced ? replaced : snapshotOf(storedForm(info, value)));
    }
  }

  /** Takes what a write gave. */
  adopt(found: Found, sending: Sending): void {
    const held: unknown[] = [...(this.values ?? [])];
    for (const [position, sent] of sending.assigned) {
      if (this.changes?.get(position) !== sent) continue;
      this.changes.delete(position);
      held[position] = sent.value;
      if (typeof sent.value === "object" && sent.value !== null) (this.#given ??= new WeakSet()).add(sent.value);
    }
    if (this.changes?.size === 0) this.changes = null;
    this.id = found.id;
    this.#take(found.row ?? noRow, held, sending.held);
  }

  /** What was assigned while nobody knew what would be stored may be no change after all. */
  end(): void {
    this.#sending -= 1;
    if (this.#sending > 0 || this.changes === null) return;
    for (const [position, assigned] of this.changes) {
      const { value } = assigned;
      assigned.isSent = false;
      const isObject = typeof value === "object" && value !== null;
      if (this.loaded && !isObject && this.#isStored(this.shape.fields[position]!, value)) this.changes.delete(position);
    }
    if (this.changes.size === 0) this.changes = null;
  }

  /** Takes what a read gave. Changes stay. */
  refresh(row: Row): void {
    this.#take(row, this.values ?? [], new Map());
  }

  #take(row: Row, held: readonly unknown[], sent: ReadonlyMap<number, unknown>): void {
    const before = this.row;
    this.values = null;
    this.row = row;
    this.exists = true;
    this.loaded = true;
    held.forEach((value, position) => {
      const info = this.shape.fields[position]!;
      if (typeof value !== "object" || value === null) return;
      const was = sent.get(position);
      const now = isOpaque(info)
        ? this.#rebaseOpaque(info, value, before, was)
        : this.#rebase(value, was ?? this.#make(info, before[position]), this.#make(info, row[position]));
      if (now !== null && now !== undefined) (this.values ??= [])[position] = now;
    });
  }

  // What others wrote must not be put into an object that another item may have been given, too: then a copy takes its place.
  #rebase(held: object, sent: unknown, stored: unknown): unknown {
    if (!this.#given?.has(held)) return rebase(held, sent, stored);
    const merged = rebase(copyOf(held), sent, stored);
    return sameTree(merged, held) && isKept(held) ? held : merged;
  }

  // Only the user's code could put others' parts into it: undefined has it made of the row when it is read next.
  #rebaseOpaque(info: FieldInfo, held: unknown, before: Row, sent: unknown): unknown {
    const { position, kind } = info;
    try {
      const isEdited =
        sent === undefined ? !sameValue(info, held, this.#make(info, before[position])) : sent !== replaced && !kind.same(storedForm(info, held), sent);
      return isEdited || sameValue(info, held, this.#make(info, this.row[position])) ? held : undefined;
    } catch {
      // What cannot be stored is a change, which validate or toDy will refuse when it is saved.
      return held;
    }
  }
}

/** Objects of a custom type are known by what is stored of them; what an expression makes of a value is another one. */
function isOpaque({ custom }: FieldInfo): boolean {
  return custom !== undefined && (custom.toDy || custom.fromDy || custom.getUpdateExpression);
}

function storedForm(info: FieldInfo, value: unknown): unknown {
  if (!info.custom?.toDy || value === null || value === undefined) return value;
  return info.kind.assigned(info.field.toDy(value));
}

/** What a custom field's expression makes may be one, too. */
function isAddition({ kind, custom }: FieldInfo, value: unknown): boolean {
  return custom?.getUpdateExpression === true || isIncrement(kind, value);
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
