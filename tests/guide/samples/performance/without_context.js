// ❌ Without runWithBatchContext - individual requests
const users = await Promise.all([
  User.find("user1"),
  User.find("user2"),
  User.find("user3"),
]);
// Result: 3 separate DynamoDB Get operations
