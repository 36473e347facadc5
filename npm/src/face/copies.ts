/** Copies of values that are changed in place: nothing of what can be changed is shared with the original. */

/** An object of braces, as maps are read. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Not what only looks like an object without members, as a regular expression does. Of any class, and any realm. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** Objects of the user's classes are not copied, as only their class could do it. */
export function copyOf<T>(value: T): T {
  return copy(value, new Map(), isPlain) as T;
}

/** A copy to compare with later: objects of classes are copied too, as objects of their members, which is what is stored of them. */
export function snapshotOf(value: unknown): unknown {
  return copy(value, new Map(), (object) => typeof object["toJSON"] !== "function");
}

function copy(value: unknown, made: Map<object, unknown>, isCopied: (value: Record<string, unknown>) => boolean): unknown {
  if (typeof value !== "object" || value === null) return value;
  // A cycle is refused elsewhere, by the field's name.
  if (made.has(value)) return made.get(value);
  if (value instanceof Date) return new Date(value);
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    made.set(value, list);
    for (const member of value as unknown[]) list.push(copy(member, made, isCopied));
    return list;
  }
  if (value instanceof Set) return new Set([...(value as Set<unknown>)].map((member) => copy(member, made, isCopied)));
  if (value instanceof Map) return new Map([...(value as Map<unknown, unknown>)].map(([name, member]) => [name, copy(member, made, isCopied)]));
  if (!isCopied(value as Record<string, unknown>)) return value;
  const result: Record<string, unknown> = {};
  made.set(value, result);
  for (const [name, member] of Object.entries(value)) setMember(result, name, copy(member, made, isCopied));
  return result;
}

/** A member of the object's own: others have `constructor` and `__proto__`, too. */
export function own(map: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Plain assignment of the name `__proto__` would set the prototype. */
export function setMember(map: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  else map[name] = value;
}
