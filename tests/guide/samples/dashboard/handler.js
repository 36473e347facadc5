export default {
  async fetch(request, env) {
    return runWithBatchContext(async () => {
      const { User, Post } = models.models;
      const url = new URL(request.url);
      if (url.pathname === "/dashboard" && request.method === "GET") {
        const userId = url.searchParams.get("userId");
        // Create a loader context for caching within this request
        const loaderContext = {};
        // Find user and their posts efficiently
        const user = await User.find(userId, { loaderContext });
        const posts = await user.queryPosts(null, {
          loadRelated: true,
          loaderContext,
        });
        // Load additional related data
        await Promise.all(
          posts.items.map((post) =>
            post.loadRelatedData(["userId"], loaderContext),
          ),
        );
        return new Response(
          JSON.stringify({
            user,
            posts: posts.items,
            totalPosts: posts.count,
          }),
          {
            headers: { "Content-Type": "application/json" },
          },
        );
      }
    });
  },
};
