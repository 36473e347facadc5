// @aws-sdk/lib-dynamodb doing what bao_client.cpp does, with the keys written by hand.
//   node sdk_client.mjs PEERS ENDPOINT TABLE OPERATION ROUNDS
import { createRequire } from "node:module";
import { content, inSixteenLoops, measure, require_, title } from "./measure.mjs";

const [peers, endpoint, table, operation, rounds] = process.argv.slice(2);
const from = createRequire(`${peers}/`);
const { DynamoDBClient } = from("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, GetCommand, BatchGetCommand, QueryCommand, PutCommand } =
  from("@aws-sdk/lib-dynamodb");

const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    region: "us-west-2", endpoint, credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  }),
);
const key = (id) => ({ _pk: `th#${id}`, _sk: "th" });

const operations = {
  async find(count) {
    for (let round = 0; round < count; round++) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: key(`seed-${round % 100}`) }));
      require_(Item.size === 123456, "find");
    }
    return count;
  },
  async find16(count) {
    return await inSixteenLoops(operations.find, count);
  },
  async find100(count) {
    for (let round = 0; round < count; round++) {
      const Keys = Array.from({ length: 100 }, (_, number) => key(`seed-${number}`));
      const { Responses } = await client.send(new BatchGetCommand({ RequestItems: { [table]: { Keys } } }));
      require_(Responses[table].length === 100, "find100");
      for (const one of Responses[table]) require_(one.size === 123456, "find100 item");
    }
    return count * 100;
  },
  async query100(count) {
    for (let round = 0; round < count; round++) {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table, IndexName: "gsi1", Limit: 100,
          KeyConditionExpression: "#pk = :pk",
          ExpressionAttributeNames: { "#pk": "_gsi1_pk" },
          ExpressionAttributeValues: { ":pk": "th#gsi1#seed-owner" },
        }),
      );
      require_(Items.length === 100, "query100");
      for (const one of Items) require_(one.size === 123456, "query100 item");
    }
    return count * 100;
  },
  async create(count) {
    const run = process.hrtime.bigint();
    for (let round = 0; round < count; round++) {
      const id = `sdk-${run}-${round}`;
      const createdAt = Date.now();
      await client.send(
        new PutCommand({
          TableName: table,
          ConditionExpression: "attribute_not_exists(#pk)",
          ExpressionAttributeNames: { "#pk": "_pk" },
          Item: {
            ...key(id), thingId: id, owner: "sdk-owner", title, content, size: 123456, active: true, createdAt,
            _gsi1_pk: "th#gsi1#sdk-owner", _gsi1_sk: String(createdAt).padStart(20, "0"),
          },
        }),
      );
    }
    return count;
  },
};

await measure("@aws-sdk/lib-dynamodb", operation, Number(rounds), operations[operation]);
