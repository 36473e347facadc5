/** Query and Scan, and the SDK's paginators over them. */
import {
  CreateTableCommand,
  type DynamoDBClient,
  paginateListTables,
  paginateQuery,
  paginateScan,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bao, startBao } from "./support/bao.ts";
import { createItemTable, fill, plainTable, texts } from "./support/tables.ts";

const TableName = "items";
const items = 60;
let bao: Bao;
let client: DynamoDBClient;

beforeAll(async () => {
  bao = await startBao();
  client = bao.client();
  await createItemTable(client);
  await fill(client, "a", items);
  await fill(client, "b", 5);
});
afterAll(async () => {
  await bao.stop();
});

function sks(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => String(from + index).padStart(3, "0"));
}

const ofA: QueryCommandInput = { TableName, KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": { S: "a" } } };

test("Query reads in both directions, page by page", async () => {
  const forward = await client.send(new QueryCommand({ ...ofA, Limit: 3 }));
  expect(forward).toMatchObject({ Count: 3, ScannedCount: 3, LastEvaluatedKey: { pk: { S: "a" }, sk: { S: "002" } } });
  expect(texts(forward.Items)).toEqual(["000", "001", "002"]);
  const next = await client.send(new QueryCommand({ ...ofA, Limit: 2, ExclusiveStartKey: forward.LastEvaluatedKey }));
  expect(texts(next.Items)).toEqual(["003", "004"]);
  const backward = await client.send(new QueryCommand({ ...ofA, Limit: 2, ScanIndexForward: false }));
  expect(texts(backward.Items)).toEqual(["059", "058"]);
});

const conditions: [string, Record<string, { S: string }>, string[]][] = [
  ["sk = :x", { ":x": { S: "010" } }, ["010"]],
  ["sk < :x", { ":x": { S: "002" } }, ["000", "001"]],
  ["sk <= :x", { ":x": { S: "001" } }, ["000", "001"]],
  ["sk > :x", { ":x": { S: "057" } }, ["058", "059"]],
  ["sk >= :x", { ":x": { S: "058" } }, ["058", "059"]],
  ["sk BETWEEN :x AND :y", { ":x": { S: "007" }, ":y": { S: "009" } }, ["007", "008", "009"]],
  ["begins_with(sk, :x)", { ":x": { S: "02" } }, sks(20, 30)],
];
test.each(conditions)("Query with %s", async (condition, values, expected) => {
  const answer = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: `pk = :pk AND ${condition}`,
      ExpressionAttributeValues: { ":pk": { S: "a" }, ...values },
    }),
  );
  expect(texts(answer.Items)).toEqual(expected);
});

test("Query filters, projects and counts", async () => {
  const values = { ...ofA.ExpressionAttributeValues, ":red": { S: "red" } };
  const filtered = await client.send(
    new QueryCommand({
      ...ofA,
      Limit: 4,
      FilterExpression: "#c = :red",
      ProjectionExpression: "sk, #c",
      ExpressionAttributeNames: { "#c": "color" },
      ExpressionAttributeValues: values,
    }),
  );
  expect(filtered).toMatchObject({ Count: 2, ScannedCount: 4 });
  expect(filtered.Items).toEqual([
    { sk: { S: "000" }, color: { S: "red" } },
    { sk: { S: "002" }, color: { S: "red" } },
  ]);
  const counted = await client.send(new QueryCommand({ ...ofA, Select: "COUNT" }));
  expect(counted).toMatchObject({ Count: items, ScannedCount: items });
  expect(counted.Items).toBeUndefined();
});

test("Query of a local index goes by its order, and fetches what it lacks when asked", async () => {
  const query = { ...ofA, IndexName: "byRank", Limit: 2 };
  const keysOnly = await client.send(new QueryCommand(query));
  expect(keysOnly.Items).toEqual([
    { pk: { S: "a" }, sk: { S: "059" }, rank: { N: "1" } },
    { pk: { S: "a" }, sk: { S: "058" }, rank: { N: "2" } },
  ]);
  const whole = await client.send(new QueryCommand({ ...query, Select: "ALL_ATTRIBUTES", ConsistentRead: true }));
  expect(whole.Items?.[0]).toMatchObject({ color: { S: "blue" } });
});

test("Query of a global index finds across partitions, and refuses to be consistent", async () => {
  const query = {
    TableName,
    IndexName: "byColor",
    KeyConditionExpression: "color = :c",
    ExpressionAttributeValues: { ":c": { S: "red" } },
  };
  const answer = await client.send(new QueryCommand({ ...query, ReturnConsumedCapacity: "INDEXES" }));
  expect(answer.Count).toBe(items / 2 + 3);
  expect(answer.ConsumedCapacity).toMatchObject({ TableName, GlobalSecondaryIndexes: { byColor: { CapacityUnits: expect.any(Number) } } });
  const consistent = client.send(new QueryCommand({ ...query, ConsistentRead: true }));
  await expect(consistent).rejects.toMatchObject({
    name: "ValidationException",
    message: "Consistent reads are not supported on global secondary indexes",
  });
});

test("the parameters before expressions query and scan", async () => {
  const queried = await client.send(
    new QueryCommand({
      TableName,
      KeyConditions: {
        pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] },
        sk: { ComparisonOperator: "BEGINS_WITH", AttributeValueList: [{ S: "00" }] },
      },
      QueryFilter: { color: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "blue" }] } },
    }),
  );
  expect(texts(queried.Items)).toEqual(["001", "003", "005", "007", "009"]);
  const scanned = await client.send(
    new ScanCommand({ TableName, ScanFilter: { pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "b" }] } } }),
  );
  expect(scanned).toMatchObject({ Count: 5, ScannedCount: items + 5 });
});

test("the segments of a Scan share the table without overlap", async () => {
  await createItemTable(client, "many");
  for (let index = 0; index < 40; ++index) await fill(client, `p${index}`, 1, "many");
  const TotalSegments = 4;
  const answers = await Promise.all(
    [0, 1, 2, 3].map((Segment) => client.send(new ScanCommand({ TableName: "many", Segment, TotalSegments }))),
  );
  const seen = answers.flatMap((answer) => texts(answer.Items, "pk"));
  expect(seen).toHaveLength(40);
  expect(new Set(seen).size).toBe(40);
  expect(answers.filter((answer) => answer.Count! > 0).length).toBeGreaterThan(1);
});

test("Scan of an index, and a Scan's count", async () => {
  const ofIndex = await client.send(new ScanCommand({ TableName, IndexName: "byColor", Limit: 7 }));
  expect(ofIndex).toMatchObject({ Count: 7, LastEvaluatedKey: { color: expect.anything(), pk: expect.anything(), sk: expect.anything() } });
  const counted = await client.send(new ScanCommand({ TableName, Select: "COUNT" }));
  expect(counted.Count).toBe(items + 5);
});

test("a page ends at 1 MB", async () => {
  await client.send(new CreateTableCommand(plainTable("large")));
  for (let index = 0; index < 4; ++index) {
    const Item = { pk: { S: `p${index}` }, text: { S: "x".repeat(390_000) } };
    await client.send(new PutItemCommand({ TableName: "large", Item }));
  }
  const first = await client.send(new ScanCommand({ TableName: "large" }));
  expect(first.Count).toBe(3); // the item that crosses the limit still belongs to the page
  expect(first.LastEvaluatedKey).toBeDefined();
  const rest = await client.send(new ScanCommand({ TableName: "large", ExclusiveStartKey: first.LastEvaluatedKey }));
  expect(rest.Count).toBe(1);
  expect(rest.LastEvaluatedKey).toBeUndefined();
});

test("paginateQuery goes through all pages", async () => {
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateQuery({ client, pageSize: 25 }, ofA)) pages.push(texts(page.Items));
  expect(pages.map((page) => page.length)).toEqual([25, 25, 10]);
  expect(pages.flat()).toEqual(sks(0, items));
});

test("paginateScan goes through all pages", async () => {
  const seen: string[] = [];
  let pages = 0;
  for await (const page of paginateScan({ client, pageSize: 10 }, { TableName })) {
    ++pages;
    for (const item of page.Items ?? []) seen.push(`${item.pk!.S}/${item.sk!.S}`);
  }
  expect(pages).toBeGreaterThanOrEqual(7);
  expect(new Set(seen).size).toBe(items + 5);
  expect(seen).toHaveLength(items + 5);
});

test("paginateListTables goes through all pages", async () => {
  const own = await startBao();
  const names = sks(0, 7).map((name) => `table-${name}`);
  for (const name of names) await own.client().send(new CreateTableCommand(plainTable(name)));
  const pages: string[][] = [];
  for await (const page of paginateListTables({ client: own.client(), pageSize: 3 }, {})) pages.push(page.TableNames ?? []);
  expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
  expect(pages.flat()).toEqual(names);
  await own.stop();
});
