import { initModels, runWithBatchContext } from "dynamo-bao";
import { User } from "./models/user.js";
let models;
export default {
  async fetch(request, env) {
    // Initialize models once
    if (!models) {
      models = initModels({
        models: { User },
        aws: {
          region: env.AWS_REGION,
          credentials: {
            accessKeyId: env.AWS_ACCESS_KEY_ID,
            secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
          },
        },
        db: {
          tableName: env.TABLE_NAME,
        },
      });
    }
    // Wrap request handling with batch context for proper isolation
    return runWithBatchContext(async () => {
      const { User } = models.models;
      const url = new URL(request.url);
      if (url.pathname === "/users" && request.method === "POST") {
        const userData = await request.json();
        const user = await User.create(userData);
        return new Response(JSON.stringify(user), {
          headers: { "Content-Type": "application/json" },
        });
      }
      if (url.pathname.startsWith("/users/") && request.method === "GET") {
        const userId = url.pathname.split("/")[2];
        const user = await User.findByPrimaryKey(userId);
        return new Response(JSON.stringify(user), {
          headers: { "Content-Type": "application/json" },
        });
      }
      return new Response("Not Found", { status: 404 });
    });
  },
};
