/** Classes, as a user would write them by hand, from a scenario's models. */
import { BaoModel, fields, IndexConfig, PrimaryKeyConfig, UniqueConstraintConfig } from "./library.js";

type Definition = Record<string, any>;

function fieldOf({ type, model, ...options }: Definition): any {
  const make = (fields as unknown as Record<string, (...args: unknown[]) => unknown>)[type as string];
  if (make === undefined) throw new Error(`there is no field type ${type}`);
  return type === "RelatedField" ? make(model, options) : make(options);
}

function indexOf(index: Definition | string): any {
  return typeof index === "string" ? index : IndexConfig(index["partitionKey"], index["sortKey"], index["indexId"]);
}

const mapped = (members: Definition | undefined, make: (member: any) => unknown): any =>
  Object.fromEntries(Object.entries(members ?? {}).map(([name, member]) => [name, make(member)]));

export function classesOf(models: Definition): Record<string, typeof BaoModel> {
  return mapped(models, (definition: Definition) => {
    const made = class extends BaoModel {};
    const { primaryKey, iterable, iterationBuckets = 10, searchable, keyFormat, tableType, modelPrefix } = definition;
    Object.assign(made, {
      modelPrefix,
      ...(tableType && { tableType }),
      ...(keyFormat && { keyFormat }),
      ...(iterable !== undefined && { iterable }),
      ...(iterable && { iterationBuckets }),
      ...(searchable !== undefined && { searchable }),
      fields: mapped(definition["fields"], fieldOf),
      primaryKey: PrimaryKeyConfig(primaryKey.partitionKey, primaryKey.sortKey),
      indexes: mapped(definition["indexes"], indexOf),
      uniqueConstraints: mapped(definition["uniqueConstraints"], (each) => UniqueConstraintConfig(each.field, each.uniqueConstraintId)),
    });
    return made;
  });
}
