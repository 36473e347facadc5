// The tables that cases run on: every kind of key, with and without indexes, every projection.

const definition = (name, type) => ({ AttributeName: name, AttributeType: type });
const schema = (partition, sort) => [
  { AttributeName: partition, KeyType: "HASH" },
  ...(sort ? [{ AttributeName: sort, KeyType: "RANGE" }] : []),
];
const projections = {
  ALL: { ProjectionType: "ALL" },
  KEYS_ONLY: { ProjectionType: "KEYS_ONLY" },
  INCLUDE: { ProjectionType: "INCLUDE", NonKeyAttributes: ["a", "m"] },
};
const globalIndex = (name, partition, sort, projection) => ({
  name, global: true, partition, sort, projection,
  request: { IndexName: name, KeySchema: schema(partition, sort), Projection: projections[projection] },
});
const localIndex = (name, sort, projection) => ({
  name, global: false, partition: "p", sort, projection,
  request: { IndexName: name, KeySchema: schema("p", sort), Projection: projections[projection] },
});

/** Types of p, s (none: undefined), g, h, l. */
const shapes = [
  { types: { p: "S" }, indexes: [] },
  { types: { p: "N" }, indexes: [] },
  { types: { p: "S", s: "S" }, indexes: [] },
  { types: { p: "B", s: "N" }, indexes: [] },
  { types: { p: "S", s: "N", g: "S" }, indexes: [globalIndex("gsi", "g", undefined, "ALL")] },
  { types: { p: "S", s: "S", g: "S", h: "N" }, indexes: [globalIndex("gsi", "g", "h", "INCLUDE"), globalIndex("gsi2", "h", undefined, "KEYS_ONLY")] },
  { types: { p: "S", s: "S", l: "S" }, indexes: [localIndex("lsi", "l", "ALL")] },
  { types: { p: "S", s: "B", l: "N", g: "S" }, indexes: [localIndex("lsi", "l", "KEYS_ONLY"), globalIndex("gsi", "g", "s", "KEYS_ONLY")] },
  { types: { p: "N", s: "S", l: "S" }, indexes: [localIndex("lsi", "l", "INCLUDE")] },
  { types: { p: "S", g: "B" }, indexes: [globalIndex("gsi", "g", "p", "INCLUDE")] },
];

export function makeTable(random, name) {
  const shape = random.pick(shapes);
  const locals = shape.indexes.filter((index) => !index.global).map((index) => index.request);
  const globals = shape.indexes.filter((index) => index.global).map((index) => index.request);
  return {
    name,
    types: shape.types,
    partition: "p",
    sort: shape.types.s ? "s" : undefined,
    indexes: shape.indexes,
    create: {
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: Object.entries(shape.types).map(([attribute, type]) => definition(attribute, type)),
      KeySchema: schema("p", shape.types.s && "s"),
      ...(locals.length > 0 ? { LocalSecondaryIndexes: locals } : {}),
      ...(globals.length > 0 ? { GlobalSecondaryIndexes: globals } : {}),
    },
  };
}

/** Names of the key attributes that a LastEvaluatedKey of the index (or table) has. */
export function keyNames(table, index) {
  const names = new Set([table.partition]);
  if (table.sort) names.add(table.sort);
  if (index) {
    names.add(index.partition);
    if (index.sort) names.add(index.sort);
  }
  return [...names];
}
