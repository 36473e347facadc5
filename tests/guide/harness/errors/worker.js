import { initModels } from "dynamo-bao";

function start() {
//> init.js
  return models;
}

export default {
  async fetch() {
    try {
      start();
      return new Response("no error", { status: 500 });
    } catch (error) {
      return Response.json({ name: error.name, code: error.code, message: error.message });
    }
  },
};
