/** The SDK's retries against faults that the server strikes with. */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  GetItemCommand,
  InternalServerError,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, test } from "vitest";
import { type Bao, type FaultRule, startFaultyBao } from "./support/bao.ts";
import { createItemTable, fill, key } from "./support/tables.ts";

const TableName = "items";
let bao: Bao | undefined;

afterEach(async () => {
  await bao?.stop();
  bao = undefined;
});

/** A server with the table; the client tries a request four times at most. */
async function start(...rules: FaultRule[]) {
  bao = await startFaultyBao(rules);
  const client = bao.client({ maxAttempts: 4 });
  await createItemTable(client);
  return client;
}

const put = (v: string) => new PutItemCommand({ TableName, Item: { ...key("a"), v: { N: v } } });
const get = () => new GetItemCommand({ TableName, Key: key("a"), ConsistentRead: true });
const addOne = () =>
  new UpdateItemCommand({ TableName, Key: key("a"), UpdateExpression: "ADD v :one", ExpressionAttributeValues: { ":one": { N: "1" } } });

describe("a request that fails twice succeeds at the third attempt", () => {
  test.each(["throttle", "error_before", "error_after", "drop_before", "drop_after"])("%s", async (fault) => {
    const client = await start({ fault, operation: "PutItem", times: 2 });
    const answer = await client.send(put("7"));
    expect(answer.$metadata.attempts).toBe(3);
    expect((await client.send(get())).Item).toMatchObject({ v: { N: "7" } });
  });
});

test("when attempts run out, the last error reaches the caller", async () => {
  const client = await start({ fault: "throttle", operation: "GetItem" }, { fault: "error_before", operation: "PutItem" });
  const throttled: unknown = await client.send(get()).catch((error: unknown) => error);
  expect(throttled).toBeInstanceOf(ProvisionedThroughputExceededException);
  expect(throttled).toMatchObject({ $metadata: { attempts: 4, httpStatusCode: 400 } });
  const broken: unknown = await client.send(put("1")).catch((error: unknown) => error);
  expect(broken).toBeInstanceOf(InternalServerError);
  expect(broken).toMatchObject({ $fault: "server", $metadata: { attempts: 4, httpStatusCode: 500 } });
});

test("before the commit nothing is done, after it everything", async () => {
  const client = await start(
    { fault: "error_before", operation: "UpdateItem", times: 1 },
    { fault: "error_after", operation: "UpdateItem", skip: 1, times: 1 },
  );
  const once = bao!.client({ maxAttempts: 1 });
  await expect(once.send(addOne())).rejects.toBeInstanceOf(InternalServerError);
  expect((await client.send(get())).Item).toBeUndefined();
  await expect(once.send(addOne())).rejects.toBeInstanceOf(InternalServerError);
  expect((await client.send(get())).Item).toMatchObject({ v: { N: "1" } });
});

test("an ADD whose answer is lost is doubled by the SDK's retry; a transaction is not", async () => {
  const client = await start({ fault: "drop_after", operation: "UpdateItem", times: 1 }, { fault: "drop_after", operation: "TransactWriteItems", times: 1 });
  await client.send(addOne());
  expect((await client.send(get())).Item).toMatchObject({ v: { N: "2" } });
  const answer = await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: addOne().input as never }] }));
  expect(answer.$metadata.attempts).toBe(2);
  expect((await client.send(get())).Item).toMatchObject({ v: { N: "3" } });
});

test("what a batch leaves unprocessed can be sent again until nothing is left", async () => {
  const client = await start({ fault: "unprocessed", operation: "BatchWriteItem", times: 3 }, { fault: "unprocessed", operation: "BatchGetItem", times: 2 });
  let left: BatchWriteItemCommandOutput["UnprocessedItems"] = {
    items: Array.from({ length: 16 }, (_, index) => ({ PutRequest: { Item: key("a", String(index)) } })),
  };
  const sizes = [];
  for (let round = 0; round < 10 && Object.keys(left).length > 0; ++round) {
    sizes.push(left.items!.length);
    left = (await client.send(new BatchWriteItemCommand({ RequestItems: left }))).UnprocessedItems!;
  }
  expect(sizes).toEqual([16, 8, 4, 2]);

  const Keys = Array.from({ length: 16 }, (_, index) => key("a", String(index)));
  const first = await client.send(new BatchGetItemCommand({ RequestItems: { items: { Keys, ConsistentRead: true, ProjectionExpression: "sk" } } }));
  expect(first.Responses!.items).toHaveLength(8);
  expect(first.UnprocessedKeys!.items).toMatchObject({ ConsistentRead: true, ProjectionExpression: "sk" });
  const second = await client.send(new BatchGetItemCommand({ RequestItems: first.UnprocessedKeys }));
  expect(second.Responses!.items).toHaveLength(4);
  const third = await client.send(new BatchGetItemCommand({ RequestItems: second.UnprocessedKeys }));
  expect(third.Responses!.items).toHaveLength(4);
  expect(third.UnprocessedKeys).toEqual({});
});

test("a stale index shows what was there a while ago", async () => {
  const client = await start({ fault: "stale_index", operation: "Query", delayMs: 60_000 });
  await fill(client, "a", 1);
  const query = new QueryCommand({
    TableName,
    IndexName: "byColor",
    KeyConditionExpression: "color = :c",
    ExpressionAttributeValues: { ":c": { S: "red" } },
  });
  expect((await client.send(query)).Count).toBe(0);
  const ofTable = new QueryCommand({ TableName, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "a" } } });
  expect((await client.send(ofTable)).Count).toBe(1);
});

test("latency holds an answer back, and nobody else's", async () => {
  const client = await start({ fault: "latency", operation: "GetItem", delayMs: 1_500 });
  const started = performance.now();
  let slow = false;
  const waiting = client.send(get()).then(() => (slow = true));
  await client.send(put("1"));
  expect(slow).toBe(false);
  await waiting;
  expect(performance.now() - started).toBeGreaterThanOrEqual(1_490);
});

test("random faults at a rate: all that was acknowledged is there", async () => {
  const client = await start(
    ...[
      { fault: "throttle", probability: 0.1 },
      { fault: "error_after", probability: 0.1 },
      { fault: "drop_before", probability: 0.05 },
      { fault: "drop_after", probability: 0.05 },
    ].map((rule) => ({ ...rule, operation: "PutItem" })),
  );
  const patient = bao!.client({ maxAttempts: 12 });
  const keys = Array.from({ length: 40 }, (_, index) => key("r", String(index)));
  const answers = await Promise.all(keys.map((Item) => patient.send(new PutItemCommand({ TableName, Item }))));
  expect(answers.some((answer) => answer.$metadata.attempts! > 1)).toBe(true);
  for (const Key of keys) {
    const read = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    expect(read.Item).toEqual(Key);
  }
});
