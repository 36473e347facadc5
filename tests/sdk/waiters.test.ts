/** The SDK's waiters against tables that take their time, as the service's do. */
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bao, startBao } from "./support/bao.ts";
import { key, plainTable } from "./support/tables.ts";

let bao: Bao;
let client: DynamoDBClient;

beforeAll(async () => {
  bao = await startBao("--realistic");
  client = bao.client();
});
afterAll(async () => {
  await bao.stop();
});

const waiting = () => ({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 });

async function status(TableName: string) {
  return (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
}

test("tableExists and tableNotExists wait through CREATING and DELETING", async () => {
  const TableName = "slow";
  const created = await client.send(new CreateTableCommand(plainTable(TableName)));
  expect(created.TableDescription?.TableStatus).toBe("CREATING");
  const early = client.send(new PutItemCommand({ TableName, Item: key("a") }));
  await expect(early).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  expect((await waitUntilTableExists(waiting(), { TableName })).state).toBe("SUCCESS");
  expect(await status(TableName)).toBe("ACTIVE");
  await client.send(new PutItemCommand({ TableName, Item: key("a") }));

  const deleted = await client.send(new DeleteTableCommand({ TableName }));
  expect(deleted.TableDescription?.TableStatus).toBe("DELETING");
  await expect(client.send(new DeleteTableCommand({ TableName }))).rejects.toMatchObject({ name: "ResourceInUseException" });
  expect((await waitUntilTableNotExists(waiting(), { TableName })).state).toBe("SUCCESS");
  await expect(status(TableName)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a new index is CREATING and backfilling, then ACTIVE; a second change has to wait", async () => {
  const TableName = "indexed";
  await client.send(new CreateTableCommand(plainTable(TableName)));
  await waitUntilTableExists(waiting(), { TableName });
  const create = (IndexName: string) =>
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: IndexName, AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [
        { Create: { IndexName, KeySchema: [{ AttributeName: IndexName, KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } } },
      ],
    });
  const changed = await client.send(create("color"));
  expect(changed.TableDescription).toMatchObject({
    TableStatus: "UPDATING",
    GlobalSecondaryIndexes: [{ IndexName: "color", IndexStatus: "CREATING", Backfilling: true }],
  });
  await expect(client.send(create("shape"))).rejects.toMatchObject({ name: "ResourceInUseException" });
  await waitUntilTableExists(waiting(), { TableName });
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: "color", IndexStatus: "ACTIVE" }]);
});
