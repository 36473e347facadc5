// You can also pass AWS configuration directly
const models = initModels({
  models: { User, Post },
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
