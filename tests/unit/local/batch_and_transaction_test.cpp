#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

class Batch : public EngineTest {
 protected:
  static std::string keys(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += (i > 0 ? "," : "") + item("k" + std::to_string(i), "1");
    return out;
  }
  static std::string get_body(std::string_view key_list, std::string_view more = "") {
    return R"({"RequestItems":{"main":{"Keys":[)" + std::string(key_list) + "]" + std::string(more) + "}}}";
  }
  static std::string put_request(std::string_view pk, std::string_view more = "") {
    return R"({"PutRequest":{"Item":)" + item(pk, "1", more) + "}}";
  }
  static std::string write_body(std::string_view requests) {
    return R"({"RequestItems":{"main":[)" + std::string(requests) + R"(]},"ReturnConsumedCapacity":"TOTAL"})";
  }
};

TEST_F(Batch, GetsWhatIsThere) {
  put("a", "1", R"("v":{"N":"1"})");
  put("b", "1", R"("v":{"N":"2"})");
  EXPECT_EQ(ok("BatchGetItem", get_body(item("a", "1") + "," + item("zz", "1") + "," + item("b", "1"),
                                        R"(,"ProjectionExpression":"v","ConsistentRead":true)")),
            R"({"Responses":{"main":[{"v":{"N":"1"}},{"v":{"N":"2"}}]},"UnprocessedKeys":{}})");
  EXPECT_EQ(
      ok("BatchGetItem", R"({"ReturnConsumedCapacity":"TOTAL",)" + get_body(keys(100)).substr(1)),
      R"({"Responses":{"main":[]},"UnprocessedKeys":{},"ConsumedCapacity":[{"TableName":"main","CapacityUnits":50.0}]})");
}

TEST_F(Batch, GetRefusals) {
  EXPECT_EQ(invalid("BatchGetItem", get_body(keys(101))),
            "Too many items requested for the BatchGetItem call");
  EXPECT_EQ(invalid("BatchGetItem", get_body(item("a", "1") + "," + item("a", "1"))),
            "Provided list of item keys contains duplicates");
  EXPECT_EQ(
      invalid("BatchGetItem", get_body(item("a", "1") + ",null")),
      "1 validation error detected: Value null at 'requestItems.main.member.keys.member' failed to satisfy "
      "constraint: Member must not be null");
  EXPECT_EQ(invalid("BatchGetItem", get_body(R"({"pk":{"S":"a"}})")),
            "The provided key element does not match the schema");
  EXPECT_EQ(invalid("BatchGetItem", "{}"),
            "1 validation error detected: Value null at 'requestItems' failed to satisfy constraint: Member "
            "must not be null");
  EXPECT_EQ(invalid("BatchGetItem", R"({"RequestItems":{}})"),
            "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member "
            "must have length greater than or equal to 1");
  EXPECT_EQ(invalid("BatchGetItem", get_body("")),
            "1 validation error detected: Value '[]' at 'requestItems.main.member.keys' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1");
  EXPECT_EQ(error("BatchGetItem", R"({"RequestItems":{"nope":{"Keys":[{"pk":{"S":"a"}}]}}})"),
            "ResourceNotFoundException: Requested resource not found");
}

TEST_F(Batch, GetLeavesWhatDoesNotFitInSixteenMegabytes) {
  const std::string big = R"("v":{"S":")" + std::string(390 * 1024, 'x') + "\"}";
  for (int i = 0; i < 45; ++i) put("k" + std::to_string(i), "1", big);
  const std::string answer = ok("BatchGetItem", get_body(keys(45), R"(,"ProjectionExpression":"pk")"));
  std::size_t found = 0;
  const std::size_t unprocessed = answer.find("UnprocessedKeys");
  for (std::size_t at = answer.find(R"({"pk":)"); at < unprocessed; at = answer.find(R"({"pk":)", at + 1))
    ++found;
  EXPECT_EQ(found, 42U);
  EXPECT_EQ(
      answer.substr(unprocessed),
      R"(UnprocessedKeys":{"main":{"Keys":[{"pk":{"S":"k42"},"sk":{"S":"1"}},{"pk":{"S":"k43"},"sk":{"S":"1"}},{"pk":{"S":"k44"},"sk":{"S":"1"}}],"ProjectionExpression":"pk"}}})");
}

TEST_F(Batch, WritesPutsAndDeletes) {
  put("gone", "1");
  EXPECT_EQ(ok("BatchWriteItem", write_body(put_request("a", R"("g1p":{"S":"x"},"g1s":{"N":"1"})") +
                                            R"(,{"DeleteRequest":{"Key":)" + item("gone", "1") + "}}")),
            R"({"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"main","CapacityUnits":3.0}]})");
  EXPECT_EQ(get("gone", "1"), "{}");
  EXPECT_NE(get("a", "1"), "{}");
}

TEST_F(Batch, WriteRefusalsWriteNothing) {
  std::string many;
  for (int i = 0; i < 26; ++i) many += (i > 0 ? "," : "") + put_request("w" + std::to_string(i));
  EXPECT_EQ(invalid("BatchWriteItem", write_body(many)),
            "Too many items requested for the BatchWriteItem call");
  EXPECT_EQ(invalid("BatchWriteItem",
                    write_body(put_request("w0") + R"(,{"DeleteRequest":{"Key":)" + item("w0", "1") + "}}")),
            "Provided list of item keys contains duplicates");
  EXPECT_EQ(invalid("BatchWriteItem",
                    write_body(put_request("w0") + R"(,{"PutRequest":{"Item":{"pk":{"S":"x"}}}})")),
            "The provided key element does not match the schema");
  EXPECT_EQ(
      invalid("BatchWriteItem", write_body(put_request("w0") + ",{}")),
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
      "datatypes");
  EXPECT_EQ(get("w0", "1"), "{}");
}

class Transactions : public EngineTest {
 protected:
  static std::string body(std::string_view actions, std::string_view more = "") {
    return R"({"TransactItems":[)" + std::string(actions) + "]" + std::string(more) + "}";
  }
  static std::string put_action(std::string_view pk, std::string_view more = "",
                                std::string_view item_more = "") {
    return R"({"Put":{"TableName":"main","Item":)" + item(pk, "1", item_more) + std::string(more) + "}}";
  }
  static std::string check(std::string_view pk, std::string_view condition, std::string_view more = "") {
    return R"({"ConditionCheck":{"TableName":"main","Key":)" + item(pk, "1") + R"(,"ConditionExpression":")" +
           std::string(condition) + "\"" + std::string(more) + "}}";
  }
};

TEST_F(Transactions, AllOrNothing) {
  put("old", "1", R"("v":{"N":"1"})");
  ok("TransactWriteItems",
     body(
         put_action("a") +
         R"(,{"Update":{"TableName":"main","Key":{"pk":{"S":"b"},"sk":{"S":"1"}},"UpdateExpression":"SET v = :v","ExpressionAttributeValues":{":v":{"N":"7"}}}},)" +
         R"({"Delete":{"TableName":"main","Key":{"pk":{"S":"old"},"sk":{"S":"1"}}}},)" +
         check("nobody", "attribute_not_exists(pk)")));
  EXPECT_NE(get("a", "1"), "{}");
  EXPECT_EQ(get("b", "1"), R"({"Item":{"pk":{"S":"b"},"sk":{"S":"1"},"v":{"N":"7"}}})");
  EXPECT_EQ(get("old", "1"), "{}");

  const Answer cancelled = engine_.handle(
      "TransactWriteItems",
      body(
          put_action("c") + "," +
          check("b", "attribute_not_exists(pk)", R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")") +
          "," +
          R"({"Update":{"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"UpdateExpression":"SET v = pk + pk"}})"));
  EXPECT_EQ(cancelled.status, 400);
  EXPECT_EQ(
      cancelled.body,
      R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]",)"
      R"("CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"The conditional request failed","Item":{"pk":{"S":"b"},"sk":{"S":"1"},"v":{"N":"7"}}},)"
      R"({"Code":"ValidationError","Message":"An operand in the update expression has an incorrect data type"}]})");
  EXPECT_EQ(get("c", "1"), "{}");
}

TEST_F(Transactions, Refusals) {
  EXPECT_EQ(invalid("TransactWriteItems", body(put_action("a") + "," + check("a", "attribute_exists(pk)"))),
            "Transaction request cannot include multiple operations on one item");
  EXPECT_EQ(invalid("TransactWriteItems", "{}"),
            "1 validation error detected: Value null at 'transactItems' failed to satisfy constraint: Member "
            "must not be null");
  EXPECT_EQ(invalid("TransactWriteItems", body("")),
            "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member "
            "must have length greater than or equal to 1");
  EXPECT_EQ(invalid("TransactWriteItems", body("{}")),
            "TransactItems can only contain one of Check, Put, Update or Delete");
  EXPECT_EQ(invalid("TransactWriteItems",
                    body(R"({"Update":{"TableName":"main","Key":{"pk":{"S":"b"},"sk":{"S":"1"}}}})")),
            "1 validation error detected: Value null at 'transactItems.1.member.update.updateExpression' "
            "failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(error("TransactWriteItems", body(R"({"Put":{"TableName":"nope","Item":{"pk":{"S":"b"}}}})")),
            "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(error("TransactWriteItems",
                  body(put_action("a") + R"(,{"Delete":{"TableName":"main","Key":{"pk":{"S":"b"}}}})")),
            "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for "
            "specific reasons [None, ValidationError]");
  std::string many;
  for (int i = 0; i < 101; ++i) many += (i > 0 ? "," : "") + put_action("m" + std::to_string(i));
  EXPECT_NE(
      invalid("TransactWriteItems", body(many)).find("Member must have length less than or equal to 100"),
      std::string::npos);
  EXPECT_EQ(get("a", "1"), "{}");
}

TEST_F(Transactions, TokensMakeThemIdempotentForTenMinutes) {
  const std::string add = body(
      R"({"Update":{"TableName":"main","Key":{"pk":{"S":"n"},"sk":{"S":"1"}},"UpdateExpression":"ADD v :v","ExpressionAttributeValues":{":v":{"N":"1"}}}})",
      R"(,"ClientRequestToken":"t1","ReturnConsumedCapacity":"TOTAL")");
  EXPECT_EQ(ok("TransactWriteItems", add),
            R"({"ConsumedCapacity":[{"TableName":"main","CapacityUnits":2.0,"WriteCapacityUnits":2.0}]})");
  now_ms_ += 9 * 60 * 1000;
  EXPECT_EQ(ok("TransactWriteItems", add),
            R"({"ConsumedCapacity":[{"TableName":"main","CapacityUnits":2.0,"ReadCapacityUnits":2.0}]})");
  EXPECT_EQ(get("n", "1"), R"({"Item":{"pk":{"S":"n"},"sk":{"S":"1"},"v":{"N":"1"}}})");
  EXPECT_EQ(error("TransactWriteItems", body(put_action("x"), R"(,"ClientRequestToken":"t1")")).substr(0, 36),
            "IdempotentParameterMismatchException");
  EXPECT_EQ(get("x", "1"), "{}");
  now_ms_ += 60 * 1000;
  ok("TransactWriteItems", add);
  EXPECT_EQ(get("n", "1"), R"({"Item":{"pk":{"S":"n"},"sk":{"S":"1"},"v":{"N":"2"}}})");
  // A cancelled transaction leaves its token free.
  const std::string failing = body(check("nobody", "attribute_exists(pk)"), R"(,"ClientRequestToken":"t2")");
  error("TransactWriteItems", failing);
  error("TransactWriteItems", failing);
  EXPECT_NE(invalid("TransactWriteItems", body(put_action("x"), R"(,"ClientRequestToken":"")"))
                .find("clientRequestToken"),
            std::string::npos);
}

TEST_F(Transactions, GetsAnswerInOrder) {
  put("a", "1", R"("v":{"N":"1"})");
  EXPECT_EQ(
      ok("TransactGetItems",
         body(
             R"({"Get":{"TableName":"main","Key":{"pk":{"S":"z"},"sk":{"S":"1"}}}},{"Get":{"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ProjectionExpression":"v"}})",
             R"(,"ReturnConsumedCapacity":"TOTAL")")),
      R"({"Responses":[{},{"Item":{"v":{"N":"1"}}}],"ConsumedCapacity":[{"TableName":"main","CapacityUnits":4.0,"ReadCapacityUnits":4.0}]})");
  EXPECT_EQ(invalid("TransactGetItems", body(R"({"Get":{"TableName":"main"}})")),
            "1 validation error detected: Value null at 'transactItems.1.member.get.key' failed to satisfy "
            "constraint: Member must not be null");
}

}  // namespace
}  // namespace bao::local
