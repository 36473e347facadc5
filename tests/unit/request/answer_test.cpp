#include "core/request/answer.hpp"

#include <gtest/gtest.h>

namespace bao::core {
namespace {

TEST(Answer, OfAQuery) {
  const auto answer = parse_answer(
      R"({"Items":[{"a":{"S":"1"}},{"a":{"S":"2"}}],"Count":2,"ScannedCount":5,"New":{"x":[1,null]},)"
      R"("LastEvaluatedKey":{"_pk":{"S":"k"}},"ConsumedCapacity":{"TableName":"t","CapacityUnits":1.5,)"
      R"("Table":{"CapacityUnits":1.5}}})");
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->items.size(), 2U);
  EXPECT_EQ(answer->items_ref(1).attribute("a").text(), "2");
  EXPECT_EQ(answer->count, 2);
  EXPECT_EQ(answer->scanned_count, 5);
  EXPECT_TRUE(answer->has_items && answer->has_count);
  EXPECT_TRUE(answer->last_evaluated_key);
  EXPECT_EQ(answer->capacity_units, 1.5);
}

TEST(Answer, OfABatch) {
  const auto answer = parse_answer(
      R"({"Responses":{"t":[{"_pk":{"S":"1"}}]},"UnprocessedKeys":{"t":{"ConsistentRead":true,)"
      R"("Keys":[{"_pk":{"S":"2"}},{"_pk":{"S":"3"}}]}},)"
      R"("ConsumedCapacity":[{"TableName":"t","CapacityUnits":1},{"TableName":"t","CapacityUnits":0.5}]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->items.size(), 1U);
  EXPECT_EQ(answer->unprocessed.size(), 2U);
  EXPECT_TRUE(answer->has_items);
  EXPECT_EQ(answer->capacity_units, 1.5);
}

TEST(Answer, WithoutAListOfItemsSaysSo) {
  for (const char* body : {"{}", R"({"Responses":{}})", R"({"Item":{"a":{"S":"1"}}})"}) {
    const auto answer = parse_answer(body);
    ASSERT_TRUE(answer) << body;
    EXPECT_FALSE(answer->has_items) << body;
  }
  EXPECT_TRUE(parse_answer(R"({"Items":[]})")->has_items);
}

TEST(Answer, OfOneItem) {
  EXPECT_EQ(parse_answer(R"({"Item":{"a":{"S":"1"}}})")->item_ref().attribute("a").text(), "1");
  EXPECT_EQ(parse_answer(R"({"Attributes":{"a":{"S":"1"}}})")->item_ref().attribute("a").text(), "1");
  EXPECT_FALSE(parse_answer("{}")->item_ref());
  EXPECT_FALSE(parse_answer(R"({"Item":null,"ConsumedCapacity":null})")->item_ref());
}

TEST(Answer, RefusesWhatIsNotOne) {
  for (const char* body :
       {"", "null", "[]", "{", R"({"Items":{}})", R"({"Items":[1]})", R"({"Count":"2"})",
        R"({"Item":{"a":{"S":1}}})", R"({"Item":{"a":{"S":"1","N":"2"}}})", "{} {}",
        R"({"ConsumedCapacity":{"CapacityUnits":"1"}})", R"({"UnprocessedKeys":{"t":[]}})"}) {
    EXPECT_FALSE(parse_answer(body)) << body;
  }
}

}  // namespace
}  // namespace bao::core
