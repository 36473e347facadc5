import { initModels } from "dynamo-bao";
import { User } from "./models/user.js";
import { Post } from "./models/post.js";

export function start(env) {
//> init.js
  return models;
}
