// This will work but won't benefit from batching or caching
export default {
  async fetch(request, env) {
    const { User } = models.models;
    // These will be individual requests (less efficient, no caching)
    const users = await Promise.all([
      User.find("user1"), // Individual DynamoDB call
      User.find("user2"), // Individual DynamoDB call
      User.find("user3"), // Individual DynamoDB call
    ]);
    return new Response(JSON.stringify(users));
  },
};
