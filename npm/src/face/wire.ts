/** The user's data as the contract's: checked by custom fields, and tagged. */
import type { Tagged } from "../bridge/contract.js";
import { setMember } from "./copies.js";
import { ofModel, ValidationError } from "./errors.js";
import { isIncrement } from "./field_kinds.js";
import type { ItemState, Sending } from "./item_state.js";
import type { FieldInfo, Shape } from "./shape.js";
import { fieldToTagged, toTagged } from "./tagged.js";
import { illFormed, isIllFormed } from "./unicode.js";

/** What a value is for. Writes may add to a counter; only changes have an expression of a custom field's own. */
export type Use = "comparison" | "creation" | "change";

export function toWire(info: FieldInfo, value: unknown, use: Use): Tagged {
  if (use === "change" && info.custom?.getUpdateExpression) return customUpdate(info, value);
  if (value === null || value === undefined) return null;
  return storedToWire(info, info.custom?.toDy ? info.field.toDy(value) : value, use);
}

// The core looks at what the user's code gave, and words the request.
function customUpdate(info: FieldInfo, value: unknown): Tagged {
  const { field, name, custom } = info;
  const stored = value === null || value === undefined ? null : custom?.toDy ? field.toDy(value) : value;
  const { type, expression, attrNameKey, attrValueKey, fieldValue } = field.getUpdateExpression(name, stored);
  if (type === "SET" && expression === `${attrNameKey} = ${attrValueKey}`) return storedToWire(info, fieldValue, "change");
  return { "#x": { type, expression, attrNameKey, attrValueKey, fieldValue: storedToWire(info, fieldValue, "comparison") } };
}

function storedToWire(info: FieldInfo, stored: unknown, use: Use): Tagged {
  if (stored === null || stored === undefined) return null;
  if (use !== "comparison" && isIncrement(info.kind, stored)) {
    return { "#i": stored.startsWith("+") ? stored.slice(1) : stored };
  }
  if (info.kind.type === "JsonField") return jsonText(info, stored);
  return fieldToTagged(info.shape.modelName, info.name, info.kind.assigned(stored, info));
}

/** A value to compare with, as it is stored. */
export function storedValue(info: FieldInfo, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  const stored = info.custom?.toDy ? info.field.toDy(value) : value;
  return info.kind.type === "JsonField" ? jsonText(info, stored) : info.kind.assigned(stored, info);
}

// What JSON makes of the value is what is stored: a Date as its text, undefined members left out.
function jsonText(info: FieldInfo, value: unknown): Tagged {
  const refused = (why: string): ValidationError =>
    ofModel(info.shape.modelName, new ValidationError(`${info.shape.modelName}.${info.name}: no JSON value: ${why}`, info.name, value));
  if (typeof value === "function" || typeof value === "symbol") throw refused(`a ${typeof value}`);
  try {
    return JSON.stringify(value) ?? null;
  } catch (error) {
    throw refused((error as Error).message);
  }
}

/** What is stored of a field of a row. */
export function rowToWire({ row }: ItemState, { kind, name, position, shape }: FieldInfo): Tagged {
  const raw = row[position] ?? null;
  return raw === null || kind.type === "JsonField" ? raw : fieldToTagged(shape.modelName, name, kind.materialise(raw));
}

/** Data of a new item, or changes of one: what is undefined is left out, what is no field is refused by the core. */
export function dataToWire(shape: Shape, data: Record<string, unknown>, use: Use): Record<string, Tagged> {
  const wire: Record<string, Tagged> = {};
  for (const name of Object.keys(data)) {
    const value = data[name];
    if (value === undefined) continue;
    const info = shape.byName.get(name);
    setMember(wire, name, info === undefined ? partToWire(shape, name, value) : toWire(info, value, use));
  }
  return wire;
}

/** A whole item has no additions to what is stored: they are made to what the instance was read with. */
export function addUp({ row, shape }: ItemState, wire: Record<string, Tagged>): Record<string, Tagged> {
  for (const { kind, name, position } of shape.fields) {
    const added = (wire[name] as { "#i"?: string } | null | undefined)?.["#i"];
    if (added && kind.type === "CounterField") wire[name] = toTagged(BigInt((row[position] ?? 0) as string) + BigInt(added));
  }
  return wire;
}

/** A value within a field, which the core finds by the path. */
function partToWire({ modelName }: Shape, path: string, value: unknown): Tagged {
  if (isIllFormed(path)) throw ofModel(modelName, new ValidationError(`${modelName}.${path}: ${illFormed}`, path, value));
  return fieldToTagged(modelName, path, value);
}

/** An instance's changes, which `sending` is told as they are sent. */
export function changesToWire(state: ItemState, changes: Record<string, unknown>, sending: Sending, creates: boolean): Record<string, Tagged> {
  const wire = dataToWire(state.shape, changes, creates ? "creation" : "change");
  for (const name of Object.keys(changes)) {
    const info = state.shape.byName.get(name);
    const value = changes[name];
    if (info === undefined) continue;
    const parts = creates ? undefined : state.mapParts(info, value);
    if (parts !== undefined) {
      delete wire[name];
      for (const path of Object.keys(parts)) wire[path] = partToWire(state.shape, path, parts[path]);
    }
    const differences = state.setDifferences(info, value);
    if (differences !== undefined) wire[name] = { "#e": differences };
  }
  state.send(sending, changes);
  return wire;
}

/** Lets custom fields change and check what is about to be written. */
export async function applyCustomFields(shape: Shape, data: Record<string, unknown>, isNew: boolean): Promise<void> {
  for (const { field, name } of shape.custom) {
    const updated = (await field.updateBeforeSave(data[name])) as unknown;
    if (updated !== data[name]) data[name] = updated;
    if (data[name] !== undefined || isNew) await field.validate(data[name], name);
  }
}

/** Default values, as new items get them. */
export function applyInitialValues(shape: Shape, data: Record<string, unknown>): void {
  for (const { field, name } of shape.initial) {
    if (data[name] !== undefined) continue;
    const initial = field.getInitialValue();
    if (initial !== undefined) data[name] = initial;
  }
}
