/** BatchGetItem and BatchWriteItem. */
import { BatchGetItemCommand, BatchWriteItemCommand, CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bao, startBao } from "./support/bao.ts";
import { createItemTable, fill, key, plainTable, texts } from "./support/tables.ts";

let bao: Bao;
let client: DynamoDBClient;

beforeAll(async () => {
  bao = await startBao();
  client = bao.client();
  await createItemTable(client);
  await client.send(new CreateTableCommand(plainTable("other")));
});
afterAll(async () => {
  await bao.stop();
});

test("BatchWriteItem puts and deletes in two tables, BatchGetItem reads them back", async () => {
  await fill(client, "old", 2);
  const written = await client.send(
    new BatchWriteItemCommand({
      RequestItems: {
        items: [
          { PutRequest: { Item: { ...key("new"), v: { N: "1" } } } },
          { DeleteRequest: { Key: key("old", "001") } },
        ],
        other: [{ PutRequest: { Item: { pk: { S: "x" }, blob: { B: Uint8Array.of(7, 8) } } } }],
      },
    }),
  );
  expect(written.UnprocessedItems).toEqual({});
  const read = await client.send(
    new BatchGetItemCommand({
      RequestItems: {
        items: { Keys: [key("new"), key("old", "000"), key("old", "001")], ConsistentRead: true, ProjectionExpression: "pk, sk" },
        other: { Keys: [{ pk: { S: "x" } }] },
      },
    }),
  );
  expect(read.UnprocessedKeys).toEqual({});
  expect(texts(read.Responses!.items, "pk").sort()).toEqual(["new", "old"]);
  expect(read.Responses!.items!.find((item) => item.pk!.S === "new")).toEqual(key("new"));
  expect(read.Responses!.other).toEqual([{ pk: { S: "x" }, blob: { B: Uint8Array.of(7, 8) } }]);
});

test("a hundred keys in one request", async () => {
  await fill(client, "many", 100);
  const Keys = Array.from({ length: 100 }, (_, index) => key("many", String(index).padStart(3, "0")));
  const answer = await client.send(new BatchGetItemCommand({ RequestItems: { items: { Keys } }, ReturnConsumedCapacity: "TOTAL" }));
  expect(answer.Responses!.items).toHaveLength(100);
  expect(answer.ConsumedCapacity).toEqual([{ TableName: "items", CapacityUnits: 50 }]);
});

test("too many, doubled, or of no table: refused as a whole", async () => {
  const get = (Keys: Record<string, { S: string }>[]) =>
    client.send(new BatchGetItemCommand({ RequestItems: { items: { Keys: Keys as never } } }));
  const many = Array.from({ length: 101 }, (_, index) => key("p", String(index)) as Record<string, { S: string }>);
  await expect(get(many)).rejects.toMatchObject({ name: "ValidationException" });
  const one = key("p") as Record<string, { S: string }>;
  await expect(get([one, one])).rejects.toThrow("Provided list of item keys contains duplicates");
  const PutRequest = { Item: key("p") };
  const puts = Array.from({ length: 26 }, (_, index) => ({ PutRequest: { Item: key("p", String(index)) } }));
  await expect(client.send(new BatchWriteItemCommand({ RequestItems: { items: puts } }))).rejects.toMatchObject({ name: "ValidationException" });
  const nowhere = client.send(new BatchWriteItemCommand({ RequestItems: { nowhere: [{ PutRequest }] } }));
  await expect(nowhere).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("what a batch consumed and which collections it touched", async () => {
  const answer = await client.send(
    new BatchWriteItemCommand({
      RequestItems: {
        items: [
          { PutRequest: { Item: { ...key("c1"), rank: { N: "1" } } } },
          { PutRequest: { Item: key("c1", "1") } },
          { DeleteRequest: { Key: key("c2") } },
        ],
        other: [{ PutRequest: { Item: { pk: { S: "y" } } } }],
      },
      ReturnConsumedCapacity: "INDEXES",
      ReturnItemCollectionMetrics: "SIZE",
    }),
  );
  const ofItems = answer.ConsumedCapacity?.find((one) => one.TableName === "items");
  expect(ofItems).toMatchObject({ CapacityUnits: 4, Table: { CapacityUnits: 3 }, LocalSecondaryIndexes: { byRank: { CapacityUnits: 1 } } });
  expect(answer.ConsumedCapacity?.find((one) => one.TableName === "other")).toMatchObject({ CapacityUnits: 1 });
  expect(answer.ItemCollectionMetrics).toEqual({
    items: ["c1", "c2"].map((name) => ({ ItemCollectionKey: { pk: { S: name } }, SizeEstimateRangeGB: [0, 1] })),
  });
});
