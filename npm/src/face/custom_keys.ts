/** Texts in keys that custom fields make: their `toGsi`, which the core asks for whenever it makes a key of a stored value. */
import type { Core, CoreSettings } from "../bridge/contract.js";
import { ValidationError } from "./errors.js";
import type { BaseField } from "./fields.js";
import { toTagged } from "./tagged.js";
import { illFormed, isIllFormed } from "./unicode.js";

const fields: BaseField[] = [];
const numbers = new WeakMap<BaseField, number>();

/** The number by which the core knows the field's code; from 1 on. */
export function customKeyNumber(field: BaseField): number {
  let number = numbers.get(field);
  if (number === undefined) {
    number = fields.push(field);
    numbers.set(field, number);
  }
  return number;
}

// What is being asked for, for `super.toGsi`.
let asked: { core: Core; model: number; field: number } | undefined;

/** The text of the type that a field is stored as. */
export function storedKeyText(value: unknown): string {
  if (asked === undefined) throw new ValidationError("toGsi is asked for by the library alone, which knows the model's key format");
  return asked.core.keyText(asked.model, asked.field, toTagged(value));
}

/** Errors of the users' code, until the core's error comes that stands for them. The newest few: some are never told. */
const thrown = new Map<number, unknown>();
const thrownMax = 100;
let threw = 0;

function keep(error: unknown): number {
  threw = (threw % 1_000_000) + 1;
  thrown.set(threw, error);
  if (thrown.size > thrownMax) thrown.delete(thrown.keys().next().value!);
  return threw;
}

/** The error that the core's stands for. */
export function thrownError(message: string): Error | undefined {
  const number = /custom field error (\d+)$/.exec(message)?.[1];
  return number === undefined ? undefined : (thrown.get(Number(number)) as Error | undefined);
}

/** The text of a stored value, or the number of the error that the user's code threw. */
export const customKeyText: CoreSettings["customKey"] = (core, key, model, field, value) => {
  const outer = asked;
  asked = { core, model, field };
  try {
    const text: unknown = fields[key - 1]!.toGsi(value);
    if (typeof text !== "string") throw new ValidationError(`toGsi must give a string, not ${String(text)}`, undefined, value);
    if (isIllFormed(text)) throw new ValidationError(`toGsi gave ${JSON.stringify(text)}: ${illFormed}`, undefined, value);
    return text;
  } catch (error) {
    return keep(error);
  } finally {
    asked = outer;
  }
};
