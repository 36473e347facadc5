import { initModels, runWithBatchContext } from "dynamo-bao";
import { User } from "./models/user.js";

const models = initModels({
  models: { User },
  aws: { region: "us-west-2" },
  db: { tableName: "my-table" },
});
const { User: Registered } = models.models;
if (Registered !== User) throw new Error("the manager's class is not the imported one");

async function withContext() {
//> with_context.js
}

async function withoutContext() {
//> without_context.js
  return users;
}

export default {
  async fetch(request) {
    const result = new URL(request.url).pathname === "/with" ? await withContext() : await withoutContext();
    return Response.json(result ?? null);
  },
};
