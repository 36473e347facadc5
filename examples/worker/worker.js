import { exceptions, initModels, runWithBatchContext } from "dynamo-bao";
import generatedModels from "./.bao/models.js";
import page from "./page.html";

const { BaoError, ConditionalError, ValidationError } = exceptions;

let models;

export default {
  async fetch(request, env) {
    // Once for each isolate. Region, table, endpoint and credentials come from wrangler.toml's vars and from secrets.
    models ??= initModels({ models: generatedModels, aws: { region: env.AWS_REGION }, db: { tableName: env.TABLE_NAME } });
    // Finds of one request travel together, and what they found is remembered to the end of the request.
    return runWithBatchContext(() => answer(request, models.models));
  },
};

async function answer(request, { User, Post }) {
  const { pathname } = new URL(request.url);
  const [, collection, id, part] = pathname.split("/");
  const route = `${request.method} /${collection ?? ""}${id ? "/ID" : ""}${part ? `/${part}` : ""}`;
  try {
    switch (route) {
      case "GET /":
        return new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
      case "GET /users":
        return Response.json((await User.queryAllUsers()).items);
      case "POST /users": {
        const { name, email } = await request.json();
        return Response.json(await User.create({ name, email }), { status: 201 });
      }
      case "GET /users/ID":
        return found(await User.find(id));
      case "GET /users/ID/posts":
        return Response.json((await (await existing(User, id)).queryPosts(null, { direction: "DESC" })).items);
      case "POST /users/ID/posts": {
        const user = await existing(User, id);
        const { title, content } = await request.json();
        const post = await Post.create({ userId: user.userId, title, content });
        await User.update(id, { postCount: "+1" });
        return Response.json(post, { status: 201 });
      }
      case "GET /posts":
        return Response.json(await latestPosts(Post));
      default:
        return problem(404, "There is nothing here.");
    }
  } catch (error) {
    return problemOf(error);
  }
}

// The newest posts with their authors. The authors are found in the same turn: one request to DynamoDB for all of them.
async function latestPosts(Post) {
  const { items } = await Post.queryAllPosts(null, { direction: "DESC", limit: 20 });
  const authors = await Promise.all(items.map((post) => post.getUser()));
  return items.map((post, n) => ({ ...post.toJSON(), author: authors[n].exists() ? authors[n].name : "somebody" }));
}

class NotFound extends Error {}

async function existing(Model, id) {
  const item = await Model.find(id);
  if (!item.exists()) throw new NotFound("There is no such user.");
  return item;
}

function found(item) {
  return item.exists() ? Response.json(item) : problem(404, "There is no such user.");
}

function problem(status, message) {
  return Response.json({ error: message }, { status });
}

function problemOf(error) {
  if (error instanceof NotFound) return problem(404, error.message);
  if (error instanceof SyntaxError) return problem(400, "The request is not JSON.");
  if (error instanceof ValidationError) return problem(400, error.message);
  if (error instanceof ConditionalError) return problem(409, error.message); // the e-mail address is taken
  console.error(error);
  return problem(error instanceof BaoError ? 503 : 500, "That did not work. Try again.");
}
