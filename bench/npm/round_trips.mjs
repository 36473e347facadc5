// Three finds, each of which needs what the one before gave, against a server that answers after 20 ms: the requests they take,
// and the time beyond the server's. Prints a table.
//   node round_trips.mjs PEERS
import { execFile } from "node:child_process";
import http from "node:http";
import { promisify } from "node:util";
import { content, title } from "../client/measure.mjs";

const [peers] = process.argv.slice(2);
const run = promisify(execFile);
const delayMs = 20;
const rounds = 50;
let requests = 0;

function itemOf(key) {
  const id = key._pk.S.slice("th#".length);
  return {
    ...key, thingId: { S: id }, owner: { S: "seed-owner" }, title: { S: title }, content: { S: content },
    size: { N: "123456" }, active: { BOOL: true }, createdAt: { N: "1700000000000" },
  };
}

function answerTo(operation, body) {
  if (operation === "GetItem") return { Item: itemOf(body.Key) };
  if (operation !== "BatchGetItem") throw new Error(`the clients sent ${operation}`);
  const [[table, { Keys }]] = Object.entries(body.RequestItems);
  return { Responses: { [table]: Keys.map(itemOf) }, UnprocessedKeys: {} };
}

const server = http.createServer((incoming, outgoing) => {
  requests += 1;
  const chunks = [];
  incoming.on("data", (chunk) => chunks.push(chunk));
  incoming.on("end", () => {
    const operation = incoming.headers["x-amz-target"].replace("DynamoDB_20120810.", "");
    const text = JSON.stringify(answerTo(operation, JSON.parse(Buffer.concat(chunks))));
    setTimeout(() => outgoing.end(text), delayMs);
  });
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

console.log("| client | requests for three finds | wall ms | beyond the server's |\n| --- | ---: | ---: | ---: |");
for (const client of ["npm", "older"]) {
  requests = 0;
  const program = new URL(`../client/${client}_client.mjs`, import.meta.url).pathname;
  const { stdout } = await run(process.execPath, [program, peers, `http://127.0.0.1:${server.address().port}`, "bench", "dependent", String(rounds)]);
  const { client: name, wall_us } = JSON.parse(stdout);
  // The warm-up is half as long as what is measured.
  const perRound = requests / (rounds * 1.5);
  const wallMs = wall_us / 1000 / rounds;
  console.log(`| ${name} | ${perRound} | ${wallMs.toFixed(1)} | ${(wallMs - 3 * delayMs).toFixed(1)} |`);
}
server.close();
