const models = initModels({
  paths: {
    modelsDir: "./models",
  },
  aws: { region: "us-west-2" },
  db: { tableName: "my-table" },
});
