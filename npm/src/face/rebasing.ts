/**
 * Objects that the user may hold (maps, lists, sets, dates, bytes), when the item is another now: after a write, or a read
 * that found it changed.
 *
 * The object stays the instance's value, so that a reference taken before lasts. What the user changed since it was sent
 * stays a change. Where others wrote, a map, list or set gets their parts put into it: members of maps and sets are merged,
 * lists are taken as a whole, as they are written. Dates and bytes are never filled: whoever kept `user.changedAt` means that
 * moment. They are replaced, as is what others removed, made another type, or what cannot be filled (frozen, of a class, or
 * assigned by the user, who may have given it to another item as well: see ItemState).
 */
import { isPlain, own, setMember } from "./copies.js";
import { sameTree } from "./field_kinds.js";

type Members = Record<string, unknown>;

/** `held`: what the user has; `sent`: what it was as the write took it; `stored`: what the item has now. */
export function rebase(held: unknown, sent: unknown, stored: unknown): unknown {
  if (isPlain(held) && isPlain(stored) && isFillable(held)) {
    if (isPlain(sent)) return rebaseMap(held, sent, stored);
  } else if (held instanceof Set && sent instanceof Set && stored instanceof Set) {
    return rebaseSet(held, sent, stored);
  }
  if (!sameTree(held, sent)) return held;
  if (Array.isArray(held) && Array.isArray(sent) && Array.isArray(stored) && isFillable(held)) return rebaseList(held, sent, stored);
  return isKept(held) && sameTree(held, stored) ? held : stored;
}

function isFillable(value: object): boolean {
  return Object.isExtensible(value);
}

/** Others read back as another type. */
export function isKept(value: unknown): boolean {
  return !(value instanceof Map) && !(value instanceof ArrayBuffer) && (!ArrayBuffer.isView(value) || value instanceof Uint8Array);
}

function rebaseMap(held: Members, sent: Members, stored: Members): Members {
  for (const name of new Set([...Object.keys(held), ...Object.keys(stored)])) {
    const value = rebase(own(held, name), own(sent, name), own(stored, name));
    if (value === undefined) delete held[name];
    else if (!Object.is(value, own(held, name))) setMember(held, name, value);
  }
  return held;
}

function rebaseSet(held: Set<unknown>, sent: Set<unknown>, stored: Set<unknown>): Set<unknown> {
  const added = [...held].filter((member) => !sent.has(member));
  const deleted = [...sent].filter((member) => !held.has(member));
  held.clear();
  for (const member of [...stored, ...added]) held.add(member);
  for (const member of deleted) held.delete(member);
  return held;
}

// The list is as it was sent.
function rebaseList(held: unknown[], sent: unknown[], stored: unknown[]): unknown[] {
  held.length = stored.length;
  for (const [i, value] of stored.entries()) held[i] = rebase(held[i], sent[i], value);
  return held;
}
