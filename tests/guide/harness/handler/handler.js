import { initModels, runWithBatchContext } from "dynamo-bao";
import { User } from "./models/user.js";
import { Post } from "./models/post.js";

const models = initModels({
  models: { User, Post },
  aws: { region: "us-west-2" },
  db: { tableName: "my-table" },
});

//> handler.js
