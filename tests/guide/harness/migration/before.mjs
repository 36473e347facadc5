import { initModels } from "dynamo-bao";
import { story } from "./story.js";
//> before.js
console.log(JSON.stringify(await story(models.models)));
