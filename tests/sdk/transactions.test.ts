/** TransactWriteItems and TransactGetItems: all or nothing, why not, and once per token. */
import {
  type DynamoDBClient,
  GetItemCommand,
  IdempotentParameterMismatchException,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
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
  pk = `t-${++count}`;
});
afterAll(async () => {
  await bao.stop();
});

async function stored(sk: string) {
  return (await client.send(new GetItemCommand({ TableName, Key: key(pk, sk), ConsistentRead: true }))).Item;
}
function put(sk: string, more: object = {}) {
  return client.send(new PutItemCommand({ TableName, Item: { ...key(pk, sk), ...more } }));
}
function transact(TransactItems: TransactWriteItem[], more: object = {}) {
  return client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
}
async function refusal(TransactItems: TransactWriteItem[]): Promise<TransactionCanceledException> {
  const error: unknown = await transact(TransactItems).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  return error as TransactionCanceledException;
}

const addOne = (sk: string): TransactWriteItem => ({
  Update: { TableName, Key: key(pk, sk), UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } } },
});

test("the four kinds of actions take effect together", async () => {
  await put("gone");
  await put("checked", { v: { N: "1" } });
  const answer = await transact(
    [
      { Put: { TableName, Item: { ...key(pk, "new"), v: { N: "9" } }, ConditionExpression: "attribute_not_exists(pk)" } },
      addOne("counter"),
      { Delete: { TableName, Key: key(pk, "gone") } },
      {
        ConditionCheck: {
          TableName,
          Key: key(pk, "checked"),
          ConditionExpression: "v = :v",
          ExpressionAttributeValues: { ":v": { N: "1" } },
        },
      },
    ],
    { ReturnConsumedCapacity: "TOTAL", ReturnItemCollectionMetrics: "SIZE" },
  );
  expect(await stored("new")).toMatchObject({ v: { N: "9" } });
  expect(await stored("counter")).toMatchObject({ n: { N: "1" } });
  expect(await stored("gone")).toBeUndefined();
  expect(answer.ConsumedCapacity).toMatchObject([{ TableName, CapacityUnits: 8, WriteCapacityUnits: 8 }]);
  expect(answer.ItemCollectionMetrics).toEqual({ items: [{ ItemCollectionKey: { pk: { S: pk } }, SizeEstimateRangeGB: [0, 1] }] });
});

test("one failed condition cancels all, and the reasons say which", async () => {
  const held = { ...key(pk, "held"), v: { N: "1" } };
  await put("held", { v: { N: "1" } });
  const error = await refusal([
    { Put: { TableName, Item: key(pk, "new") } },
    {
      Put: {
        TableName,
        Item: key(pk, "held"),
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    },
    { Delete: { TableName, Key: key(pk, "held2"), ConditionExpression: "attribute_exists(pk)" } },
  ]);
  expect(error.message).toBe(
    "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]",
  );
  expect(error.CancellationReasons).toEqual([
    { Code: "None" },
    { Code: "ConditionalCheckFailed", Message: "The conditional request failed", Item: held },
    { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
  ]);
  expect(await stored("new")).toBeUndefined();
  expect(await stored("held")).toEqual(held);
});

test("an update that cannot be done is a reason, too", async () => {
  await put("text", { n: { S: "not a number" } });
  const error = await refusal([{ Put: { TableName, Item: key(pk, "new") } }, addOne("text")]);
  expect(error.CancellationReasons?.map((reason) => reason.Code)).toEqual(["None", "ValidationError"]);
  expect(await stored("new")).toBeUndefined();
});

test("a token makes a repetition do nothing, and belongs to one request", async () => {
  const ClientRequestToken = `token-${pk}`;
  await transact([addOne("counter")], { ClientRequestToken });
  await transact([addOne("counter")], { ClientRequestToken });
  expect(await stored("counter")).toMatchObject({ n: { N: "1" } });
  const different = transact([addOne("another")], { ClientRequestToken });
  await expect(different).rejects.toBeInstanceOf(IdempotentParameterMismatchException);
  expect(await stored("another")).toBeUndefined();
  await transact([addOne("counter")]); // the SDK makes a token of its own
  await transact([addOne("counter")]);
  expect(await stored("counter")).toMatchObject({ n: { N: "3" } });
});

test("a hundred actions are one transaction, more or two on one item are refused", async () => {
  const puts = (n: number) => Array.from({ length: n }, (_, index) => ({ Put: { TableName, Item: key(pk, `many-${index}`) } }));
  await transact(puts(100));
  expect(await stored("many-99")).toEqual(key(pk, "many-99"));
  await expect(transact(puts(101))).rejects.toMatchObject({ name: "ValidationException" });
  await expect(transact([addOne("one"), { Delete: { TableName, Key: key(pk, "one") } }])).rejects.toMatchObject({
    name: "ValidationException",
    message: "Transaction request cannot include multiple operations on one item",
  });
});

test("TransactGetItems reads in order, with gaps for what is not there", async () => {
  await put("a", { v: { N: "1" }, w: { N: "2" } });
  await put("c");
  const answer = await client.send(
    new TransactGetItemsCommand({
      TransactItems: [
        { Get: { TableName, Key: key(pk, "a"), ProjectionExpression: "v" } },
        { Get: { TableName, Key: key(pk, "b") } },
        { Get: { TableName, Key: key(pk, "c") } },
      ],
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  expect(answer.Responses).toEqual([{ Item: { v: { N: "1" } } }, {}, { Item: key(pk, "c") }]);
  expect(answer.ConsumedCapacity).toMatchObject([{ TableName, CapacityUnits: 6 }]);
});

test("writers of one item take turns: no addition is lost", async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? transact([addOne("shared"), addOne(`own-${index}`)])
        : client.send(new UpdateItemCommand({ TableName, Key: key(pk, "shared"), UpdateExpression: "ADD n :o", ExpressionAttributeValues: { ":o": { N: "1" } } })),
    ),
  );
  expect(await stored("shared")).toMatchObject({ n: { N: "40" } });
});
