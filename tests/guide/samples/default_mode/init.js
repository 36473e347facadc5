const models = initModels({
  models: { User, Post },
  batchContext: {
    requireBatchContext: false, // Default: allow fallback behavior
  },
  aws: {
    region: env.AWS_REGION,
  },
  db: {
    tableName: env.TABLE_NAME,
  },
});
