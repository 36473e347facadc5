#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

using Tables = EngineTest;

std::string table(std::string_view name, std::string_view keys, std::string_view attributes,
                  std::string_view more = R"(,"BillingMode":"PAY_PER_REQUEST")") {
  return R"({"TableName":")" + std::string(name) + R"(","KeySchema":[)" + std::string(keys) +
         R"(],"AttributeDefinitions":[)" + std::string(attributes) + "]" + std::string(more) + "}";
}
constexpr std::string_view hash = R"({"AttributeName":"h","KeyType":"HASH"})";
constexpr std::string_view hash_type = R"({"AttributeName":"h","AttributeType":"S"})";

TEST_F(Tables, DescribeShowsWhatWasCreated) {
  put("a", "1", R"("g1p":{"S":"x"},"g1s":{"N":"1"})");
  const std::string text = ok("DescribeTable", R"({"TableName":"main"})");
  for (const std::string_view part :
       {R"("TableStatus":"ACTIVE")", R"("ItemCount":1)", R"("TableSizeBytes":15)",
        R"("CreationDateTime":1767225600.123)", R"("IndexName":"gsi1")", R"("NonKeyAttributes":["extra"])",
        R"("BillingMode":"PAY_PER_REQUEST")"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(error("DescribeTable", R"({"TableName":"nope"})"),
            "ResourceNotFoundException: Requested resource not found: Table: nope not found");
}

TEST_F(Tables, CreateRefusals) {
  EXPECT_EQ(error("CreateTable", main_table), "ResourceInUseException: Table already exists: main");
  EXPECT_EQ(
      invalid("CreateTable", "{}"),
      "3 validation errors detected: Value null at 'attributeDefinitions' failed to satisfy constraint: "
      "Member must not be null; Value null at 'keySchema' failed to satisfy constraint: Member must not be "
      "null; Value null at 'tableName' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(invalid("CreateTable", table("ab", hash, hash_type)),
            "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member "
            "must have length greater than or equal to 3");
  EXPECT_EQ(invalid("CreateTable", table("abc", R"({"AttributeName":"h","KeyType":"RANGE"})", hash_type)),
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  EXPECT_EQ(invalid("CreateTable", table("abc", hash, R"({"AttributeName":"x","AttributeType":"S"})")),
            "One or more parameter values were invalid: Some index key attributes are not defined in "
            "AttributeDefinitions. Keys: [h], AttributeDefinitions: [x]");
  EXPECT_EQ(
      invalid("CreateTable",
              table("abc", hash, std::string(hash_type) + R"(,{"AttributeName":"x","AttributeType":"S"})")),
      "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match "
      "number of attributes defined in AttributeDefinitions");
  EXPECT_EQ(invalid("CreateTable", table("abc", hash, R"({"AttributeName":"h","AttributeType":"BOOL"})")),
            "1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' "
            "failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]");
  EXPECT_EQ(invalid("CreateTable", table("abc", hash, hash_type, "")),
            "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both "
            "be specified when BillingMode is PROVISIONED");
  EXPECT_EQ(
      invalid(
          "CreateTable",
          table(
              "abc", hash, hash_type,
              R"(,"BillingMode":"PAY_PER_REQUEST","LocalSecondaryIndexes":[{"IndexName":"lsi","KeySchema":[{"AttributeName":"h","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}])")),
      "One or more parameter values were invalid: Table KeySchema does not have a range key, which is "
      "required when specifying a LocalSecondaryIndex");
  EXPECT_EQ(ok("ListTables", "{}"), R"({"TableNames":["main"]})");
}

TEST_F(Tables, ListDeleteAndUseAgain) {
  for (const std::string_view name : {"t3x", "t1x", "t2x"}) ok("CreateTable", table(name, hash, hash_type));
  EXPECT_EQ(ok("ListTables", R"({"Limit":2})"),
            R"({"TableNames":["main","t1x"],"LastEvaluatedTableName":"t1x"})");
  EXPECT_EQ(ok("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"t1x"})"),
            R"({"TableNames":["t2x","t3x"]})");
  put("a", "1", R"("ip":{"S":"x"})");
  ok("DeleteTable", R"({"TableName":"main"})");
  EXPECT_EQ(error("DeleteTable", R"({"TableName":"main"})"),
            "ResourceNotFoundException: Requested resource not found: Table: main not found");
  ok("CreateTable", main_table);
  EXPECT_EQ(get("a", "1"), "{}");
  EXPECT_EQ(ok("Scan", R"({"TableName":"main","IndexName":"iter"})"),
            R"({"Items":[],"Count":0,"ScannedCount":0})");
}

TEST_F(Tables, IndexesAreAddedWithTheirEntriesAndDeleted) {
  put("a", "1", R"("n":{"N":"2"})");
  put("b", "1", R"("n":{"N":"1"})");
  put("c", "1", R"("n":{"S":"not a number"})");
  put("d", "1");
  ok("UpdateTable",
     R"({"TableName":"main","AttributeDefinitions":[{"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],"GlobalSecondaryIndexUpdates":
    [{"Create":{"IndexName":"byn","KeySchema":[{"AttributeName":"sk","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}}]})");
  const std::string_view query =
      R"({"TableName":"main","IndexName":"byn","KeyConditionExpression":"sk = :s","ExpressionAttributeValues":{":s":{"S":"1"}}})";
  EXPECT_EQ(
      ok("Query", query),
      R"({"Items":[{"pk":{"S":"b"},"sk":{"S":"1"},"n":{"N":"1"}},{"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"2"}}],"Count":2,"ScannedCount":2})");
  ok("UpdateTable", R"({"TableName":"main","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"byn"}}]})");
  EXPECT_EQ(invalid("Query", query), "The table does not have the specified index: byn");
  EXPECT_EQ(error("UpdateTable",
                  R"({"TableName":"main","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"byn"}}]})"),
            "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(
      error(
          "UpdateTable",
          R"({"TableName":"main","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"gsi1"}},{"Delete":{"IndexName":"iter"}}]})"),
      "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted "
      "simultaneously per table");
  EXPECT_NE(invalid("UpdateTable", R"({"TableName":"main"})").find("At least one of ProvisionedThroughput"),
            std::string::npos);
}

TEST_F(Tables, LocalIndexesFetchWhatTheyLack) {
  ok("CreateTable",
     R"({"TableName":"lsi","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
     "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"l","AttributeType":"B"}],
     "LocalSecondaryIndexes":[{"IndexName":"byl","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]})");
  // Zero bytes in an index's sort key keep their order: 00, 00 01, 01.
  for (const auto& [sk, l] : {std::pair("1", "AQ=="), std::pair("2", "AA=="), std::pair("3", "AAE=")}) {
    ok("PutItem", R"({"TableName":"lsi","Item":)" +
                      item("a", sk, R"("v":{"S":"v"},"l":{"B":")" + std::string(l) + "\"}") + "}");
  }
  const std::string query =
      R"({"TableName":"lsi","IndexName":"byl","ConsistentRead":true,"ReturnConsumedCapacity":"INDEXES","KeyConditionExpression":"pk = :p AND l >= :l","ExpressionAttributeValues":{":p":{"S":"a"},":l":{"B":"AAE="}})";
  EXPECT_EQ(
      ok("Query", query + "}"),
      R"({"Items":[{"pk":{"S":"a"},"sk":{"S":"3"},"l":{"B":"AAE="}},{"pk":{"S":"a"},"sk":{"S":"1"},"l":{"B":"AQ=="}}],"Count":2,"ScannedCount":2,)"
      R"("ConsumedCapacity":{"TableName":"lsi","CapacityUnits":1.0,"Table":{"CapacityUnits":0.0},"LocalSecondaryIndexes":{"byl":{"CapacityUnits":1.0}}}})");
  EXPECT_EQ(
      ok("Query", query + R"(,"ProjectionExpression":"v"})"),
      R"({"Items":[{"v":{"S":"v"}},{"v":{"S":"v"}}],"Count":2,"ScannedCount":2,)"
      R"("ConsumedCapacity":{"TableName":"lsi","CapacityUnits":3.0,"Table":{"CapacityUnits":2.0},"LocalSecondaryIndexes":{"byl":{"CapacityUnits":1.0}}}})");
}

TEST_F(Tables, TimeToLive) {
  EXPECT_EQ(ok("DescribeTimeToLive", R"({"TableName":"main"})"),
            R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  const std::string_view enable =
      R"({"TableName":"main","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})";
  EXPECT_EQ(ok("UpdateTimeToLive", enable),
            R"({"TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}})");
  EXPECT_EQ(invalid("UpdateTimeToLive", enable), "TimeToLive is already enabled");
  EXPECT_EQ(ok("DescribeTimeToLive", R"({"TableName":"main"})"),
            R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}})");
  ok("UpdateTimeToLive",
     R"({"TableName":"main","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":false}})");
  EXPECT_EQ(
      invalid("UpdateTimeToLive",
              R"({"TableName":"main","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":false}})"),
      "TimeToLive is already disabled");
}

}  // namespace
}  // namespace bao::local
