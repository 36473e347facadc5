/** The errors' names, and the objects for errors of the core. */
import type { CoreError } from "../bridge/contract.js";
import { BaoError, ValidationError } from "./errors.js";
import * as exceptions from "./exceptions.js";

// By these names, also where a bundler has shortened those of the classes.
for (const [name, { prototype }] of Object.entries(exceptions)) {
  Object.defineProperty(prototype, "name", { value: name, configurable: true, writable: true });
}

/** The object of the right class for an error of the core. */
export function makeError(error: CoreError): Error {
  const made = errorOfKind(error);
  if (error.model && made instanceof BaoError) made.modelName = error.model;
  if (error.given && made instanceof ValidationError) made.given = error.given;
  return made;
}

/** What the constructors take after the message; those not here take all of the error, or nothing. */
const details: Record<string, readonly (keyof CoreError | "")[]> = {
  BaoError: [],
  ConfigurationError: ["model"],
  ValidationError: ["field", "value"],
  QueryError: ["index", "field"],
  ItemNotFoundError: ["primaryId"],
  ConditionalError: ["operation", "condition", "field"],
  DataFormatError: ["value", "", "field"],
};

function errorOfKind(error: CoreError): Error {
  const kind = error.kind in exceptions ? (error.kind as keyof typeof exceptions) : "BaoError";
  const made = exceptions[kind] as new (message: string, ...details: unknown[]) => Error;
  return new made(error.message, ...(details[kind]?.map((name) => error[name as keyof CoreError]) ?? [error]));
}
