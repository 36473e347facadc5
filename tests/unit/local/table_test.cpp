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

std::string names(int count, std::string_view prefix) {
  std::string list;
  for (int i = 0; i < count; ++i) {
    list += std::string(i > 0 ? "," : "") + "\"" + std::string(prefix) + std::to_string(i) + "\"";
  }
  return list;
}

std::string global_index(std::string_view name, std::string_view non_key_attributes,
                         std::string_view key = "h") {
  return R"({"IndexName":")" + std::string(name) + R"(","KeySchema":[{"AttributeName":")" + std::string(key) +
         R"(","KeyType":"HASH"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":[)" +
         std::string(non_key_attributes) + "]}}";
}

std::string with_indexes(std::string_view name, std::string_view indexes) {
  return table(name, hash, hash_type,
               R"(,"BillingMode":"PAY_PER_REQUEST","GlobalSecondaryIndexes":[)" + std::string(indexes) + "]");
}

TEST_F(Tables, NamesOfKeysAndProjectedAttributesHave1To255Bytes) {
  const auto attribute = [](std::string_view name) {
    return R"({"AttributeName":")" + std::string(name) + R"(","AttributeType":"S"})";
  };
  const auto key = [](std::string_view name) {
    return R"({"AttributeName":")" + std::string(name) + R"(","KeyType":"HASH"})";
  };
  const std::string longest(255, 'n');
  ok("CreateTable", table("longest", key(longest), attribute(longest)));
  ok("CreateTable", with_indexes("projected", global_index("iii", "\"" + longest + "\"")));
  for (const std::string& name : {std::string(), std::string(256, 'n')}) {
    const auto failed = [&](std::string_view member) {
      return "Value '" + name + "' at '" + std::string(member) +
             "' failed to satisfy constraint: Member must have length " +
             (name.empty() ? "greater than or equal to 1" : "less than or equal to 255");
    };
    EXPECT_EQ(invalid("CreateTable", table("abc", key(name), attribute(name))),
              "2 validation errors detected: " + failed("attributeDefinitions.1.member.attributeName") +
                  "; " + failed("keySchema.1.member.attributeName"));
    EXPECT_EQ(invalid("CreateTable", with_indexes("abc", global_index("iii", "\"a\"", name))),
              "1 validation error detected: " +
                  failed("globalSecondaryIndexes.1.member.keySchema.1.member.attributeName"));
    EXPECT_EQ(invalid("CreateTable", with_indexes("abc", global_index("iii", "\"a\",\"" + name + "\""))),
              "1 validation error detected: " +
                  failed("globalSecondaryIndexes.1.member.projection.nonKeyAttributes.2.member"));
    EXPECT_EQ(invalid("UpdateTable", R"({"TableName":"longest","GlobalSecondaryIndexUpdates":[{"Create":)" +
                                         global_index("iii", "\"" + name + "\"") + "}]}"),
              "1 validation error detected: " +
                  failed("globalSecondaryIndexUpdates.1.member.create.projection.nonKeyAttributes.1.member"));
  }
}

TEST_F(Tables, AnAttributeIsNamedOnce) {
  constexpr std::string_view twice =
      "One or more parameter values were invalid: Cannot have two attributes with the same name: h";
  EXPECT_EQ(invalid("CreateTable", table("abc", hash, std::string(hash_type) + "," + std::string(hash_type))),
            twice);
  EXPECT_EQ(
      invalid("CreateTable",
              table("abc", hash, std::string(hash_type) + R"(,{"AttributeName":"h","AttributeType":"N"})")),
      twice);
  EXPECT_EQ(invalid("CreateTable", with_indexes("abc", global_index("iii", R"("a","h","b","h")"))), twice);
}

TEST_F(Tables, IndexesProject100AttributesTogether) {
  constexpr std::string_view too_many =
      "One or more parameter values were invalid: The number of NonKeyAttributes of all indexes together "
      "exceeds "
      "the limit of 100";
  EXPECT_EQ(invalid("CreateTable", with_indexes("abc", global_index("one", names(101, "a")))), too_many);
  EXPECT_EQ(invalid("CreateTable", with_indexes("abc", global_index("one", names(50, "a")) + "," +
                                                           global_index("two", names(51, "b")))),
            too_many);
  // One attribute in two indexes counts twice.
  EXPECT_EQ(invalid("CreateTable", with_indexes("abc", global_index("one", names(51, "a")) + "," +
                                                           global_index("two", names(51, "a")))),
            too_many);
  ok("CreateTable",
     with_indexes("abc", global_index("one", names(50, "a")) + "," + global_index("two", names(49, "a"))));
  const auto add = [](std::string_view name, int count) {
    return R"({"TableName":"abc","AttributeDefinitions":[)" + std::string(hash_type) +
           R"(],"GlobalSecondaryIndexUpdates":[{"Create":)" + global_index(name, names(count, "c")) + "}]}";
  };
  EXPECT_EQ(invalid("UpdateTable", add("three", 2)), too_many);
  ok("UpdateTable", add("three", 1));
}

TEST_F(Tables, TheTableClassIsShown) {
  const auto create = [](std::string_view name, std::string_view table_class) {
    return table(name, hash, hash_type,
                 R"(,"BillingMode":"PAY_PER_REQUEST","TableClass":")" + std::string(table_class) + "\"");
  };
  const auto summary = [&](std::string_view answer) {
    const std::size_t at = answer.find("\"TableClassSummary\":");
    return at == std::string_view::npos ? std::string() : member(answer.substr(at), "TableClass");
  };
  EXPECT_EQ(summary(ok("CreateTable", create("rare", "STANDARD_INFREQUENT_ACCESS"))),
            "STANDARD_INFREQUENT_ACCESS");
  EXPECT_EQ(summary(ok("DescribeTable", R"({"TableName":"rare"})")), "STANDARD_INFREQUENT_ACCESS");
  ok("UpdateTable", R"({"TableName":"rare","TableClass":"STANDARD"})");
  EXPECT_EQ(summary(ok("DescribeTable", R"({"TableName":"rare"})")), "STANDARD");
  ok("UpdateTable", R"({"TableName":"rare","DeletionProtectionEnabled":false})");
  EXPECT_EQ(summary(ok("DescribeTable", R"({"TableName":"rare"})")), "STANDARD");
  EXPECT_EQ(summary(ok("DescribeTable", R"({"TableName":"main"})")), "");
  constexpr std::string_view unknown =
      "1 validation error detected: Value 'COLD' at 'tableClass' failed to satisfy constraint: Member must "
      "satisfy "
      "enum value set: [STANDARD, STANDARD_INFREQUENT_ACCESS]";
  EXPECT_EQ(invalid("CreateTable", create("cold", "COLD")), unknown);
  EXPECT_EQ(invalid("UpdateTable", R"({"TableName":"rare","TableClass":"COLD"})"), unknown);
}

TEST_F(Tables, StreamsAreRefused) {
  const auto create = [](std::string_view specification) {
    return table("abc", hash, hash_type,
                 R"(,"BillingMode":"PAY_PER_REQUEST","StreamSpecification":)" + std::string(specification));
  };
  constexpr std::string_view unsupported =
      "The embedded engine has no streams: StreamSpecification.StreamEnabled must be false";
  EXPECT_EQ(invalid("CreateTable", create(R"({"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"})")),
            unsupported);
  EXPECT_EQ(
      invalid(
          "UpdateTable",
          R"({"TableName":"main","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}})"),
      unsupported);
  EXPECT_EQ(
      invalid("CreateTable", create("{}")),
      "1 validation error detected: Value null at 'streamSpecification.streamEnabled' failed to satisfy "
      "constraint: Member must not be null");
  // Nothing may say what a stream shows that is not there.
  constexpr std::string_view contradiction =
      "Invalid StreamViewType: Stream StreamEnabled was false but a StreamViewType was present.";
  for (const std::string_view type : {"NEW_IMAGE", "NO_SUCH_TYPE"}) {
    const std::string off = R"({"StreamEnabled":false,"StreamViewType":")" + std::string(type) + "\"}";
    EXPECT_EQ(invalid("CreateTable", create(off)), contradiction);
    const std::string body =
        R"({"TableName":"main","DeletionProtectionEnabled":true,"StreamSpecification":)" + off + "}";
    EXPECT_EQ(invalid("UpdateTable", body), contradiction);
  }
  EXPECT_EQ(invalid("UpdateTable", R"({"TableName":"main","StreamSpecification":{"StreamEnabled":false}})"),
            "Table has no stream to disable");
  ok("UpdateTable",
     R"({"TableName":"main","DeletionProtectionEnabled":false,"StreamSpecification":{"StreamEnabled":false}})");
  ok("CreateTable", create(R"({"StreamEnabled":false})"));
}

std::string update_indexes(std::string_view updates) {
  return R"({"TableName":"paid","GlobalSecondaryIndexUpdates":[)" + std::string(updates) + "]}";
}

std::string throughput(int read, int write) {
  return R"("ProvisionedThroughput":{"ReadCapacityUnits":)" + std::to_string(read) +
         R"(,"WriteCapacityUnits":)" + std::to_string(write) + "}";
}

std::string update_index(std::string_view name, int read, int write) {
  return R"({"Update":{"IndexName":")" + std::string(name) + "\"," + throughput(read, write) + "}}";
}

/// A table `paid` with 5 and 6 units, and the indexes one and two with 3 and 4 each.
class ProvisionedTable : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    const auto index = [](std::string_view name) {
      return R"({"IndexName":")" + std::string(name) + R"(","KeySchema":[)" + std::string(hash) +
             R"(],"Projection":{"ProjectionType":"ALL"},)" + throughput(3, 4) + "}";
    };
    ok("CreateTable", table("paid", hash, hash_type,
                            "," + throughput(5, 6) + R"(,"GlobalSecondaryIndexes":[)" + index("one") + "," +
                                index("two") + "]"));
    described_ = described();
  }
  std::string described() { return ok("DescribeTable", R"({"TableName":"paid"})"); }

  std::string described_;
};

TEST_F(ProvisionedTable, AnIndexIsUpdatedOncePerRequest) {
  const auto twice = [](std::string_view name) {
    return "One or more parameter values were invalid: Only one global secondary index update per index is "
           "allowed "
           "simultaneously. Index: " +
           std::string(name);
  };
  const std::string remove = R"({"Delete":{"IndexName":"one"}})";
  const std::string create = R"({"Create":)" + global_index("new", "\"a\"") + "}";
  EXPECT_EQ(invalid("UpdateTable", update_indexes(update_index("one", 7, 7) + "," + remove)), twice("one"));
  EXPECT_EQ(
      invalid("UpdateTable", update_indexes(update_index("one", 7, 7) + "," + update_index("one", 8, 8))),
      twice("one"));
  EXPECT_EQ(invalid("UpdateTable", update_indexes(remove + "," + remove)), twice("one"));
  EXPECT_EQ(invalid("UpdateTable", update_indexes(create + R"(,{"Delete":{"IndexName":"new"}})")),
            twice("new"));
  EXPECT_EQ(described(), described_);
  ok("UpdateTable", update_indexes(update_index("one", 7, 7) + "," + update_index("two", 8, 8)));
}

TEST_F(ProvisionedTable, AnUpdateOfAnIndexIsWhole) {
  const auto failed = [](std::string_view shown, std::string_view member, std::string_view rule) {
    return "Value " + std::string(shown) + " at 'globalSecondaryIndexUpdates.1.member." +
           std::string(member) + "' failed to satisfy constraint: Member must " + std::string(rule);
  };
  const std::string one = "1 validation error detected: ";
  const std::string two = "2 validation errors detected: ";
  const std::string no_throughput = failed("null", "update.provisionedThroughput", "not be null");
  const std::string no_name = failed("null", "update.indexName", "not be null");
  EXPECT_EQ(invalid("UpdateTable", update_indexes(R"({"Update":{"IndexName":"one"}})")), one + no_throughput);
  EXPECT_EQ(invalid("UpdateTable",
                    update_indexes(R"({"Update":{"IndexName":"one","ProvisionedThroughput":null}})")),
            one + no_throughput);
  EXPECT_EQ(invalid("UpdateTable", update_indexes(R"({"Update":{)" + throughput(7, 7) + "}}")),
            one + no_name);
  EXPECT_EQ(invalid("UpdateTable", update_indexes(R"({"Update":{}})")), two + no_name + "; " + no_throughput);
  EXPECT_EQ(invalid("UpdateTable", update_indexes(R"({"Delete":{}})")),
            one + failed("null", "delete.indexName", "not be null"));
  for (const std::string_view kind : {"update", "delete"}) {
    const std::string member = std::string(kind) + ".indexName";
    EXPECT_EQ(invalid("UpdateTable",
                      update_indexes(kind == "update" ? update_index("x!", 7, 7)
                                                      : std::string(R"({"Delete":{"IndexName":"x!"}})"))),
              two + failed("'x!'", member, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+") + "; " +
                  failed("'x!'", member, "have length greater than or equal to 3"));
  }
  const std::string none =
      "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate's Create, Delete and "
      "Update must be specified, and only one";
  EXPECT_EQ(invalid("UpdateTable", update_indexes("{}")), none);
  EXPECT_EQ(invalid("UpdateTable", update_indexes(R"({"Update":null,"Delete":null,"Create":null})")), none);
  EXPECT_EQ(described(), described_);
}

TEST_F(ProvisionedTable, ThroughputMustChange) {
  const auto same = [](std::string_view what, int read, int write) {
    return "The provisioned throughput for the " + std::string(what) +
           " will not change. The requested value equals the current value. Current ReadCapacityUnits "
           "provisioned for "
           "the " +
           std::string(what) + ": " + std::to_string(read) +
           ". Requested ReadCapacityUnits: " + std::to_string(read) +
           ". Current WriteCapacityUnits provisioned for the " + std::string(what) + ": " +
           std::to_string(write) + ". Requested WriteCapacityUnits: " + std::to_string(write) + ".";
  };
  const std::string head = R"({"TableName":"paid",)";
  EXPECT_EQ(invalid("UpdateTable", head + throughput(5, 6) + "}"), same("table", 5, 6));
  EXPECT_EQ(invalid("UpdateTable", head + throughput(5, 6) + R"(,"BillingMode":"PROVISIONED"})"),
            same("table", 5, 6));
  EXPECT_EQ(invalid("UpdateTable", head + throughput(5, 6) + R"(,"GlobalSecondaryIndexUpdates":[)" +
                                       update_index("one", 7, 7) + "]}"),
            same("table", 5, 6));
  EXPECT_EQ(invalid("UpdateTable", update_indexes(update_index("one", 3, 4))), same("index one", 3, 4));
  EXPECT_EQ(
      invalid("UpdateTable", update_indexes(update_index("two", 8, 8) + "," + update_index("one", 3, 4))),
      same("index one", 3, 4));
  EXPECT_EQ(invalid("UpdateTable", update_indexes(update_index("one", 0, 4))),
            "1 validation error detected: Value '0' at "
            "'globalSecondaryIndexUpdates.1.member.update.provisionedThroughput.readCapacityUnits' failed to "
            "satisfy "
            "constraint: Member must have value greater than or equal to 1");
  EXPECT_EQ(described(), described_);
  ok("UpdateTable", head + throughput(5, 7) + "}");
  ok("UpdateTable", update_indexes(update_index("one", 4, 4)));
  // A change of the billing mode is a change.
  ok("UpdateTable", R"({"TableName":"paid","BillingMode":"PAY_PER_REQUEST"})");
  ok("UpdateTable", head + throughput(5, 7) +
                        R"(,"BillingMode":"PROVISIONED","GlobalSecondaryIndexUpdates":[)" +
                        update_index("one", 4, 4) + "]}");
}

TEST_F(Tables, ListDeleteAndUseAgain) {
  for (const std::string_view name : {"t3x", "t1x", "t2x"}) ok("CreateTable", table(name, hash, hash_type));
  EXPECT_EQ(ok("ListTables", R"({"Limit":2})"),
            R"({"TableNames":["main","t1x"],"LastEvaluatedTableName":"t1x"})");
  EXPECT_EQ(ok("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"t1x"})"),
            R"({"TableNames":["t2x","t3x"]})");
  EXPECT_EQ(
      invalid("ListTables", R"({"ExclusiveStartTableName":"a"})"),
      "1 validation error detected: Value 'a' at 'exclusiveStartTableName' failed to satisfy constraint: "
      "Member must have length greater than or equal to 3");
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
