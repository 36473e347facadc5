# Generate models from YAML
npm run generate-models
# Start local development
npx wrangler dev
