import { initModels } from "dynamo-bao";
import { story } from "./story.js";
//> after.js
export default {
  async fetch() {
    return Response.json(await story(models.models));
  },
};
