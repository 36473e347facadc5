#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

/// `main` of the fixture has no local index; `lsi` and `two` have one.
class CollectionMetrics : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    for (const char* name : {"two", "lsi"}) {
      ok("CreateTable", R"({"TableName":")" + std::string(name) + R"(","BillingMode":"PAY_PER_REQUEST",
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},
          {"AttributeName":"l","AttributeType":"N"}],
        "LocalSecondaryIndexes":[{"IndexName":"byL","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
          {"AttributeName":"l","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]})");
    }
  }
  static std::string put_request(std::string_view pk, std::string_view sk) {
    return R"({"PutRequest":{"Item":)" + item(pk, sk) + "}}";
  }
  static std::string metrics(std::string_view pk) {
    return R"({"ItemCollectionKey":{"pk":{"S":")" + std::string(pk) +
           R"("}},"SizeEstimateRangeGB":[0.0,1.0]})";
  }
};

TEST_F(CollectionMetrics, OfABatchByTableEachOnce) {
  const std::string body = R"({"ReturnItemCollectionMetrics":"SIZE","RequestItems":{"two":[)" +
                           put_request("a", "1") + "," + put_request("b", "1") + "," + put_request("a", "2") +
                           R"(],"main":[)" + put_request("a", "1") + R"(],"lsi":[{"DeleteRequest":{"Key":)" +
                           item("z", "1") + "}}]}}";
  EXPECT_EQ(ok("BatchWriteItem", body), R"({"UnprocessedItems":{},"ItemCollectionMetrics":{"lsi":[)" +
                                            metrics("z") + R"(],"two":[)" + metrics("a") + "," +
                                            metrics("b") + "]}}");
}

TEST_F(CollectionMetrics, OnlyWhereAskedForAndWhereThereIsALocalIndex) {
  EXPECT_EQ(ok("BatchWriteItem", R"({"RequestItems":{"two":[)" + put_request("a", "1") + "]}}"),
            R"({"UnprocessedItems":{}})");
  EXPECT_EQ(ok("BatchWriteItem", R"({"ReturnItemCollectionMetrics":"SIZE","RequestItems":{"main":[)" +
                                     put_request("a", "1") + "]}}"),
            R"({"UnprocessedItems":{}})");
}

TEST_F(CollectionMetrics, OfATransactionWithoutWhatItOnlyChecks) {
  const auto on_two = [](std::string_view action, std::string_view member, std::string_view pk) {
    return "{\"" + std::string(action) + R"(":{"TableName":"two",")" + std::string(member) +
           "\":" + item(pk, "1");
  };
  const std::string body =
      R"({"ReturnItemCollectionMetrics":"SIZE","ClientRequestToken":"t","TransactItems":[)" +
      on_two("Put", "Item", "a") + "}}," + on_two("ConditionCheck", "Key", "c") +
      R"raw(,"ConditionExpression":"attribute_not_exists(pk)"}},)raw" + on_two("Delete", "Key", "b") + "}}]}";
  EXPECT_EQ(ok("TransactWriteItems", body),
            R"({"ItemCollectionMetrics":{"two":[)" + metrics("a") + "," + metrics("b") + "]}}");
  EXPECT_EQ(ok("TransactWriteItems", body), "{}") << "a repetition changes nothing";
}

}  // namespace
}  // namespace bao::local
