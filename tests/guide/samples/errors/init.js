// This will throw an error in Cloudflare Workers
const models = initModels({
  aws: { region: "us-west-2" },
  db: { tableName: "my-table" },
  // Missing models config - will fail
});
// Error: "Filesystem not available. Please provide models directly using the 'models' config option."
