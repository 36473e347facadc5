#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Query, AnIndexPageByPage) {
  Conversation talk;
  SortKeyCondition after;
  after.kind = SortKeyCondition::Kind::gt;
  after.operands = {Value(5)};
  auto page = talk.query("Post", "byUser", Value("u1"), after, {.limit = 2});
  talk.expect_request(
      "Query",
      R"j({"TableName":"tab","ReturnConsumedCapacity":"TOTAL","IndexName":"gsi1",)j"
      R"j("KeyConditionExpression":"#n0 = :v0 AND #n1 > :v1",)j"
      R"j("ExpressionAttributeNames":{"#n0":"_gsi1_pk","#n1":"_gsi1_sk"},)j"
      R"j("ExpressionAttributeValues":{":v0":{"S":"p#gsi1#u1"},":v1":{"S":"00000000000000000005"}},)j"
      R"j("Limit":2})j");
  talk.answer(
      R"({"Items":[{"_pk":{"S":"p#1"}},{"_pk":{"S":"p#2"}}],"Count":2,"ScannedCount":2,)"
      R"("LastEvaluatedKey":{"_gsi1_pk":{"S":"p#gsi1#u1"},"_gsi1_sk":{"S":"6"},"_pk":{"S":"p#2"},"_sk":{"S":"p"}},)"
      R"("ConsumedCapacity":{"CapacityUnits":1.5}})");
  talk.expect_complete(page);
  EXPECT_EQ(page->value().items.size(), 2U);
  EXPECT_EQ(page->value().count, 2);
  EXPECT_EQ(page->value().capacity.read, 1.5);
  core::QueryOptions next{.limit = 2};
  next.start_key = page->value().last_evaluated_key;
  auto second = talk.query("Post", "byUser", Value("u1"), {}, next);
  talk.expect_request("Query", HasSubstr(R"("ExclusiveStartKey":{"_gsi1_pk":{"S":"p#gsi1#u1"},)"
                                         R"("_gsi1_sk":{"S":"6"},"_pk":{"S":"p#2"},"_sk":{"S":"p"}}})"));
  talk.answer(R"({"Items":[],"Count":0})");
  talk.expect_complete(second);
  EXPECT_TRUE(second->value().last_evaluated_key.is_null());
  EXPECT_TRUE(second->value().items.empty());
}

TEST(Query, CountsPageAfterPage) {
  Conversation talk;
  auto page = talk.query("Post", "byUser", Value("u1"), {}, {.limit = std::nullopt, .count_only = true});
  talk.expect_request("Query", AllOf(HasSubstr(R"("Select":"COUNT")"), Not(HasSubstr("Limit"))));
  talk.answer(R"({"Count":40,"LastEvaluatedKey":{"_pk":{"S":"p#2"}}})");
  talk.expect_request("Query", HasSubstr("ExclusiveStartKey"));
  talk.fault(500, "InternalServerError");
  talk.wait_for_retry();
  talk.expect_request("Query", HasSubstr("ExclusiveStartKey"));
  talk.answer(R"({"Count":2})");
  talk.expect_complete(page);
  EXPECT_EQ(page->value().count, 42);
}

TEST(Query, ThePrimaryKeyConsistentlyBackwardsFilteredAndProjected) {
  Conversation talk;
  auto page = talk.query("Comment", "", Value("p1"), {},
                         {.descending = true,
                          .filter = compare("text", Comparison::ne, "x"),
                          .consistent = true,
                          .attributes = {"text"}});
  talk.expect_request("Query",
                      AllOf(HasSubstr(R"({"S":"c#p1"})"), HasSubstr(R"("ScanIndexForward":false)"),
                            HasSubstr(R"("ConsistentRead":true)"), HasSubstr(R"("FilterExpression":")"),
                            HasSubstr(R"("ProjectionExpression":")"), HasSubstr(R"("Limit":100)")));
  talk.answer(R"({"Items":[],"Count":0})");
  talk.expect_complete(page);
}

TEST(Query, RefusesBeforeSending) {
  Conversation talk;
  const auto refused = [&](Started<core::Page> page, ErrorCode code) {
    talk.expect_complete(page);
    EXPECT_EQ(page->error().code(), code) << page->error().message();
    talk.expect_nothing();
  };
  refused(talk.query("Post", "byNobody", Value("u1")), ErrorCode::query);
  refused(talk.query("Post", "byUser", Value("u1"), {}, {.consistent = true}), ErrorCode::query);
  refused(talk.query("Post", "byUser", Value("u1"), {}, {.limit = 0}), ErrorCode::query);
  refused(talk.query("Post", "byUser", Value("u1"), {}, {.filter = compare("nothing", Comparison::eq, 1)}),
          ErrorCode::query);
  refused(talk.query("Post", "byUser", Value("u1"), {}, {.attributes = {"nothing"}}), ErrorCode::query);
  refused(talk.query("Post", "byUser", Value()), ErrorCode::validation);
  core::QueryOptions start;
  start.start_key = Value("garbage");
  refused(talk.query("Post", "byUser", Value("u1"), {}, start), ErrorCode::query);
}

TEST(Query, AnAnswerWithoutItemsIsNoEmptyPage) {
  Conversation talk;
  auto page = talk.query("Post", "byUser", Value("u1"));
  talk.expect_request("Query");
  talk.answer("{}");
  talk.wait_for_retry();
  talk.expect_request("Query");
  talk.answer(R"({"Items":[{"_pk":{"S":"p#1"}}],"Count":1})");
  talk.expect_complete(page);
  EXPECT_EQ(page->value().items.size(), 1U);
}

TEST(Query, CancelledBetweenPages) {
  Conversation talk;
  auto page = talk.query("Post", "byUser", Value("u1"), {}, {.limit = std::nullopt, .count_only = true});
  talk.expect_request("Query");
  talk.answer(R"({"Count":40,"LastEvaluatedKey":{"_pk":{"S":"p#2"}}})");
  const Sent second = talk.expect_request("Query");
  talk.cancel(page);
  talk.expect_cancelled(second);
  talk.expect_complete(page);
  EXPECT_EQ(page->error().code(), ErrorCode::cancelled);
}

TEST(Query, CountsItsCapacityInTheScope) {
  Conversation talk;
  auto scope = std::make_shared<core::Scope>();
  auto page = talk.query("Post", "byUser", Value("u1"), {}, {}, scope);
  talk.expect_request("Query");
  talk.answer(R"({"Items":[],"Count":0,"ConsumedCapacity":{"CapacityUnits":2.5}})");
  talk.expect_complete(page);
  EXPECT_EQ(scope->capacity.read, 2.5);
}

}  // namespace
}  // namespace bao::scripted
