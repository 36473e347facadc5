// The bare transport: requests with the very bytes of our package's, by node:http on a kept connection, the answers read and
// left alone. What is left of a client's cost without it is the client's own.
//   node transport_client.mjs PEERS ENDPOINT TABLE find|find100|query100 ROUNDS
import http from "node:http";
import { measure, require_ } from "./measure.mjs";
import { bytesOfRequest } from "./request_bytes.mjs";

const [, endpoint, table, operation, rounds] = process.argv.slice(2);
const { hostname, port } = new URL(endpoint);

const { headers, body } = await bytesOfRequest(table, operation);
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
