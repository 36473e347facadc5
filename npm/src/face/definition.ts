/** A model's class in the shape of the YAML's `models:`, which is what the core registers. */
import type { ModelClass } from "../types.js";
import { customKeyNumber } from "./custom_keys.js";
import { ConfigurationError } from "./errors.js";
import { refuseStrange } from "./options.js";
import { type FieldInfo, overrides, type Shape } from "./shape.js";
import { fieldToTagged } from "./tagged.js";

type Definition = Record<string, unknown>;

/** Options of fields that the core knows; others belong to custom fields. */
const fieldOptions = ["required", "autoAssign", "maxLength", "precision", "maxStringLength", "maxMemberCount"] as const;

/** Statics that the core is told as they are. */
const plainStatics = ["modelPrefix", "tableType", "iterable", "iterationBuckets", "keyFormat", "searchable"];

/** Buckets of a class written by hand that does not say (YAML: 10). */
const iterationBucketsDefault = 100;

export function definitionOf(model: ModelClass, shape: Shape): Definition {
  const statics = model as unknown as Definition;
  const definition: Definition = { fields: {} };
  // A class has statics of its own, too; beside one of ours, what looks like it is meant as it is.
  const missing = [...plainStatics, "fields", "primaryKey", "indexes", "uniqueConstraints"].filter((name) => !Object.hasOwn(model, name));
  refuseStrange("ConfigurationError", model.name, model, missing, true);
  for (const option of plainStatics) {
    if (statics[option] !== undefined && statics[option] !== null) definition[option] = statics[option];
  }
  if (definition["iterable"] === true) definition["iterationBuckets"] ??= iterationBucketsDefault;
  if (definition["searchable"] === false) delete definition["searchable"];
  for (const info of shape.fields) (definition["fields"] as Definition)[info.name] = fieldDefinition(info);
  if (statics["primaryKey"] !== undefined && statics["primaryKey"] !== null) {
    definition["primaryKey"] = keyDefinition(model, "primaryKey", statics["primaryKey"]);
  }
  const indexes = membersOf(model, "indexes");
  if (indexes.length > 0) {
    definition["indexes"] = Object.fromEntries(indexes.map(([name, index]) => [name, indexDefinition(model, name, index)]));
  }
  const constraints = membersOf(model, "uniqueConstraints");
  if (constraints.length > 0) {
    definition["uniqueConstraints"] = Object.fromEntries(
      constraints.map(([name, constraint]) => [name, uniqueDefinition(model, name, constraint)]),
    );
  }
  return definition;
}

function fieldDefinition({ shape, name, field, kind, related, isCustom }: FieldInfo): Definition {
  const definition: Definition = isCustom ? { type: "custom", storedAs: kind.type } : { type: kind.type };
  if (overrides(field, "toGsi")) definition["#customKey"] = customKeyNumber(field);
  for (const option of fieldOptions) {
    const value = field.options[option];
    if (value !== undefined && value !== null) definition[option] = value;
  }
  if (related !== undefined) definition["model"] = related;
  const { defaultValue } = field;
  if (defaultValue !== undefined && defaultValue !== null && typeof defaultValue !== "function" && !isCustom) {
    definition["defaultValue"] = fieldToTagged(shape.modelName, name, kind.assigned(defaultValue));
  }
  return definition;
}

function membersOf(model: ModelClass, name: "indexes" | "uniqueConstraints"): [string, unknown][] {
  const members = (model as unknown as Definition)[name];
  if (members === undefined || members === null) return [];
  if (typeof members !== "object") throw new ConfigurationError(`${model.name}: static ${name} must be an object`, model.name);
  return Object.entries(members);
}

function record(model: ModelClass, name: string, value: unknown, made: string): Definition {
  if (typeof value !== "object" || value === null) {
    throw new ConfigurationError(`${model.name}.${name}: must be made with ${made}`, model.name);
  }
  return value as Definition;
}

function keyDefinition(model: ModelClass, name: string, value: unknown): Definition {
  const { pk, sk } = record(model, name, value, "PrimaryKeyConfig");
  const definition: Definition = { partitionKey: pk };
  // Without a sort key the prefix stands there.
  if (sk !== undefined && sk !== "modelPrefix") definition["sortKey"] = sk;
  return definition;
}

function indexDefinition(model: ModelClass, name: string, value: unknown): unknown {
  if (value === "primaryKey") return value;
  const { pk, sk, indexId } = record(model, name, value, "IndexConfig");
  const key = model.primaryKey as { pk?: unknown; sk?: unknown } | undefined;
  if (indexId === undefined && key !== undefined && pk === key.pk && sk === key.sk) return "primaryKey";
  const definition: Definition = { partitionKey: pk, sortKey: sk };
  if (indexId !== undefined) definition["indexId"] = indexId;
  return definition;
}

function uniqueDefinition(model: ModelClass, name: string, value: unknown): Definition {
  const { field, constraintId } = record(model, name, value, "UniqueConstraintConfig");
  const definition: Definition = { field };
  if (constraintId !== undefined) definition["uniqueConstraintId"] = constraintId;
  return definition;
}

/** How many buckets iteration spreads a model's items over; 1 where it is not iterable. */
export function iterationBuckets(model: ModelClass): number {
  return model.iterable === true ? (model.iterationBuckets ?? iterationBucketsDefault) : 1;
}
