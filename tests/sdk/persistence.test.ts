/** `bao local --db`: what the SDK wrote is there after a restart. */
import { join } from "node:path";
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTagsOfResourceCommand,
  QueryCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { scratchFolder, startBao } from "./support/bao.ts";
import { createItemTable, fill, key, texts } from "./support/tables.ts";

test.each(["full", "normal", "off"])("tables, items, indexes, tags, TTL and tokens outlive the server (--sync %s)", async (sync) => {
  const scratch = scratchFolder();
  try {
    const options = ["--db", join(scratch.path, "tables.db"), "--sync", sync];
    let bao = await startBao(...options);
    let client = bao.client();
    await createItemTable(client);
    await fill(client, "a", 30);
    const transaction = new TransactWriteItemsCommand({
      TransactItems: [
        { Update: { TableName: "items", Key: key("n"), UpdateExpression: "ADD v :one", ExpressionAttributeValues: { ":one": { N: "1" } } } },
      ],
      ClientRequestToken: "token",
    });
    await client.send(transaction);
    const before = (await client.send(new DescribeTableCommand({ TableName: "items" }))).Table!;
    await client.send(new TagResourceCommand({ ResourceArn: before.TableArn, Tags: [{ Key: "k", Value: "v" }] }));
    await client.send(new UpdateTimeToLiveCommand({ TableName: "items", TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true } }));
    expect(await bao.stop()).toBe(0);

    bao = await startBao(...options);
    client = bao.client();
    const after = (await client.send(new DescribeTableCommand({ TableName: "items" }))).Table!;
    expect(after).toMatchObject({
      TableId: before.TableId,
      CreationDateTime: before.CreationDateTime,
      ItemCount: 31,
      KeySchema: before.KeySchema,
      GlobalSecondaryIndexes: [{ IndexName: "byColor", IndexStatus: "ACTIVE", ItemCount: 30 }],
    });
    const found = await client.send(
      new QueryCommand({
        TableName: "items",
        IndexName: "byColor",
        KeyConditionExpression: "color = :c",
        ExpressionAttributeValues: { ":c": { S: "red" } },
      }),
    );
    expect(texts(found.Items).sort()).toEqual(Array.from({ length: 15 }, (_, index) => String(2 * index).padStart(3, "0")));
    await client.send(transaction); // its token is still known
    const counted = await client.send(new GetItemCommand({ TableName: "items", Key: key("n") }));
    expect(counted.Item).toMatchObject({ v: { N: "1" } });
    const tags = await client.send(new ListTagsOfResourceCommand({ ResourceArn: after.TableArn }));
    expect(tags.Tags).toEqual([{ Key: "k", Value: "v" }]);
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: "items" }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "ttl" });
    expect(await bao.stop()).toBe(0);
  } finally {
    scratch.remove();
  }
});

test("a file is one server's at a time", async () => {
  const scratch = scratchFolder();
  try {
    const file = join(scratch.path, "tables.db");
    const first = await startBao("--db", file);
    await expect(startBao("--db", file)).rejects.toThrow(/ended with 1/);
    expect(await first.stop()).toBe(0);
  } finally {
    scratch.remove();
  }
});
