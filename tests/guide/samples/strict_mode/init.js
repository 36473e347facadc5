const models = initModels({
  models: { User, Post },
  batchContext: {
    requireBatchContext: true, // Strict mode: require batch context
  },
  aws: {
    region: env.AWS_REGION,
  },
  db: {
    tableName: env.TABLE_NAME,
  },
});
