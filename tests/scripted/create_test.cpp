#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::HasSubstr;

constexpr const char* put_comment =
    R"j({"TableName":"tab","ReturnConsumedCapacity":"TOTAL",)j"
    R"j("ConditionExpression":"(attribute_not_exists(#n0))","ExpressionAttributeNames":{"#n0":"_pk"},)j"
    R"j("ReturnValuesOnConditionCheckFailure":"ALL_OLD",)j"
    R"j("Item":{"_pk":{"S":"c#p1"},"_sk":{"S":"c1"},"commentId":{"S":"c1"},"postId":{"S":"p1"},"text":{"S":"hi"}}})j";

std::vector<core::Change> comment(const Conversation& talk) {
  return {set(talk, "Comment", "postId", "p1"), set(talk, "Comment", "commentId", "c1"),
          set(talk, "Comment", "text", "hi")};
}

std::string failed_with(const std::string& item) {
  return R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no","Item":)" +
         item + "}";
}

TEST(Create, PutsOnConditionThatTheKeyIsFree) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));
  talk.expect_request("PutItem", put_comment);
  talk.answer(R"({"ConsumedCapacity":{"TableName":"tab","CapacityUnits":1}})");
  talk.expect_complete(made);
  EXPECT_EQ(text_of(made->value().item, "text"), "hi");
  EXPECT_EQ(made->value().capacity.write, 1);
  talk.expect_nothing();
}

TEST(Create, WritesIndexAndIterationKeysAndWhatTypesAssign) {
  Conversation talk;
  auto made = talk.create("Doc", {set(talk, "Doc", "docId", "d1"), set(talk, "Doc", "status", "new")});
  talk.expect_request(
      "PutItem",
      testing::AllOf(HasSubstr(R"("_gsi1_pk":{"S":"d#gsi1#new"})"),
                     HasSubstr(R"("_gsi1_sk":{"S":"00000001800000000000"})"),
                     HasSubstr(R"("_iter_pk":{"S":"d#iter#)"), HasSubstr(R"("_iter_sk":{"S":"d1"})"),
                     HasSubstr(R"("modifiedAt":{"N":"1800000000000"})"), HasSubstr(R"("opened":{"N":"0"})"),
                     HasSubstr(R"("version":{"S":")")));
  talk.answer("{}");
  talk.expect_complete(made);
}

TEST(Create, WithoutOneHalfOfAnIndexKeyTheItemIsNotInTheIndex) {
  Conversation talk;
  auto made = talk.create("Doc", {set(talk, "Doc", "docId", "d1")});
  talk.expect_request("PutItem", testing::Not(HasSubstr("_gsi1_")));
  talk.answer("{}");
  talk.expect_complete(made);
}

TEST(Create, RefusesBeforeSending) {
  Conversation talk;
  auto no_key = talk.create("Comment", {set(talk, "Comment", "postId", "p1")});
  talk.expect_complete(no_key);
  EXPECT_EQ(no_key->error().code(), ErrorCode::validation);
  EXPECT_EQ(no_key->error().details().field, "commentId");
  auto wrong_type =
      talk.create("Comment", {set(talk, "Comment", "postId", "p1"), set(talk, "Comment", "commentId", 5)});
  talk.expect_complete(wrong_type);
  EXPECT_EQ(wrong_type->error().code(), ErrorCode::validation);
  auto separator = talk.create(
      "Comment", {set(talk, "Comment", "postId", "a##__SK__##b"), set(talk, "Comment", "commentId", "c")});
  talk.expect_complete(separator);
  EXPECT_EQ(separator->error().code(), ErrorCode::validation);
  auto too_large =
      talk.create("Comment", {set(talk, "Comment", "postId", "p"), set(talk, "Comment", "commentId", "c"),
                              set(talk, "Comment", "text", std::string(410'000, 'x'))});
  talk.expect_complete(too_large);
  EXPECT_EQ(too_large->error().code(), ErrorCode::validation);
  auto twice = talk.create("Comment", {set(talk, "Comment", "text", "a"), set(talk, "Comment", "text", "b")});
  talk.expect_complete(twice);
  EXPECT_EQ(twice->error().code(), ErrorCode::validation);
  EXPECT_EQ(twice->error().details().field, "text");
  auto not_a_counter =
      talk.create("Post", {set(talk, "Post", "postId", "p"), increment(talk, "Post", "createdAt", 1)});
  talk.expect_complete(not_a_counter);
  EXPECT_EQ(not_a_counter->error().code(), ErrorCode::validation);
  talk.expect_nothing();
}

TEST(Create, AnExistingKeyIsAConditionalError) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));
  talk.expect_request("PutItem", put_comment);
  talk.respond(400, failed_with(R"({"_pk":{"S":"c#p1"},"_sk":{"S":"c1"}})"));
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::conditional);
  EXPECT_EQ(made->error().details().operation, "create");
  EXPECT_THAT(made->error().message(), HasSubstr("exists already"));
  talk.expect_nothing();
}

TEST(Create, AConditionOfTheCallersThatFailsIsNotAnExistingKey) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk), nullptr,
                          {.condition = compare("text", Comparison::eq, "other"), .force_reindex = false});
  talk.expect_request("PutItem", HasSubstr(R"("ConditionExpression":"(attribute_not_exists()"));
  talk.fault(400, "ConditionalCheckFailedException");
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::conditional);
  EXPECT_EQ(made->error().details().condition, "Condition check failed");
}

TEST(Create, ThrottledIsTriedAgainAndStaysCertain) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));
  talk.expect_request("PutItem", put_comment);
  talk.fault(400, "ThrottlingException");
  talk.wait_for_retry();
  talk.expect_request("PutItem", put_comment);
  talk.fault(400, "ConditionalCheckFailedException");
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::conditional);
}

TEST(Create, ALostAnswerIsSettledByTheItemsOwnNonce) {
  Conversation talk;
  auto made = talk.create("Event", {set(talk, "Event", "kind", "k")});
  const Sent sent = talk.expect_request("PutItem");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("PutItem", sent.request.body);
  // The first attempt had been executed: what stands there has the ULID that only this create made.
  const std::string item = sent.request.body.substr(sent.request.body.find("\"Item\":") + 7);
  talk.respond(400, failed_with(item.substr(0, item.size() - 1)));
  talk.expect_complete(made);
  EXPECT_EQ(text_of(made->value().item, "kind"), "k");
  talk.expect_nothing();
}

TEST(Create, ALostAnswerIsReadBackWhereTheServiceDoesNotShowTheItem) {
  Conversation talk;
  auto made = talk.create("Event", {set(talk, "Event", "kind", "k")});
  const Sent sent = talk.expect_request("PutItem");
  talk.fault(500, "InternalServerError");
  talk.wait_for_retry();
  talk.expect_request("PutItem");
  talk.fault(400, "ConditionalCheckFailedException");
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer("{" + sent.request.body.substr(sent.request.body.find("\"Item\":")));
  talk.expect_complete(made);
  EXPECT_EQ(text_of(made->value().item, "kind"), "k");
}

TEST(Create, ALostAnswerThatNothingProvesIsAmbiguous) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));  // nothing in it is this create's alone
  talk.expect_request("PutItem");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("PutItem");
  talk.respond(400, failed_with(R"({"_pk":{"S":"c#p1"},"_sk":{"S":"c1"},"text":{"S":"hi"}})"));
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::ambiguous_write);
  EXPECT_EQ(made->error().details().model, "Comment");
  EXPECT_EQ(made->error().details().primary_id, "p1##__SK__##c1");
}

TEST(Create, WhenAllTriesAreLostTheItemIsReadBack) {
  for (const bool executed : {true, false}) {
    SCOPED_TRACE(executed);
    Conversation talk;
    auto made = talk.create("Event", {set(talk, "Event", "kind", "k")});
    std::string body;
    for (int tries = 1; tries <= 8; ++tries) {
      body = talk.expect_request("PutItem").request.body;
      talk.lost();
      if (tries < 8) talk.wait_for_retry();
    }
    talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
    talk.answer(executed ? "{" + body.substr(body.find("\"Item\":")) : "{}");
    talk.expect_complete(made);
    if (executed) {
      EXPECT_EQ(text_of(made->value().item, "kind"), "k");
    } else {
      EXPECT_EQ(made->error().code(), ErrorCode::ambiguous_write);
    }
    talk.expect_nothing();
  }
}

TEST(Create, NeverSentIsNotAmbiguous) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));
  for (int tries = 1; tries <= 8; ++tries) {
    talk.expect_request("PutItem");
    talk.not_sent();
    if (tries < 8) talk.wait_for_retry();
  }
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::transport);
  EXPECT_TRUE(made->error().details().retryable);
}

TEST(Create, CancelledInFlightMayHaveBeenDone) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));
  const Sent sent = talk.expect_request("PutItem");
  talk.cancel(made);
  talk.expect_cancelled(sent);
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::ambiguous_write);
  talk.expect_nothing();
}

TEST(Create, CancelledBetweenTriesThatWereRefusedIsCertain) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));
  talk.expect_request("PutItem");
  talk.fault(400, "ThrottlingException");
  talk.expect_timer(1, 1);
  talk.cancel(made);
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::cancelled);
}

TEST(Create, TheDeadlineEndsIt) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));
  int attempts = 0;
  for (; attempts < 8 && !made->ended(); ++attempts) {
    const Sent sent = talk.expect_request("PutItem");
    EXPECT_LE(sent.timeout_ms, 5'000);
    talk.timed_out();
    if (attempts < 5) talk.wait_for_retry();
  }
  // 30 s allow six attempts of 5 s; what remains of the call is too short to read the item back.
  EXPECT_EQ(attempts, 6);
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::ambiguous_write);
  talk.expect_nothing();
}

TEST(Create, GarbageInTheAnswerMayHaveBeenAnExecution) {
  Conversation talk;
  auto made = talk.create("Comment", comment(talk));
  talk.expect_request("PutItem");
  talk.answer("<html>");
  talk.wait_for_retry();
  talk.expect_request("PutItem", put_comment);
  talk.answer("{}");
  talk.expect_complete(made);
  EXPECT_EQ(text_of(made->value().item, "text"), "hi");
}

}  // namespace
}  // namespace bao::scripted
