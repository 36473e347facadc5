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
    // Wrap your request handler with runWithBatchContext
    return runWithBatchContext(async () => {
      const { User } = models.models;
      // All database operations within this context are properly isolated
      const users = await Promise.all([
        User.find("user1"),
        User.find("user2"),
        User.find("user3"),
      ]);
      // These finds will be automatically batched together
      return new Response(JSON.stringify(users), {
        headers: { "Content-Type": "application/json" },
      });
    });
  },
};
