import { runWithBatchContext } from "dynamo-bao";
import handler from "./handler.js";

export default {
  async fetch(request, env) {
    const handle = () => handler.fetch(request, env);
    const response = await (request.headers.has("x-in-context") ? runWithBatchContext(handle) : handle());
    return response ?? new Response("no response", { status: 404 });
  },
};
