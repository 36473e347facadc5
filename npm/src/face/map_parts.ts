/** Maps that were changed in place, as the parts that differ: two writers of different parts both last. */
import { isPlain, own } from "./copies.js";

/** Beyond this many, the whole map says it shorter. */
const partsMax = 50;

/** `address.city`, or `address["a key with a . in it"]`. */
function pathTo(path: string, key: string): string {
  return /[.[\]]/.test(key) ? `${path}[${JSON.stringify(key)}]` : `${path}.${key}`;
}

/**
 * What has changed between two states of a map: values by their paths, null for what is gone. Lists are values: positions
 * mean something else after somebody else's change. Nothing where the map is to be written whole: paths cannot say that a
 * value is null, or lead through empty keys.
 */
export function changedParts(field: string, before: unknown, now: unknown, same: (a: unknown, b: unknown) => boolean): Record<string, unknown> | undefined {
  const parts: Record<string, unknown> = {};
  const compare = (path: string, old: Record<string, unknown>, map: Record<string, unknown>): boolean => {
    for (const key of new Set([...Object.keys(old), ...Object.keys(map)])) {
      const [was, is] = [own(old, key), own(map, key)];
      if (same(was, is)) continue;
      if (key === "" || is === null) return false;
      const at = pathTo(path, key);
      if (isPlain(was) && isPlain(is)) {
        if (!compare(at, was, is)) return false;
      } else {
        parts[at] = is === undefined ? null : is;
      }
    }
    return true;
  };
  if (!isPlain(before) || !isPlain(now) || !compare(field, before, now)) return undefined;
  return Object.keys(parts).length > partsMax ? undefined : parts;
}
