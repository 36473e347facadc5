/** The tables of these tests, and items for them. */
import { type AttributeValue, BatchWriteItemCommand, CreateTableCommand, type CreateTableCommandInput, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Keys pk and sk; local index `byRank` (N), global index `byColor` (S) with all attributes. */
export function itemTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
      { AttributeName: "rank", AttributeType: "N" },
      { AttributeName: "color", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: "byRank",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "rank", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
    GlobalSecondaryIndexes: [
      { IndexName: "byColor", KeySchema: [{ AttributeName: "color", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } },
    ],
  };
}

/** One string key, pk. */
export function plainTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  };
}

export async function createItemTable(client: DynamoDBClient, name = "items"): Promise<void> {
  await client.send(new CreateTableCommand(itemTable(name)));
}

export function key(pk: string, sk = "0"): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** Items `pk`/000, `pk`/001, ... with a rank that falls and two colors that take turns. */
export async function fill(client: DynamoDBClient, pk: string, count: number, table = "items"): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => ({
    ...key(pk, String(index).padStart(3, "0")),
    rank: { N: String(count - index) },
    color: { S: index % 2 === 0 ? "red" : "blue" },
  }));
  for (let from = 0; from < count; from += 25) {
    const RequestItems = { [table]: items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } })) };
    const answer = await client.send(new BatchWriteItemCommand({ RequestItems }));
    if (Object.keys(answer.UnprocessedItems ?? {}).length > 0) throw new Error("some items were not written");
  }
}

export function texts(items: Record<string, AttributeValue>[] | undefined, name = "sk"): (string | undefined)[] {
  return (items ?? []).map((item) => item[name]?.S);
}
