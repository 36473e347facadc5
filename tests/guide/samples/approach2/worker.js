import { initModels } from "dynamo-bao";
import { User } from "./models/user.js";
import { Post } from "./models/post.js";
// Initialize models with direct imports
const models = initModels({
  models: { User, Post }, // Direct model imports
  aws: {
    region: "us-west-2",
  },
  db: {
    tableName: "my-app-table",
  },
});
export default {
  async fetch(request, env) {
    // Your worker logic here
    const { User, Post } = models.models;
    // Use models normally
    const user = await User.create({
      name: "John Doe",
      email: "john@example.com",
    });
    const post = await Post.create({
      userId: user.userId,
      title: "My First Post",
      content: "Hello, World!",
    });
    return new Response(JSON.stringify({ user, post }), {
      headers: { "Content-Type": "application/json" },
    });
  },
};
