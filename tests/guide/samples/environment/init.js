const models = initModels({
  models: { User, Post },
  // Will use environment variable or default to false
  aws: {
    region: env.AWS_REGION,
  },
  db: {
    tableName: env.TABLE_NAME,
  },
});
