// Random requests for one table.
import { Placeholders, condition, projection, update } from "./expressions.mjs";
import { keyNames } from "./tables.mjs";
import { anySet, anyValue, attributeName, keyValue, numberValue, roughValue, scalar } from "./values.mjs";

function key(random, table) {
  const out = { [table.partition]: keyValue(random, table.types[table.partition]) };
  if (table.sort) out[table.sort] = keyValue(random, table.types[table.sort], 6);
  if (random.chance(0.003)) out.extra = { S: "x" };
  if (random.chance(0.003)) delete out[table.partition];
  return out;
}

function item(random, table) {
  const out = key(random, table);
  for (const name of Object.keys(table.types)) {
    if (name in out || name === "p" || name === "s") continue;
    if (random.chance(0.7)) out[name] = random.chance(0.01) ? anyValue(random) : keyValue(random, table.types[name], 6);
  }
  for (let more = random.below(5); more > 0; --more) out[attributeName(random)] = roughValue(random);
  return out;
}

function common(random, request) {
  if (random.chance(0.3)) request.ReturnConsumedCapacity = random.pick(["TOTAL", "INDEXES", "NONE"]);
  return request;
}

function conditioned(random, places, request, probability = 0.4) {
  if (random.chance(probability)) {
    request.ConditionExpression = condition(random, places);
    if (random.chance(0.3)) request.ReturnValuesOnConditionCheckFailure = random.pick(["ALL_OLD", "NONE"]);
  }
  return request;
}

const operators = ["EQ", "NE", "LE", "LT", "GE", "GT", "NOT_NULL", "NULL", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IN", "BETWEEN"];

function legacyCondition(random) {
  const comparison = random.pick(operators);
  const value = random.chance(0.05) ? anyValue(random) : undefined;
  const type = random.pick([(r) => ({ S: r.pick(["a", "ab", "b", "zz"]) }), numberValue]);
  const one = () => value ?? type(random);
  if (random.chance(0.005)) return { ComparisonOperator: comparison };
  if (comparison === "NULL" || comparison === "NOT_NULL") return { ComparisonOperator: comparison };
  const count = comparison === "BETWEEN" ? 2 : comparison === "IN" ? 1 + random.below(3) : 1;
  const values = Array.from({ length: count }, one);
  return { ComparisonOperator: comparison, AttributeValueList: values };
}

function legacyConditions(random, count) {
  return Object.fromEntries(random.some(["a", "b", "c", "m", "li"], count).map((name) => [name, legacyCondition(random)]));
}

function expected(random, request) {
  const count = 1 + random.below(2);
  request.Expected = legacyConditions(random, count);
  for (const name of Object.keys(request.Expected)) {
    if (random.chance(0.3)) request.Expected[name] = random.pick([{ Exists: false }, { Value: scalar(random) }, { Exists: true, Value: scalar(random) }]);
  }
  if (random.chance(0.02)) request.Expected.a = random.pick([{}, { Exists: true }, { Exists: false, Value: { S: "a" } }, { AttributeValueList: [{ S: "a" }] }]);
  if (count > 1 && random.chance(0.5)) request.ConditionalOperator = random.pick(["AND", "OR"]);
  return request;
}

function put(random, table) {
  const request = common(random, { TableName: table.name, Item: item(random, table) });
  if (random.chance(0.4)) request.ReturnValues = random.pick(["NONE", "ALL_OLD"]);
  if (random.chance(0.005)) request.ReturnValues = random.pick(["ALL_NEW", "BOGUS"]);
  if (random.chance(0.1)) return expected(random, request);
  const places = new Placeholders(random);
  conditioned(random, places, request);
  return places.into(request);
}

function get(random, table) {
  const request = common(random, { TableName: table.name, Key: key(random, table) });
  if (random.chance(0.2)) request.ConsistentRead = random.chance(0.5);
  const places = new Placeholders(random);
  if (random.chance(0.05)) request.AttributesToGet = random.some(["a", "b", "p", "m", "x.y"], 1 + random.below(3));
  else if (random.chance(0.4)) request.ProjectionExpression = projection(random, places);
  return places.into(request);
}

function updateItem(random, table) {
  const request = common(random, { TableName: table.name, Key: key(random, table) });
  if (random.chance(0.6)) request.ReturnValues = random.pick(["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"]);
  if (random.chance(0.1)) {
    request.AttributeUpdates = {};
    for (const name of random.some(["a", "b", "c", "d"], 1 + random.below(3))) {
      request.AttributeUpdates[name] = random.weighted([
        [4, () => ({ Value: anyValue(random) })],
        [2, () => ({ Action: "DELETE" })],
        [2, () => ({ Action: "ADD", Value: random.chance(0.5) ? numberValue(random) : anySet(random) })],
        [1, () => ({ Action: "DELETE", Value: anySet(random) })],
        [1, () => ({ Action: "ADD", Value: { L: [scalar(random)] } })],
        [0.1, () => ({ Action: "PUT" })],
        [0.1, () => ({ Action: "ADD", Value: { S: "a" } })],
      ])();
    }
    return random.chance(0.3) ? expected(random, request) : request;
  }
  const places = new Placeholders(random);
  const indexed = Object.keys(table.types).filter((name) => name !== "p" && name !== "s");
  const keys = indexed
    .filter(() => random.chance(0.3))
    .map((name) => ({ name, value: random.chance(0.02) ? anyValue(random) : keyValue(random, table.types[name], 6) }));
  if (random.chance(0.005)) keys.push({ name: "p", value: { S: "x" } });
  if (!random.chance(0.02)) request.UpdateExpression = update(random, places, keys);
  conditioned(random, places, request, 0.3);
  return places.into(request);
}

function remove(random, table) {
  const request = common(random, { TableName: table.name, Key: key(random, table) });
  if (random.chance(0.4)) request.ReturnValues = random.pick(["NONE", "ALL_OLD"]);
  if (random.chance(0.1)) return expected(random, request);
  const places = new Placeholders(random);
  conditioned(random, places, request);
  return places.into(request);
}

function sortCondition(random, places, name, type) {
  const value = () => places.value(keyValue(random, type, 6));
  const place = () => places.name(name);
  return random.weighted([
    [2, () => `${place()} = ${value()}`],
    [4, () => `${place()} ${random.pick(["<", "<=", ">", ">="])} ${value()}`],
    [2, () => `${place()} BETWEEN ${value()} AND ${value()}`],
    [type === "N" ? 0.05 : 2, () => `begins_with(${place()}, ${places.value(type === "B" ? { B: random.pick(["AA==", "YQ==", ...(random.modern ? [""] : [])]) } : { S: random.pick(["a", "k", "é", ...(random.modern ? [""] : [])]) })})`],
    [0.05, () => `${place()} <> ${value()}`],
    [0.05, () => `NOT ${place()} = ${value()}`],
    [0.05, () => `${place()} IN (${value()})`],
    [0.05, () => `attribute_exists(${place()})`],
  ])();
}

function page(random, table, request, places, index) {
  if (random.chance(0.3)) request.Limit = 1 + random.below(5);
  if (random.chance(0.2)) request.ConsistentRead = random.chance(0.5);
  if (random.chance(0.3)) request.FilterExpression = condition(random, places);
  if (random.chance(0.3)) request.ProjectionExpression = projection(random, places);
  if (random.chance(0.15)) {
    request.Select = random.pick(["COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES"]);
  }
  if (random.chance(0.02)) {
    request.ExclusiveStartKey = Object.fromEntries(keyNames(table, index).map((name) => [name, keyValue(random, table.types[name], 6)]));
    if (random.chance(0.2)) delete request.ExclusiveStartKey[random.pick(keyNames(table, index))];
  }
  return common(random, request);
}

function pickIndex(random, table, probability) {
  const index = table.indexes.length > 0 && random.chance(probability) ? random.pick(table.indexes) : undefined;
  return index;
}

function query(random, table) {
  const index = pickIndex(random, table, 0.5);
  const request = { TableName: table.name, ...(index ? { IndexName: index.name } : {}) };
  if (random.chance(0.003)) request.IndexName = "nope";
  const partition = index ? index.partition : table.partition;
  const sort = index ? index.sort : table.sort;
  if (random.chance(0.5)) request.ScanIndexForward = random.chance(0.4);
  if (random.chance(0.1)) {
    const list = (type) => ({ AttributeValueList: [keyValue(random, type)] });
    request.KeyConditions = { [partition]: { ComparisonOperator: "EQ", ...list(table.types[partition]) } };
    if (sort && random.chance(0.5)) {
      request.KeyConditions[sort] = { ComparisonOperator: random.pick(["EQ", "LT", "LE", "GT", "GE"]), ...list(table.types[sort]) };
    }
    if (random.chance(0.01)) request.KeyConditions.zz = { ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] };
    if (random.chance(0.3)) request.QueryFilter = legacyConditions(random, 1 + random.below(2));
    if (random.chance(0.3)) request.AttributesToGet = random.some(["a", "b", "p", "m"], 1 + random.below(3));
    return { request: common(random, request), index };
  }
  const places = new Placeholders(random);
  let condition_ = `${places.name(partition)} = ${places.value(keyValue(random, table.types[partition]))}`;
  if (sort && random.chance(0.6)) {
    const second = sortCondition(random, places, sort, table.types[sort]);
    condition_ = random.chance(0.8) ? `${condition_} AND ${second}` : `${second} AND ${condition_}`;
  }
  if (random.chance(0.004)) condition_ = random.pick(["", `${condition_} AND a = ${places.value({ S: "a" })}`, `a = ${places.value({ S: "a" })}`]);
  request.KeyConditionExpression = condition_;
  page(random, table, request, places, index);
  return { request: places.into(request), index };
}

function scan(random, table) {
  const index = pickIndex(random, table, 0.3);
  const request = { TableName: table.name, ...(index ? { IndexName: index.name } : {}) };
  if (random.chance(0.2)) {
    request.TotalSegments = 1 + random.below(4);
    request.Segment = random.below(request.TotalSegments + (random.chance(0.05) ? 1 : 0));
    if (random.chance(0.02)) delete request.Segment;
  }
  if (random.chance(0.1)) {
    if (random.chance(0.7)) request.ScanFilter = legacyConditions(random, 1 + random.below(2));
    if (random.chance(0.3)) request.AttributesToGet = random.some(["a", "b", "p", "m"], 1 + random.below(3));
    return { request: common(random, request), index };
  }
  const places = new Placeholders(random);
  page(random, table, request, places, index);
  return { request: places.into(request), index };
}

function batchGet(random, table) {
  const keys = new Map();
  for (let count = 1 + random.below(6); count > 0; --count) {
    const one = key(random, table);
    keys.set(JSON.stringify(one), one);
  }
  const places = new Placeholders(random);
  const entry = { Keys: [...keys.values()] };
  if (random.chance(0.01)) entry.Keys.push(entry.Keys[0]);
  if (random.chance(0.3)) entry.ProjectionExpression = projection(random, places);
  if (random.chance(0.2)) entry.ConsistentRead = true;
  places.values = {};
  return common(random, { RequestItems: { [table.name]: places.into(entry) } });
}

function batchWrite(random, table) {
  const requests = new Map();
  for (let count = 1 + random.below(5); count > 0; --count) {
    const one = random.chance(0.7) ? { PutRequest: { Item: item(random, table) } } : { DeleteRequest: { Key: key(random, table) } };
    const its = one.PutRequest?.Item ?? one.DeleteRequest.Key;
    requests.set(JSON.stringify([its.p, its.s]), one);
  }
  const list = [...requests.values()];
  if (random.chance(0.01)) list.push(list[0]);
  if (random.chance(0.005)) list.push({});
  return common(random, { RequestItems: { [table.name]: list } });
}

function transactWrite(random, table) {
  const actions = new Map();
  for (let count = 1 + random.below(4); count > 0; --count) {
    const places = new Placeholders(random);
    const action = random.weighted([
      [3, () => ({ Put: conditioned(random, places, { TableName: table.name, Item: item(random, table) }) })],
      [3, () => ({ Update: conditioned(random, places, { TableName: table.name, Key: key(random, table), UpdateExpression: update(random, places, []) }) })],
      [1, () => ({ Delete: conditioned(random, places, { TableName: table.name, Key: key(random, table) }) })],
      [2, () => ({ ConditionCheck: conditioned(random, places, { TableName: table.name, Key: key(random, table) }, 1) })],
    ])();
    const [kind] = Object.keys(action);
    places.into(action[kind]);
    const its = action[kind].Item ?? action[kind].Key;
    actions.set(JSON.stringify([its.p, its.s]), action);
  }
  const list = [...actions.values()];
  if (random.chance(0.01)) list.push(list[0]);
  const request = common(random, { TransactItems: list });
  if (random.chance(0.05)) request.ClientRequestToken = random.pick(["t1", "t2"]) + table.name;
  return request;
}

function transactGet(random, table) {
  const gets = new Map();
  for (let count = 1 + random.below(4); count > 0; --count) {
    const places = new Placeholders(random);
    const get_ = { TableName: table.name, Key: key(random, table) };
    if (random.chance(0.3)) get_.ProjectionExpression = projection(random, places);
    places.values = {};
    gets.set(JSON.stringify(get_.Key), { Get: places.into(get_) });
  }
  return common(random, { TransactItems: [...gets.values()] });
}

/** Breaks a request at one place: what a sloppy client would send. */
function broken(random, operation) {
  const copy = structuredClone(operation);
  let at = copy.request;
  for (;;) {
    const names = Object.keys(at);
    if (names.length === 0) return copy;
    const name = random.pick(names);
    const inside = at[name];
    if (inside && typeof inside === "object" && !random.chance(0.3)) {
      at = inside;
      continue;
    }
    if (random.chance(0.4) && !Array.isArray(at)) delete at[name];
    else at[name] = random.pick([null, 5, "text", true, {}, [], "", -1]);
    copy.broken = true;
    return copy;
  }
}

/** One operation: {name, request} and what comparing its answer needs. */
export function makeOperation(random, table) {
  const operation = random.weighted([
    [18, () => ({ name: "PutItem", request: put(random, table) })],
    [10, () => ({ name: "GetItem", request: get(random, table) })],
    [22, () => ({ name: "UpdateItem", request: updateItem(random, table) })],
    [6, () => ({ name: "DeleteItem", request: remove(random, table) })],
    [18, () => ({ name: "Query", ...query(random, table) })],
    [8, () => ({ name: "Scan", ...scan(random, table) })],
    [4, () => ({ name: "BatchGetItem", request: batchGet(random, table) })],
    [5, () => ({ name: "BatchWriteItem", request: batchWrite(random, table) })],
    [6, () => ({ name: "TransactWriteItems", request: transactWrite(random, table) })],
    [2, () => ({ name: "TransactGetItems", request: transactGet(random, table) })],
  ])();
  return random.chance(0.03) ? broken(random, operation) : operation;
}
