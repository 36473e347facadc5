// What our npm package sends, for clients of the benchmark that send the same.
import http from "node:http";
import * as bao from "../../npm/dist/node.mjs";
import { operationsOf, thingOf } from "./thing.mjs";

/** The header lines and the body of the request that our package sends for the operation, as they arrive at a server. */
export async function bytesOfRequest(table, operation) {
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
