// ✅ With runWithBatchContext - efficient batching
return runWithBatchContext(async () => {
  const users = await Promise.all([
    User.find("user1"),
    User.find("user2"),
    User.find("user3"),
  ]);
  // Result: 1 DynamoDB BatchGet operation
});
