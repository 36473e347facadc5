export default {
  async fetch(request, env) {
    const { User } = models.models;
    // Check if inside batch context
    const isInBatchContext = User.isInsideBatchContext();
    if (isInBatchContext) {
      // Full batching and caching available
      console.log("Running with optimal batching");
    } else {
      // Direct execution mode
      console.log("Running in direct execution mode");
    }
    // Your logic here...
  },
};
