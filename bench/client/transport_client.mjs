// The bare transport: requests with the very bytes of our package's, by node:http on a kept connection, the answers read and
// left alone. What is left of a client's cost without it is the client's own.
//   node transport_client.mjs PEERS ENDPOINT TABLE find|find100|query100 ROUNDS
import http from "node:http";
import * as bao from "../../npm/dist/node.mjs";
import { measure, require_ } from "./measure.mjs";
import { operationsOf, thingOf } from "./thing.mjs";

const [, endpoint, table, operation, rounds] = process.argv.slice(2);
const { hostname, port } = new URL(endpoint);

/** The header lines and the body of the operation's request, as they arrive at a server. */
async function bytesOfRequest() {
  let heard;
  const server = http.createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      heard ??= { headers: incoming.headers, body: Buffer.concat(chunks) };
      outgoing.writeHead(400).end('{"__type":"ValidationException","message":"only the request counts"}');
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const Thing = thingOf(bao);
  bao.initModels({
    models: { Thing },
    aws: {
      region: "us-west-2", endpoint: `http://127.0.0.1:${server.address().port}`,
      credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
    },
    db: { tableName: table },
  });
  await operationsOf(Thing, bao.runWithBatchContext, "")[operation](1).catch(() => {});
  server.close();
  server.closeAllConnections();
  const { host, connection, ...headers } = heard.headers;
  return { headers, body: heard.body };
}

const { headers, body } = await bytesOfRequest();
const agent = new http.Agent({ keepAlive: true });

function roundTrip() {
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: "/", method: "POST", agent, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

const items = operation === "find" ? 1 : 100;
await measure("bare node:http", operation, Number(rounds), async (count) => {
  for (let round = 0; round < count; round++) {
    const answer = await roundTrip();
    require_(answer.status === 200 && answer.body.length > items * 200, "round trip");
  }
  return count * items;
});
agent.destroy();
