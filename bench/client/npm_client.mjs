// This repository's npm package doing what bao_client.cpp does.
//   node npm_client.mjs PEERS ENDPOINT TABLE OPERATION ROUNDS        also: `seed 100`
import * as bao from "../../npm/dist/node.mjs";
import { measure } from "./measure.mjs";
import { operationsOf, thingOf } from "./thing.mjs";

const [, endpoint, table, operation, rounds] = process.argv.slice(2);
const Thing = thingOf(bao);
const manager = bao.initModels({
  models: { Thing },
  aws: { region: "us-west-2", endpoint, credentials: { accessKeyId: "bench", secretAccessKey: "bench" } },
  db: { tableName: table },
});
const operations = operationsOf(Thing, bao.runWithBatchContext, "npm");
if (operation === "seed") {
  await manager.createTable();
  await operations.seed(Number(rounds));
} else {
  await measure("bao (npm)", operation, Number(rounds), operations[operation]);
}
