/** Single items: PutItem, GetItem, UpdateItem, DeleteItem, and everything that they can be asked to return. */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type ReturnValue,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Bao, startBao } from "./support/bao.ts";
import { createItemTable, key } from "./support/tables.ts";

const TableName = "items";
let bao: Bao;
let client: DynamoDBClient;
let pk: string;
let count = 0;

beforeAll(async () => {
  bao = await startBao();
  client = bao.client();
  await createItemTable(client);
});
beforeEach(() => {
  pk = `item-${++count}`;
});
afterAll(async () => {
  await bao.stop();
});

async function stored() {
  return (await client.send(new GetItemCommand({ TableName, Key: key(pk), ConsistentRead: true }))).Item;
}

function put(more: Record<string, unknown> = {}, attributes: Record<string, unknown> = {}) {
  return client.send(new PutItemCommand({ TableName, Item: { ...key(pk), ...(attributes as object) }, ...more }));
}

test("PutItem and GetItem carry every attribute type", async () => {
  const everything = {
    string: { S: "text with \"quotes\", \u00e9, \u{1f680} and \u0000" },
    empty: { S: "" },
    number: { N: "-12.5" },
    binary: { B: Uint8Array.of(0, 1, 254, 255) },
    yes: { BOOL: true },
    nothing: { NULL: true },
    list: { L: [{ S: "a" }, { N: "1" }, { L: [] }] },
    map: { M: { inner: { M: { deep: { S: "x" } } } } },
    strings: { SS: ["a", "b"] },
    numbers: { NS: ["1", "2"] },
    binaries: { BS: [Uint8Array.of(1), Uint8Array.of(2, 3)] },
  };
  await put({}, everything);
  expect(await stored()).toEqual({ ...key(pk), ...everything });
});

test("GetItem of nothing has no Item", async () => {
  const answer = await client.send(new GetItemCommand({ TableName, Key: key("nobody") }));
  expect("Item" in answer && answer.Item !== undefined).toBe(false);
});

test("GetItem projects nested paths", async () => {
  await put({}, { map: { M: { a: { N: "1" }, b: { N: "2" } } }, parts: { L: [{ S: "x" }, { S: "y" }] } });
  const answer = await client.send(
    new GetItemCommand({ TableName, Key: key(pk), ProjectionExpression: "#m.a, parts[1]", ExpressionAttributeNames: { "#m": "map" } }),
  );
  expect(answer.Item).toEqual({ map: { M: { a: { N: "1" } } }, parts: { L: [{ S: "y" }] } });
});

describe("UpdateItem returns what it is asked to", () => {
  const before = { kept: { S: "k" }, n: { N: "1" } };
  const cases: [ReturnValue, (all: object) => object | undefined][] = [
    ["NONE", () => undefined],
    ["ALL_OLD", (keys) => ({ ...keys, ...before })],
    ["UPDATED_OLD", () => ({ n: { N: "1" } })],
    ["ALL_NEW", (keys) => ({ ...keys, kept: { S: "k" }, n: { N: "6" }, added: { S: "new" } })],
    ["UPDATED_NEW", () => ({ n: { N: "6" }, added: { S: "new" } })],
  ];
  test.each(cases)("%s", async (ReturnValues, expected) => {
    await put({}, before);
    const answer = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key(pk),
        UpdateExpression: "SET n = n + :five, added = :new",
        ExpressionAttributeValues: { ":five": { N: "5" }, ":new": { S: "new" } },
        ReturnValues,
      }),
    );
    expect(answer.Attributes).toEqual(expected(key(pk)));
    expect(await stored()).toEqual({ ...key(pk), kept: { S: "k" }, n: { N: "6" }, added: { S: "new" } });
  });
});

test("PutItem and DeleteItem return the old item, and refuse the other kinds", async () => {
  expect((await put({ ReturnValues: "ALL_OLD" }, { v: { N: "1" } })).Attributes).toBeUndefined();
  expect((await put({ ReturnValues: "ALL_OLD" }, { v: { N: "2" } })).Attributes).toEqual({ ...key(pk), v: { N: "1" } });
  expect((await put({ ReturnValues: "NONE" }, { v: { N: "3" } })).Attributes).toBeUndefined();
  for (const ReturnValues of ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"] as ReturnValue[]) {
    await expect(put({ ReturnValues })).rejects.toMatchObject({ name: "ValidationException" });
    await expect(client.send(new DeleteItemCommand({ TableName, Key: key(pk), ReturnValues }))).rejects.toMatchObject({ name: "ValidationException" });
  }
  const deleted = await client.send(new DeleteItemCommand({ TableName, Key: key(pk), ReturnValues: "ALL_OLD" }));
  expect(deleted.Attributes).toEqual({ ...key(pk), v: { N: "3" } });
  const again = await client.send(new DeleteItemCommand({ TableName, Key: key(pk), ReturnValues: "ALL_OLD" }));
  expect(again.Attributes).toBeUndefined();
});

test("UpdateItem makes an item, and does every kind of action", async () => {
  const update = (UpdateExpression: string, values: Record<string, unknown>) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: key(pk),
        UpdateExpression,
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values as never }),
      }),
    );
  await update("SET parts = :parts, extra = if_not_exists(extra, :one) ADD hits :one, tags :tags", {
    ":parts": { L: [{ S: "a" }] },
    ":one": { N: "1" },
    ":tags": { SS: ["x", "y"] },
  });
  await update("SET parts = list_append(parts, :more) REMOVE extra ADD hits :two DELETE tags :gone", {
    ":more": { L: [{ S: "b" }] },
    ":two": { N: "2" },
    ":gone": { SS: ["x"] },
  });
  await update("REMOVE parts[0]", {});
  expect(await stored()).toEqual({ ...key(pk), parts: { L: [{ S: "b" }] }, hits: { N: "3" }, tags: { SS: ["y"] } });
});

describe("a failed condition", () => {
  const condition = { ConditionExpression: "attribute_not_exists(pk)" };
  const requests = {
    PutItem: (more: object) => new PutItemCommand({ TableName, Item: { ...key(pk), v: { N: "2" } }, ...condition, ...more }),
    DeleteItem: (more: object) => new DeleteItemCommand({ TableName, Key: key(pk), ...condition, ...more }),
    UpdateItem: (more: object) =>
      new UpdateItemCommand({
        TableName,
        Key: key(pk),
        UpdateExpression: "SET v = :v",
        ExpressionAttributeValues: { ":v": { N: "2" } },
        ...condition,
        ...more,
      }),
  };
  test.each(Object.entries(requests))("of %s is typed, changes nothing, and gives the item where asked", async (_, request) => {
    const item = { ...key(pk), v: { N: "1" } };
    await put({}, { v: { N: "1" } });
    const plain: unknown = await client.send(request({}) as PutItemCommand).catch((error: unknown) => error);
    expect(plain).toBeInstanceOf(ConditionalCheckFailedException);
    expect(plain).toMatchObject({ message: "The conditional request failed", $metadata: { httpStatusCode: 400, attempts: 1 } });
    expect((plain as ConditionalCheckFailedException).Item).toBeUndefined();
    const asked = client.send(request({ ReturnValuesOnConditionCheckFailure: "ALL_OLD" }) as PutItemCommand);
    await expect(asked).rejects.toMatchObject({ Item: item });
    expect(await stored()).toEqual(item);
  });
});

test("the parameters before expressions still work", async () => {
  await put({ Expected: { pk: { Exists: false } } }, { v: { N: "1" } });
  await expect(put({ Expected: { pk: { Exists: false } } })).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  await client.send(
    new UpdateItemCommand({ TableName, Key: key(pk), AttributeUpdates: { v: { Action: "ADD", Value: { N: "4" } }, w: { Value: { S: "x" } } } }),
  );
  const answer = await client.send(new GetItemCommand({ TableName, Key: key(pk), AttributesToGet: ["v", "w"] }));
  expect(answer.Item).toEqual({ v: { N: "5" }, w: { S: "x" } });
});

test("consumed capacity is told in total, and by index", async () => {
  const write = await put({ ReturnConsumedCapacity: "INDEXES" }, { color: { S: "red" }, rank: { N: "1" } });
  expect(write.ConsumedCapacity).toEqual({
    TableName,
    CapacityUnits: 3,
    Table: { CapacityUnits: 1 },
    LocalSecondaryIndexes: { byRank: { CapacityUnits: 1 } },
    GlobalSecondaryIndexes: { byColor: { CapacityUnits: 1 } },
  });
  const get = (more: object) => client.send(new GetItemCommand({ TableName, Key: key(pk), ReturnConsumedCapacity: "TOTAL", ...more }));
  expect((await get({})).ConsumedCapacity).toEqual({ TableName, CapacityUnits: 0.5 });
  expect((await get({ ConsistentRead: true })).ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
  expect((await get({ ReturnConsumedCapacity: "NONE" })).ConsumedCapacity).toBeUndefined();
  const large = await put({ ReturnConsumedCapacity: "TOTAL" }, { text: { S: "x".repeat(2_500) } });
  expect(large.ConsumedCapacity!.CapacityUnits).toBe(5); // three for the item, one for each entry that goes away
});

test("item collection metrics are told for a table with a local index", async () => {
  const written = await put({ ReturnItemCollectionMetrics: "SIZE" });
  const metrics = { ItemCollectionKey: { pk: { S: pk } }, SizeEstimateRangeGB: [0, 1] };
  expect(written.ItemCollectionMetrics).toEqual(metrics);
  const Key = key(pk);
  const updated = await client.send(new UpdateItemCommand({ TableName, Key, ReturnItemCollectionMetrics: "SIZE" }));
  expect(updated.ItemCollectionMetrics).toEqual(metrics);
  const deleted = await client.send(new DeleteItemCommand({ TableName, Key, ReturnItemCollectionMetrics: "SIZE" }));
  expect(deleted.ItemCollectionMetrics).toEqual(metrics);
  expect((await put()).ItemCollectionMetrics).toBeUndefined();
});

test("an item of more than 400 KB is refused", async () => {
  await put({}, { text: { S: "x".repeat(400_000) } });
  const larger = put({}, { text: { S: "x".repeat(410_000) } });
  await expect(larger).rejects.toMatchObject({ name: "ValidationException", message: "Item size has exceeded the maximum allowed size" });
});
