import { User, Post, Comment } from "./models/index.js";
const models = initModels({
  models: { User, Post, Comment },
  aws: { region: "us-west-2" },
  db: { tableName: "my-table" },
});
