// A side of the interop test that is an npm package, the older one or ours: works through cases.yaml on a table.

import assert from "node:assert/strict";

// The types of cases.yaml in JavaScript.
export function toValue(node) {
  if (node === null || typeof node !== "object" || Array.isArray(node)) return node;
  const [kind, argument] = Object.entries(node)[0];
  if (kind === "$date") return new Date(argument);
  if (kind === "$binary") return Buffer.from(argument, "base64");
  if (kind === "$set") return new Set(argument);
  throw new Error(`unknown value ${kind}`);
}

const toData = (node) => Object.fromEntries(Object.entries(node).map(([name, value]) => [name, toValue(value)]));

function plain(value) {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return { date: value.getTime() };
  if (value instanceof Uint8Array) return { binary: Buffer.from(value).toString("hex") };
  if (value instanceof Set) return value.size === 0 ? null : { set: [...value].sort() };
  return value;
}

function check(fields, item, where) {
  assert.ok(item.exists(), `${where} is not found`);
  for (const [name, value] of Object.entries(fields)) {
    assert.deepEqual(plain(item[name]), plain(value), `${where}.${name}`);
  }
}

function defineModel(bao, name, definition, keyFormat) {
  const { fields, PrimaryKeyConfig, IndexConfig, UniqueConstraintConfig } = bao;
  const makers = Object.entries(definition.fields).map(([field, { type, model, ...options }]) => {
    const settings = { ...options };
    return [field, type === "RelatedField" ? fields[type](model, settings) : fields[type](settings)];
  });
  const { partitionKey, sortKey } = definition.primaryKey;
  const indexes = Object.entries(definition.indexes ?? {}).map(([index, keys]) => [
    index,
    IndexConfig(keys.partitionKey, keys.sortKey, keys.indexId),
  ]);
  const unique = Object.entries(definition.uniqueConstraints ?? {}).map(([constraint, about]) => [
    constraint,
    UniqueConstraintConfig(about.field, `_${about.uniqueConstraintId}`),
  ]);
  const model = class extends bao.BaoModel {};
  Object.defineProperty(model, "name", { value: name });
  return Object.assign(model, {
    modelPrefix: definition.modelPrefix,
    keyFormat,
    iterable: definition.iterable ?? false,
    iterationBuckets: definition.iterationBuckets ?? 10,
    fields: Object.fromEntries(makers),
    primaryKey: sortKey === undefined ? PrimaryKeyConfig(partitionKey) : PrimaryKeyConfig(partitionKey, sortKey),
    indexes: Object.fromEntries(indexes),
    uniqueConstraints: Object.fromEntries(unique),
  });
}

async function read(model, item, changed) {
  const where = `${item.model} '${item.id}'`;
  const fields = toData(changed ? { ...item.data, ...item.changes } : item.data);
  check(fields, await model.find(item.id), where);
  for (const { index, partition } of item.queries ?? []) {
    // In an index over all items the package expects the model's prefix for the value.
    const value = partition === undefined ? model.modelPrefix : fields[partition];
    const { items } = await model.queryByIndex(index, value);
    const same = items.filter((found) => found.getPrimaryId() === item.id);
    assert.equal(same.length, 1, `${where} is ${same.length} times in ${index}`);
    check(fields, same[0], `${where} in ${index}`);
  }
  for (const [constraint, field] of Object.entries(item.unique ?? {})) {
    check(fields, await model.findByUniqueConstraint(constraint, fields[field]), `${where} by ${constraint}`);
  }
}

async function iterated(models, cases) {
  for (const [name, model] of Object.entries(models)) {
    if (!model.iterable) continue;
    const ids = [];
    for await (const batch of model.iterateAll()) ids.push(...batch.map((item) => item.getPrimaryId()));
    const expected = cases.items.filter((item) => item.model === name).map((item) => item.id);
    assert.deepEqual(ids.sort(), expected.sort(), `iteration over ${name}`);
  }
}

/// `bao`: the package's exports. `tenant`: empty for none. `endpoint`: undefined where the package's requests are led to an
/// engine by the caller. Gives a function that works through one phase on a table.
export function npmSide(bao, cases, tenant, endpoint) {
  const models = Object.fromEntries(
    Object.entries(cases.models).map(([name, definition]) => {
      // The older package left tenants out of keys that the model's prefix partitions; it knows no other format, and no member.
      const keyFormat = tenant === "" ? (definition.keyFormat ?? 2) : 1;
      return [name, defineModel(bao, name, definition, keyFormat)];
    }),
  );
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const work = async (phase, table) => {
    const tenancy = { enabled: tenant !== "" };
    const aws = endpoint === undefined ? { region: "us-west-2" } : { region: "us-west-2", endpoint, credentials };
    const manager = bao.initModels({ models, aws, db: { tableName: table }, logging: { level: "OFF" }, tenancy });
    if (phase === "create-table") return manager.createTable();
    for (const item of cases.items) {
      const model = models[item.model];
      if (phase === "write") await model.create(toData(item.data));
      else if (phase === "change") await model.update(item.id, toData(item.changes));
      else if (phase === "delete") await model.delete(item.id);
      else await read(model, item, phase === "read-changed");
    }
    if (phase.startsWith("read") && models.Everything.iterateAll !== undefined) await iterated(models, cases);
  };
  return (phase, table) =>
    tenant === "" ? work(phase, table) : bao.TenantContext.runWithTenant(tenant, () => work(phase, table));
}
