import { runWithBatchContext } from "dynamo-bao";
import { start } from "./init.js";

let models;

async function work(path) {
  const { User } = models.models;
  if (path.endsWith("/create")) {
    return User.create({ name: "John Doe", email: "john@example.com" });
  }
  return Promise.all([User.find("user1"), User.find("user2"), User.find("user3")]);
}

export default {
  async fetch(request, env) {
    models ??= start(env);
    const path = new URL(request.url).pathname;
    try {
      return Response.json(path.startsWith("/inside") ? await runWithBatchContext(() => work(path)) : await work(path));
    } catch (error) {
      return Response.json({ name: error.name, message: error.message, isError: error instanceof Error }, { status: 500 });
    }
  },
};
