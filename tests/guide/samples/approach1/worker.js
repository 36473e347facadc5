import { initModels } from "dynamo-bao";
import generatedModels from "./.bao/models.js";
let models;
export default {
  async fetch(request, env) {
    if (!models) {
      models = initModels({
        models: generatedModels, // Use generated manifest
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
    const { User, Post } = models.models;
    // Your API logic here
    const user = await User.create({
      name: "John Doe",
      email: "john@example.com",
    });
    return new Response(JSON.stringify(user));
  },
};
