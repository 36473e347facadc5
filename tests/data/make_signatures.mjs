// Writes signatures.tsv: DynamoDB requests signed with node's own crypto, from the published description of
// Signature Version 4, to compare the core's signer with. Run: node tests/data/make_signatures.mjs > tests/data/signatures.tsv
import { createHash, createHmac } from "node:crypto";

let seed = 0;
function random() {
  return createHash("sha256").update("signature" + seed++).digest();
}
const pick = (list) => list[random().readUInt32LE(0) % list.length];
const text = (size) => {
  let out = "";
  while (out.length < size) out += random().toString("base64");
  return out.slice(0, size);
};
const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
const operations = ["GetItem", "PutItem", "UpdateItem", "Query", "BatchGetItem", "TransactWriteItems", "DescribeTable"];

for (let i = 0; i < 50; i++) {
  const ms = random().readUInt32LE(0) * 1000 + (i % 1000);
  const date = new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = date.slice(0, 8);
  const region = pick(["us-east-1", "us-west-2", "eu-central-1", "local"]);
  const host = pick([`dynamodb.${region}.amazonaws.com`, "localhost:8000", "127.0.0.1"]);
  const accessKey = "AKIA" + text(16);
  const secret = text(40);
  const token = i % 2 ? text(20 + (i * 37) % 900) : "";
  const operation = pick(operations);
  const body = Buffer.from(JSON.stringify({ text: text(random().readUInt32LE(0) % 700), more: "é👍" }));

  const headers = {
    "content-type": "application/x-amz-json-1.0",
    host,
    "x-amz-date": date,
    ...(token && { "x-amz-security-token": token }),
    "x-amz-target": "DynamoDB_20120810." + operation,
  };
  const names = Object.keys(headers).sort();
  const signed = names.join(";");
  const canonical = ["POST", "/", "", ...names.map((name) => `${name}:${headers[name]}`), "", signed, sha256(body)].join("\n");
  const scope = `${day}/${region}/dynamodb/aws4_request`;
  const key = ["aws4_request", "dynamodb", region, day].reduceRight((k, part) => hmac(k, part), "AWS4" + secret);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  process.stdout.write(
    ["request", ms, region, host, accessKey, secret, token, operation, body.toString("hex"), date, authorization].join("\t") + "\n",
  );
}

// Hashes around the block boundaries: size, digest of that many times "a", and its HMAC under a key of that size.
for (let size = 0; size <= 200; size++) {
  const data = "a".repeat(size);
  process.stdout.write(["hash", size, sha256(data), hmac("k".repeat(size), data).toString("hex")].join("\t") + "\n");
}
