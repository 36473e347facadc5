/** Tables: made, described, changed, tagged and dropped. */
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeEndpointsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Bao, startBao } from "./support/bao.ts";
import { createItemTable, fill, itemTable, plainTable } from "./support/tables.ts";

let bao: Bao;
let client: DynamoDBClient;
let table: string;
let count = 0;

beforeAll(async () => {
  bao = await startBao();
  client = bao.client();
});
beforeEach(() => {
  table = `table-${++count}`;
});
afterAll(async () => {
  expect(await bao.stop()).toBe(0);
});

async function described(name = table) {
  return (await client.send(new DescribeTableCommand({ TableName: name }))).Table!;
}

test("CreateTable and DescribeTable tell the whole definition", async () => {
  const before = Date.now();
  const created = await client.send(new CreateTableCommand(itemTable(table)));
  expect(created.TableDescription?.TableName).toBe(table);
  const description = await described();
  expect(description).toMatchObject({
    TableName: table,
    TableStatus: "ACTIVE",
    ItemCount: 0,
    TableSizeBytes: 0,
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    KeySchema: itemTable(table).KeySchema,
    LocalSecondaryIndexes: [{ IndexName: "byRank", Projection: { ProjectionType: "KEYS_ONLY" } }],
    GlobalSecondaryIndexes: [{ IndexName: "byColor", IndexStatus: "ACTIVE", Projection: { ProjectionType: "ALL" } }],
  });
  expect(description.AttributeDefinitions).toHaveLength(4);
  expect(description.TableArn).toMatch(new RegExp(`^arn:aws:dynamodb:.*:table/${table}$`));
  expect(description.TableId).toMatch(/^[0-9a-f-]{36}$/);
  expect(description.CreationDateTime).toBeInstanceOf(Date);
  expect(Math.abs(description.CreationDateTime!.getTime() - before)).toBeLessThan(60_000);
});

test("a provisioned table keeps its throughput, and changes to pay per request and back", async () => {
  const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 7 };
  await client.send(new CreateTableCommand({ ...plainTable(table), BillingMode: "PROVISIONED", ProvisionedThroughput }));
  expect((await described()).ProvisionedThroughput).toMatchObject(ProvisionedThroughput);
  await client.send(new UpdateTableCommand({ TableName: table, BillingMode: "PAY_PER_REQUEST" }));
  expect((await described()).BillingModeSummary?.BillingMode).toBe("PAY_PER_REQUEST");
  const more = { ReadCapacityUnits: 9, WriteCapacityUnits: 11 };
  await client.send(new UpdateTableCommand({ TableName: table, BillingMode: "PROVISIONED", ProvisionedThroughput: more }));
  expect((await described()).ProvisionedThroughput).toMatchObject(more);
});

test("UpdateTable adds an index over the items that are there, and removes one", async () => {
  await createItemTable(client, table);
  await fill(client, "a", 30, table);
  const Create = {
    IndexName: "bySk",
    KeySchema: [{ AttributeName: "sk", KeyType: "HASH" as const }],
    Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["color"] },
  };
  const changed = await client.send(
    new UpdateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: "sk", AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [{ Create }],
    }),
  );
  expect(changed.TableDescription?.GlobalSecondaryIndexes).toHaveLength(2);
  const found = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: "bySk",
      KeyConditionExpression: "sk = :sk",
      ExpressionAttributeValues: { ":sk": { S: "007" } },
    }),
  );
  expect(found.Items).toEqual([{ pk: { S: "a" }, sk: { S: "007" }, color: { S: "blue" } }]);

  await client.send(new UpdateTableCommand({ TableName: table, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byColor" } }] }));
  const left = (await described()).GlobalSecondaryIndexes;
  expect(left?.map((index) => index.IndexName)).toEqual(["bySk"]);
  const query = new QueryCommand({
    TableName: table,
    IndexName: "byColor",
    KeyConditionExpression: "color = :c",
    ExpressionAttributeValues: { ":c": { S: "red" } },
  });
  await expect(client.send(query)).rejects.toThrow("The table does not have the specified index: byColor");
});

test("deletion protection holds until it is taken off", async () => {
  await client.send(new CreateTableCommand({ ...plainTable(table), DeletionProtectionEnabled: true }));
  await expect(client.send(new DeleteTableCommand({ TableName: table }))).rejects.toThrow(/deletion protection|protected/i);
  await client.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }));
  expect((await client.send(new DeleteTableCommand({ TableName: table }))).TableDescription?.TableName).toBe(table);
});

test("DeleteTable takes the table and its items away", async () => {
  await createItemTable(client, table);
  await fill(client, "a", 3, table);
  const deleted = await client.send(new DeleteTableCommand({ TableName: table }));
  expect(deleted.TableDescription?.TableStatus).toBe("DELETING");
  await expect(described()).rejects.toBeInstanceOf(ResourceNotFoundException);
  await createItemTable(client, table);
  const found = await client.send(
    new QueryCommand({ TableName: table, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "a" } } }),
  );
  expect(found.Items).toEqual([]);
});

test("what is there already, or is not there, is refused with the SDK's own classes", async () => {
  await client.send(new CreateTableCommand(plainTable(table)));
  const again = client.send(new CreateTableCommand(plainTable(table)));
  await expect(again).rejects.toBeInstanceOf(ResourceInUseException);
  await expect(again).rejects.toMatchObject({ $fault: "client", $metadata: { httpStatusCode: 400 } });
  const gone = client.send(new DeleteTableCommand({ TableName: "nowhere" }));
  await expect(gone).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(gone).rejects.toMatchObject({ message: "Requested resource not found: Table: nowhere not found" });
});

test("ListTables gives names in order, page after page", async () => {
  const own = await startBao();
  const names = ["a", "b", "c", "d", "e"].map((letter) => `list-${letter}`);
  for (const name of [...names].reverse()) await own.client().send(new CreateTableCommand(plainTable(name)));
  const first = await own.client().send(new ListTablesCommand({ Limit: 2 }));
  expect(first).toMatchObject({ TableNames: names.slice(0, 2), LastEvaluatedTableName: "list-b" });
  const rest = await own.client().send(new ListTablesCommand({ ExclusiveStartTableName: first.LastEvaluatedTableName }));
  expect(rest.TableNames).toEqual(names.slice(2));
  expect(rest.LastEvaluatedTableName).toBeUndefined();
  await own.stop();
});

test("time to live is switched on, told and switched off", async () => {
  await client.send(new CreateTableCommand(plainTable(table)));
  const state = async () => (await client.send(new DescribeTimeToLiveCommand({ TableName: table }))).TimeToLiveDescription;
  expect(await state()).toEqual({ TimeToLiveStatus: "DISABLED" });
  const TimeToLiveSpecification = { AttributeName: "ttl", Enabled: true };
  const on = await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }));
  expect(on.TimeToLiveSpecification).toEqual(TimeToLiveSpecification);
  expect(await state()).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "ttl" });
  const twice = client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }));
  await expect(twice).rejects.toMatchObject({ name: "ValidationException", message: "TimeToLive is already enabled" });
  await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: { AttributeName: "ttl", Enabled: false } }));
  expect(await state()).toEqual({ TimeToLiveStatus: "DISABLED" });
});

test("tags are put, listed and taken away", async () => {
  const Tags = [
    { Key: "team", Value: "blue" },
    { Key: "stage", Value: "test" },
  ];
  const created = await client.send(new CreateTableCommand({ ...plainTable(table), Tags }));
  const ResourceArn = created.TableDescription!.TableArn!;
  const tags = async () => {
    const listed = await client.send(new ListTagsOfResourceCommand({ ResourceArn }));
    return (listed.Tags ?? []).map((tag) => `${tag.Key}=${tag.Value}`).sort();
  };
  expect(await tags()).toEqual(["stage=test", "team=blue"]);
  await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "team", Value: "red" }, { Key: "new", Value: "" }] }));
  expect(await tags()).toEqual(["new=", "stage=test", "team=red"]);
  await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["stage", "new"] }));
  expect(await tags()).toEqual(["team=red"]);
});

test("DescribeEndpoints and DescribeLimits answer", async () => {
  const endpoints = await client.send(new DescribeEndpointsCommand({}));
  expect(endpoints.Endpoints).toHaveLength(1);
  expect(endpoints.Endpoints![0]).toMatchObject({ Address: expect.any(String), CachePeriodInMinutes: 1440 });
  expect(await client.send(new DescribeLimitsCommand({}))).toMatchObject({
    AccountMaxReadCapacityUnits: expect.any(Number),
    AccountMaxWriteCapacityUnits: expect.any(Number),
    TableMaxReadCapacityUnits: expect.any(Number),
    TableMaxWriteCapacityUnits: expect.any(Number),
  });
});
