npx bao-codegen models.yaml ./models
