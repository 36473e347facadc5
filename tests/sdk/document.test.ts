/** lib-dynamodb: JavaScript's values on one side, the engine's on the other, and the same values back. */
import { CreateTableCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  NumberValue,
  paginateQuery,
  paginateScan,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bao, startBao } from "./support/bao.ts";
import { createItemTable, plainTable } from "./support/tables.ts";

const TableName = "items";
let bao: Bao;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  bao = await startBao();
  await createItemTable(bao.client());
  await bao.client().send(new CreateTableCommand(plainTable("other")));
  client = DynamoDBDocumentClient.from(bao.client(), { marshallOptions: { removeUndefinedValues: true } });
});
afterAll(async () => {
  await bao.stop();
});

async function roundTrip(value: unknown): Promise<unknown> {
  const Key = { pk: "value", sk: "0" };
  await client.send(new PutCommand({ TableName, Item: { ...Key, value } }));
  return (await client.send(new GetCommand({ TableName, Key }))).Item?.value;
}

const values: [string, unknown][] = [
  ["text", "na\u00efve \u{1f680}\n\u0001"],
  ["empty text", ""],
  ["zero", 0],
  ["a negative fraction", -0.1],
  ["the largest safe integer", Number.MAX_SAFE_INTEGER],
  ["a small number", 1e-9],
  ["true", true],
  ["false", false],
  ["null", null],
  ["binary", Uint8Array.of(0, 127, 128, 255)],
  ["empty binary", new Uint8Array(0)],
  ["a list of everything", [1, "a", [true, [null]], { deep: [{}] }]],
  ["an empty list", []],
  ["a map", { "dotted.name": 1, nested: { " ": "x" } }],
  ["a set of texts", new Set(["a", "\u00e9"])],
  ["a set of numbers", new Set([1, -2.5])],
  ["a set of binaries", new Set([Uint8Array.of(1), Uint8Array.of(2, 3)])],
];
test.each(values)("%s comes back as it was", async (_, value) => {
  expect(await roundTrip(value)).toEqual(value);
});

test("numbers beyond JavaScript's keep every digit", async () => {
  const digits38 = "12345678901234567890123456789012345678";
  const texts = [digits38, `-${digits38}`, "1.2345678901234567890123456789012345678", "9007199254740993"];
  const Key = { pk: "big", sk: "0" };
  await client.send(new PutCommand({ TableName, Item: { ...Key, numbers: texts.map((text) => NumberValue.from(text)) } }));
  const exact = DynamoDBDocumentClient.from(bao.client(), { unmarshallOptions: { wrapNumbers: true } });
  const read = (await exact.send(new GetCommand({ TableName, Key }))).Item!.numbers as NumberValue[];
  expect(read.map((number) => number.toString())).toEqual(texts);
  expect(await roundTrip(9007199254740993n)).toBe(9007199254740993n);
  await expect(roundTrip(NumberValue.from(`${digits38}9`))).rejects.toMatchObject({ name: "ValidationException" });
});

test("numbers are stored in the service's spelling", async () => {
  const spelled: [string, string][] = [
    ["1.50", "1.5"],
    ["+7", "7"],
    ["007", "7"],
    ["-0", "0"],
    ["1E3", "1000"],
    ["0.000000001", "0.000000001"],
  ];
  for (const [sent, kept] of spelled) {
    await client.send(new PutCommand({ TableName, Item: { pk: "spelling", sk: "0", n: NumberValue.from(sent) } }));
    const raw = await bao.client().send(new GetItemCommand({ TableName, Key: { pk: { S: "spelling" }, sk: { S: "0" } } }));
    expect(raw.Item!.n, sent).toEqual({ N: kept });
  }
});

test("a binary of 300 KB comes back byte for byte", async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31 + (index >> 8)) & 255);
  const back = (await roundTrip(bytes)) as Uint8Array;
  expect(Buffer.compare(Buffer.from(back), Buffer.from(bytes))).toBe(0);
});

test("undefined members are left out", async () => {
  expect(await roundTrip({ a: 1, b: undefined })).toEqual({ a: 1 });
});

test("UpdateCommand, DeleteCommand and QueryCommand speak plain values", async () => {
  const Key = { pk: "doc", sk: "1" };
  const updated = await client.send(
    new UpdateCommand({
      TableName,
      Key,
      UpdateExpression: "SET profile = :p ADD visits :one, tags :tags",
      ExpressionAttributeValues: { ":p": { name: "Ada", since: 1843 }, ":one": 1, ":tags": new Set(["x"]) },
      ReturnValues: "ALL_NEW",
    }),
  );
  const item = { ...Key, profile: { name: "Ada", since: 1843 }, visits: 1, tags: new Set(["x"]) };
  expect(updated.Attributes).toEqual(item);
  const found = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
      FilterExpression: "profile.since < :y AND contains(tags, :tag)",
      ExpressionAttributeValues: { ":pk": "doc", ":from": "0", ":to": "9", ":y": 1900, ":tag": "x" },
    }),
  );
  expect(found.Items).toEqual([item]);
  const deleted = await client.send(new DeleteCommand({ TableName, Key, ReturnValues: "ALL_OLD" }));
  expect(deleted.Attributes).toEqual(item);
});

test("batches, transactions and paginators speak plain values", async () => {
  const items = Array.from({ length: 20 }, (_, index) => ({ pk: "page", sk: String(index).padStart(2, "0"), n: index }));
  await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }));
  const got = await client.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [{ pk: "page", sk: "03" }] } } }));
  expect(got.Responses![TableName]).toEqual([items[3]]);
  await client.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: "other", Item: { pk: "t", list: [1, 2] } } }] }));
  const read = await client.send(new TransactGetCommand({ TransactItems: [{ Get: { TableName: "other", Key: { pk: "t" } } }] }));
  expect(read.Responses).toEqual([{ Item: { pk: "t", list: [1, 2] } }]);

  const query = { TableName, KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": "page" } };
  const paged = [];
  for await (const page of paginateQuery({ client, pageSize: 6 }, query)) paged.push(...(page.Items ?? []));
  expect(paged).toEqual(items);
  const scanned = [];
  for await (const page of paginateScan({ client, pageSize: 6 }, { TableName, FilterExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": "page" } })) {
    scanned.push(...(page.Items ?? []));
  }
  expect(scanned).toEqual(items);
});
