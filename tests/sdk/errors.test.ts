/** What the engine refuses arrives as the SDK's exceptions, with their parts. */
import {
  ConditionalCheckFailedException,
  CreateBackupCommand,
  DynamoDBServiceException,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  BatchExecuteStatementCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bao, startBao } from "./support/bao.ts";
import { createItemTable, key } from "./support/tables.ts";

const TableName = "items";
let bao: Bao;
let client: DynamoDBClient;

beforeAll(async () => {
  bao = await startBao();
  client = bao.client();
  await createItemTable(client);
});
afterAll(async () => {
  await bao.stop();
});

test("an error has its class, its message and the request's id", async () => {
  const error: unknown = await client.send(new GetItemCommand({ TableName: "nowhere", Key: key("a") })).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ResourceNotFoundException);
  expect(error).toBeInstanceOf(DynamoDBServiceException);
  expect(error).toMatchObject({
    name: "ResourceNotFoundException",
    message: "Requested resource not found",
    $fault: "client",
    $metadata: { httpStatusCode: 400, attempts: 1, requestId: expect.stringMatching(/^[A-Z0-9]{52}$/) },
  });
});

test("a failed condition is told apart from a wrong request", async () => {
  const put = (ConditionExpression: string) => client.send(new PutItemCommand({ TableName, Item: key("a"), ConditionExpression }));
  await expect(put("attribute_exists(pk)")).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  const wrong: unknown = await put("attribute_exists(").catch((caught: unknown) => caught);
  expect(wrong).not.toBeInstanceOf(ConditionalCheckFailedException);
  expect(wrong).toMatchObject({ name: "ValidationException", message: expect.stringContaining("Invalid ConditionExpression: Syntax error") });
});

const wrong: [string, object, RegExp][] = [
  ["a key of a wrong type", { Key: { pk: { N: "1" }, sk: { S: "0" } } }, /provided key element does not match the schema/],
  ["half a key", { Key: { pk: { S: "a" } } }, /provided key element does not match the schema/],
  ["an empty key value", { Key: key("") }, /empty string value/],
  ["a reserved word", { UpdateExpression: "SET size = :v", ExpressionAttributeValues: { ":v": { N: "1" } } }, /reserved keyword/],
  ["a value without a definition", { UpdateExpression: "SET a = :v" }, /attribute value: :v/],
  ["a value that is not used", { UpdateExpression: "REMOVE a", ExpressionAttributeValues: { ":v": { N: "1" } } }, /unused in expressions/],
  ["a change of the key", { UpdateExpression: "SET pk = :v", ExpressionAttributeValues: { ":v": { S: "b" } } }, /part of the key/],
  ["a number out of range", { UpdateExpression: "SET a = :v", ExpressionAttributeValues: { ":v": { N: "1e200" } } }, /magnitude larger than supported/],
  ["a number of 39 digits", { UpdateExpression: "SET a = :v", ExpressionAttributeValues: { ":v": { N: "1".repeat(39) } } }, /38 significant digits/],
  ["an empty set", { UpdateExpression: "SET a = :v", ExpressionAttributeValues: { ":v": { SS: [] } } }, /set\s+may not be empty/],
];
test.each(wrong)("%s is a ValidationException that says so", async (_, parameters, message) => {
  const update = client.send(new UpdateItemCommand({ TableName, Key: key("a"), ...parameters }));
  await expect(update).rejects.toMatchObject({ name: "ValidationException", message: expect.stringMatching(message), $metadata: { httpStatusCode: 400 } });
});

const absent = {
  ExecuteStatement: new ExecuteStatementCommand({ Statement: "SELECT * FROM items" }),
  BatchExecuteStatement: new BatchExecuteStatementCommand({ Statements: [{ Statement: "SELECT * FROM items" }] }),
  ExecuteTransaction: new ExecuteTransactionCommand({ TransactStatements: [{ Statement: "DELETE FROM items WHERE pk = 'a'" }] }),
  CreateBackup: new CreateBackupCommand({ TableName, BackupName: "backup" }),
};
test.each(Object.entries(absent))("%s, which the engine lacks, is an unknown operation", async (_, command) => {
  await expect(client.send(command as ExecuteStatementCommand)).rejects.toMatchObject({
    name: "UnknownOperationException",
    $metadata: { httpStatusCode: 400, attempts: 1 },
  });
});
