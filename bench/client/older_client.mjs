// npm dynamo-bao 0.4.2 doing what bao_client.cpp does. It ignores `endpoint`: global fetch is redirected.
//   node older_client.mjs PEERS ENDPOINT TABLE OPERATION ROUNDS
import { createRequire } from "node:module";
import { measure } from "./measure.mjs";
import { operationsOf, thingOf } from "./thing.mjs";

const [peers, endpoint, table, operation, rounds] = process.argv.slice(2);
const original = globalThis.fetch;
globalThis.fetch = (input, init) => {
  if (input instanceof Request) return original(new Request(endpoint, input));
  return original(endpoint, init);
};
process.env.AWS_ACCESS_KEY_ID = "bench";
process.env.AWS_SECRET_ACCESS_KEY = "bench";

const bao = createRequire(`${peers}/`)("dynamo-bao");
const Thing = thingOf(bao);
bao.initModels({ models: { Thing }, aws: { region: "us-west-2" }, db: { tableName: table } });
await measure("npm dynamo-bao 0.4.2", operation, Number(rounds), operationsOf(Thing, bao.runWithBatchContext, "older")[operation]);
