#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* user_item =
    R"({"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},"email":{"S":"a@x"},"handle":{"S":"ada"}})";

std::string cancelled(const std::string& codes) {
  return R"({"__type":"x#TransactionCanceledException","CancellationReasons":[)" + codes + "]}";
}
constexpr const char* fine = R"({"Code":"None"})";
constexpr const char* failed = R"({"Code":"ConditionalCheckFailed"})";

TEST(Remove, DeletesOnConditionThatTheItemIsThereAndGivesIt) {
  Conversation talk;
  auto gone = talk.remove("Post", "p1");
  talk.expect_request(
      "DeleteItem",
      R"j({"TableName":"tab","ReturnConsumedCapacity":"TOTAL","Key":{"_pk":{"S":"p#p1"},"_sk":{"S":"p"}},)j"
      R"j("ConditionExpression":"(attribute_exists(#n0))","ExpressionAttributeNames":{"#n0":"_pk"},)j"
      R"j("ReturnValues":"ALL_OLD","ReturnValuesOnConditionCheckFailure":"ALL_OLD"})j");
  talk.answer(R"({"Attributes":{"_pk":{"S":"p#p1"},"title":{"S":"t"}}})");
  talk.expect_complete(gone);
  EXPECT_EQ(text_of(gone->value().item, "title"), "t");
  talk.expect_nothing();
}

TEST(Remove, AMissingItemIsAnError) {
  Conversation talk;
  auto gone = talk.remove("Post", "p1");
  talk.expect_request("DeleteItem");
  talk.fault(400, "ConditionalCheckFailedException");
  // Nothing is read: by then somebody may have created it.
  talk.expect_complete(gone);
  EXPECT_EQ(gone->error().code(), ErrorCode::item_not_found);
  talk.expect_nothing();
}

TEST(Remove, AMissingItemWithAConditionIsLookedFor) {
  Conversation talk;
  auto gone = talk.remove("Post", "p1", {}, {.condition = compare("title", Comparison::eq, "x")});
  talk.expect_request("DeleteItem");
  talk.fault(400, "ConditionalCheckFailedException");
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer("{}");
  talk.expect_complete(gone);
  EXPECT_EQ(gone->error().code(), ErrorCode::item_not_found);
}

TEST(Remove, GoneAfterALostAnswerIsDoneWhateverStandsThereSince) {
  Conversation talk;
  auto gone = talk.remove("Post", "p1", item_of(R"({"_pk":{"S":"p#p1"},"title":{"S":"t"}})"));
  talk.expect_request("DeleteItem");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("DeleteItem");
  talk.fault(400, "ConditionalCheckFailedException");
  talk.expect_complete(gone);
  EXPECT_EQ(text_of(gone->value().item, "title"), "t");
  talk.expect_nothing();
}

TEST(Remove, AConditionThatIsNotMet) {
  Conversation talk;
  auto gone = talk.remove("Post", "p1", {}, {.condition = compare("title", Comparison::eq, "x")});
  talk.expect_request("DeleteItem", HasSubstr(R"j("(attribute_exists(#n1)) AND (#n0 = :v0)")j"));
  talk.respond(400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"}}})");
  talk.expect_complete(gone);
  EXPECT_EQ(gone->error().code(), ErrorCode::conditional);
  EXPECT_THAT(gone->error().message(), HasSubstr("Delete condition not met"));
  talk.expect_nothing();
}

// The first attempt may have deleted the item; where one stands now, somebody may have created it since.
TEST(Remove, ALostAnswerOfAConditionedDeleteIsAmbiguous) {
  for (const char* standing : {"", R"(,"Item":{"_pk":{"S":"p#p1"},"title":{"S":"y"}})"}) {
    SCOPED_TRACE(standing);
    Conversation talk;
    auto gone = talk.remove("Post", "p1", {}, {.condition = compare("title", Comparison::eq, "x")});
    talk.expect_request("DeleteItem");
    talk.lost();
    talk.wait_for_retry();
    talk.expect_request("DeleteItem");
    talk.respond(400, std::string(R"({"__type":"x#ConditionalCheckFailedException")") + standing + "}");
    talk.expect_complete(gone);
    EXPECT_EQ(gone->error().code(), ErrorCode::ambiguous_write);
    talk.expect_nothing();
  }
}

TEST(Remove, WhenAllTriesAreLostTheItemIsLookedFor) {
  for (const bool is_gone : {true, false}) {
    SCOPED_TRACE(is_gone);
    Conversation talk;
    auto gone = talk.remove("Post", "p1", item_of(R"({"_pk":{"S":"p#p1"},"title":{"S":"t"}})"));
    for (int tries = 1; tries <= 8; ++tries) {
      talk.expect_request("DeleteItem");
      talk.lost();
      if (tries < 8) talk.wait_for_retry();
    }
    talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
    talk.answer(is_gone ? "{}" : R"({"Item":{"_pk":{"S":"p#p1"}}})");
    talk.expect_complete(gone);
    if (is_gone) {
      EXPECT_EQ(text_of(gone->value().item, "title"), "t");
    } else {
      EXPECT_EQ(gone->error().code(), ErrorCode::ambiguous_write);
    }
  }
}

TEST(RemoveUnique, OneTransactionForTheItemAndItsRows) {
  Conversation talk;
  auto gone = talk.remove("User", "1", item_of(user_item));
  const Sent first = talk.expect_request(
      "TransactWriteItems",
      AllOf(HasSubstr(R"j("ConditionExpression":"(attribute_exists(#n0)) AND (#n1 = :v0) AND (#n2 = :v1)")j"),
            HasSubstr(R"({"Delete":{"TableName":"tab","Key":{"_pk":{"S":"_raft_uc#_uc1#u#email:a@x"})"),
            HasSubstr("_raft_uc#_uc2#u#handle:ada")));
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("TransactWriteItems", first.request.body);
  talk.answer("{}");
  talk.expect_complete(gone);
  EXPECT_EQ(text_of(gone->value().item, "email"), "a@x");
}

TEST(RemoveUnique, WithoutTheLoadedItemItIsReadFirst) {
  Conversation talk;
  auto gone = talk.remove("User", "1");
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer("{}");
  talk.expect_complete(gone);
  EXPECT_EQ(gone->error().code(), ErrorCode::item_not_found);
}

TEST(RemoveUnique, AStaleItemIsReadAgain) {
  Conversation talk;
  auto gone = talk.remove("User", "1", item_of(user_item));
  talk.expect_request("TransactWriteItems");
  talk.respond(400, cancelled(std::string(failed) + "," + fine + "," + fine));
  talk.expect_request("GetItem");
  talk.answer(R"({"Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},"email":{"S":"b@x"}}})");
  talk.expect_request("TransactWriteItems", AllOf(HasSubstr("email:b@x"), Not(HasSubstr("email:a@x"))));
  talk.answer("{}");
  talk.expect_complete(gone);
  EXPECT_EQ(text_of(gone->value().item, "email"), "b@x");
}

// What was read before a wait is older than the wait.
TEST(RemoveUnique, AfterAWaitItIsReadOnceMore) {
  Conversation talk;
  auto gone = talk.remove("User", "1", item_of(user_item));
  const auto with_email = [](const std::string& email) {
    return R"({"Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},"email":{"S":")" + email +
           "\"}}}";
  };
  talk.expect_request("TransactWriteItems");
  talk.respond(400, cancelled(std::string(failed) + "," + fine + "," + fine));
  talk.expect_request("GetItem");
  talk.answer(with_email("b@x"));
  talk.expect_request("TransactWriteItems", HasSubstr("email:b@x"));
  talk.respond(400, cancelled(std::string(failed) + "," + fine));
  talk.expect_request("GetItem");
  talk.answer(with_email("c@x"));
  talk.wait_for_retry();
  talk.expect_request("GetItem");
  talk.answer(with_email("d@x"));
  talk.expect_request("TransactWriteItems", AllOf(HasSubstr("email:d@x"), Not(HasSubstr("email:c@x"))));
  talk.answer("{}");
  talk.expect_complete(gone);
  EXPECT_EQ(text_of(gone->value().item, "email"), "d@x");
}

// A delete that has no time left, or whose caller stops it, does not say that others were at it at each try.
TEST(RemoveUnique, WritersThatDisagreeAreEndedByTheirDeadlineAndByTheirCaller) {
  for (const bool stopped : {true, false}) {
    SCOPED_TRACE(stopped);
    Conversation talk;
    auto gone = talk.remove("User", "1", item_of(user_item));
    for (int tries = 1; tries <= 2; ++tries) {
      talk.expect_request("TransactWriteItems");
      if (tries == 2 && !stopped) talk.advance(30'000 - 1);
      talk.respond(400, cancelled(std::string(failed) + "," + fine + "," + fine));
      talk.expect_request("GetItem");
      talk.answer(R"({"Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},"email":{"S":"b)" +
                  std::to_string(tries) + R"("},"handle":{"S":"h"}}})");
    }
    if (stopped) talk.cancel(gone);
    talk.expect_complete(gone);
    EXPECT_EQ(gone->error().code(), stopped ? ErrorCode::cancelled : ErrorCode::timeout)
        << gone->error().message();
  }
}

// ...but if one has come back when the item is deleted, it goes, too: nothing would ever release it.
TEST(RemoveUnique, RowsOfOthersAreLeftAloneWhileTheyAreTheirs) {
  Conversation talk;
  auto gone = talk.remove("User", "1", item_of(user_item));
  const auto deletes = [](const char* row) {
    return HasSubstr(std::string(R"({"Delete":{"TableName":"tab","Key":{"_pk":{"S":"_raft_uc#_uc)") + row);
  };
  const auto checks = [](const char* row) {
    return HasSubstr(std::string(R"({"ConditionCheck":{"TableName":"tab","Key":{"_pk":{"S":"_raft_uc#_uc)") +
                     row);
  };
  talk.expect_request("TransactWriteItems", AllOf(deletes("1#u#email:a@x"), deletes("2#u#handle:ada")));
  talk.respond(400, cancelled(std::string(fine) + "," + failed + "," + failed));
  talk.expect_request(
      "TransactWriteItems",
      AllOf(checks("1#u#email:a@x"), deletes("2#u#handle:ada"),
            HasSubstr(R"j("ConditionExpression":"attribute_not_exists(#n0) OR #n1 <> :v0")j")));
  talk.respond(400, cancelled(std::string(fine) + "," + fine + "," + failed));
  talk.wait_for_retry();
  talk.expect_request("TransactWriteItems", AllOf(checks("1#u#email:a@x"), checks("2#u#handle:ada")));
  talk.respond(400, cancelled(std::string(fine) + "," + failed));
  talk.wait_for_retry();
  talk.expect_request("TransactWriteItems", AllOf(deletes("1#u#email:a@x"), checks("2#u#handle:ada")));
  talk.answer("{}");
  talk.expect_complete(gone);
}

}  // namespace
}  // namespace bao::scripted
