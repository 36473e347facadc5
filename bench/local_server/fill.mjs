// Makes the benchmark's table with 10,000 items: node fill.mjs PORT
import http from "node:http";

const port = Number(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
const authorization =
  "AWS4-HMAC-SHA256 Credential=bench/20260101/us-west-2/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=" +
  "0".repeat(64);

function call(operation, body) {
  return new Promise((resolve, reject) => {
    const headers = {
      "Content-Type": "application/x-amz-json-1.0",
      "X-Amz-Target": `DynamoDB_20120810.${operation}`,
      "X-Amz-Date": "20260101T000000Z",
      Authorization: authorization,
    };
    const request = http.request({ host: "127.0.0.1", port, method: "POST", agent, headers }, (answer) => {
      let text = "";
      answer.on("data", (data) => (text += data));
      answer.on("end", () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(`${operation}: ${text}`))));
    });
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
}

await call("CreateTable", {
  TableName: "bench",
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [{ AttributeName: "p", KeyType: "HASH" }],
  AttributeDefinitions: [
    { AttributeName: "p", AttributeType: "S" },
    { AttributeName: "g", AttributeType: "S" },
    { AttributeName: "r", AttributeType: "N" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "byGroup",
      KeySchema: [
        { AttributeName: "g", KeyType: "HASH" },
        { AttributeName: "r", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
  ],
});
// Dynalite makes tables a moment after it has answered.
for (let looks = 0; looks < 100; ++looks) {
  const { Table } = JSON.parse(await call("DescribeTable", { TableName: "bench" }));
  if (Table.TableStatus === "ACTIVE") break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
for (let first = 0; first < 10000; first += 25) {
  const puts = Array.from({ length: 25 }, (_, i) => {
    const n = first + i;
    const Item = {
      p: { S: `item${String(n).padStart(5, "0")}` },
      name: { S: "Ada Lovelace" },
      email: { S: `ada${n}@example.com` },
      age: { N: "36" },
      active: { BOOL: true },
      createdAt: { N: "1767225600123" },
      text: { S: "x".repeat(64) },
      g: { S: `group${n % 100}` },
      r: { N: String(n) },
    };
    return { PutRequest: { Item } };
  });
  await call("BatchWriteItem", { RequestItems: { bench: puts } });
}
agent.destroy();
