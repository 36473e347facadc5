#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* email_pk = R"("_raft_uc#_uc1#u#email:a@x")";
constexpr const char* email_row =
    R"({"_pk":{"S":"_raft_uc#_uc1#u#email:a@x"},"_sk":{"S":"_raft_uc"},"relatedId":{"S":"2"},"relatedModel":{"S":"User"}})";

std::string cancelled(const std::vector<std::string>& codes) {
  std::string reasons;
  for (const std::string& code : codes)
    reasons += (reasons.empty() ? "" : ",") + (R"({"Code":")" + code + "\"}");
  return R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","message":"no",)"
         R"("CancellationReasons":[)" +
         reasons + "]}";
}

Started<core::Written> create_user(Conversation& talk) {
  return talk.create("User", {set(talk, "User", "userId", "1"), set(talk, "User", "email", "a@x"),
                              set(talk, "User", "handle", "ada")});
}

TEST(CreateUnique, OneTransactionForTheItemAndItsRows) {
  Conversation talk;
  auto made = create_user(talk);
  talk.expect_request(
      "TransactWriteItems",
      AllOf(
          testing::StartsWith(R"({"ClientRequestToken":")"),
          HasSubstr(
              R"({"Put":{"TableName":"tab","Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"},"email":{"S":"a@x"},)"
              R"("handle":{"S":"ada"},"userId":{"S":"1"}},)"
              R"j("ConditionExpression":"(attribute_not_exists(#n0))")j"),
          HasSubstr(
              R"({"Put":{"TableName":"tab","Item":{"_pk":{"S":"_raft_uc#_uc1#u#email:a@x"},"_sk":{"S":"_raft_uc"},)"
              R"("relatedId":{"S":"1"},"relatedModel":{"S":"User"},"uniqueValue":{"S":"_raft_uc#_uc1#u#email:a@x"}},)"
              R"j("ConditionExpression":"attribute_not_exists(#n0) OR #n1 = :v0")j"),
          HasSubstr(R"("_raft_uc#_uc2#u#handle:ada")")));
  talk.answer(R"({"ConsumedCapacity":[{"TableName":"tab","CapacityUnits":6}]})");
  talk.expect_complete(made);
  EXPECT_EQ(made->value().capacity.write, 6);
  EXPECT_EQ(text_of(made->value().item, "email"), "a@x");
}

TEST(CreateUnique, ALostAnswerIsAskedAgainWithTheSameToken) {
  Conversation talk;
  auto made = create_user(talk);
  const Sent first = talk.expect_request("TransactWriteItems");
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("TransactWriteItems", first.request.body);
  talk.fault(400, "TransactionInProgressException");
  talk.wait_for_retry();
  talk.expect_request("TransactWriteItems", first.request.body);
  talk.answer("{}");
  talk.expect_complete(made);
}

TEST(CreateUnique, AConflictIsTriedAgain) {
  Conversation talk;
  auto made = create_user(talk);
  const Sent first = talk.expect_request("TransactWriteItems");
  talk.respond(400, cancelled({"None", "TransactionConflict", "None"}));
  talk.wait_for_retry();
  talk.expect_request("TransactWriteItems", first.request.body);
  talk.answer("{}");
  talk.expect_complete(made);
}

TEST(CreateUnique, AnExistingKey) {
  Conversation talk;
  auto made = create_user(talk);
  talk.expect_request("TransactWriteItems");
  talk.respond(400, cancelled({"ConditionalCheckFailed", "None", "None"}));
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::conditional);
  EXPECT_THAT(made->error().message(), HasSubstr("exists already"));
}

TEST(CreateUnique, AValueThatALiveItemHoldsIsTaken) {
  Conversation talk;
  auto made = create_user(talk);
  talk.expect_request("TransactWriteItems");
  talk.respond(400, cancelled({"None", "ConditionalCheckFailed", "None"}));
  talk.expect_request("GetItem", AllOf(HasSubstr(email_pk), HasSubstr(R"("ConsistentRead":true)")));
  talk.answer(R"({"Item":)" + std::string(email_row) + "}");
  talk.expect_request("GetItem", HasSubstr(R"("u#2")"));
  talk.answer(R"({"Item":{"_pk":{"S":"u#2"},"_sk":{"S":"u"},"email":{"S":"a@x"}}})");
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::conditional);
  EXPECT_EQ(made->error().details().field, "email");
  EXPECT_THAT(made->error().message(), HasSubstr("email must be unique"));
  talk.expect_nothing();
}

struct Lost {
  const char* name;
  const char* holder;  // GetItem's answer for the former holder
  const char* check;   // the condition on it
};

TEST(CreateUnique, AValueWhoseHolderLostItIsTakenOver) {
  for (const Lost& lost :
       {Lost{"gone", "{}", "attribute_not_exists(#n0)"},
        Lost{"expired", R"({"Item":{"_pk":{"S":"u#2"},"email":{"S":"a@x"},"ttl":{"N":"1700000000"}}})",
             "#n0 = :v0"},
        Lost{"holds another", R"({"Item":{"_pk":{"S":"u#2"},"email":{"S":"b@x"}}})", "#n0 = :v0"},
        Lost{"holds none", R"({"Item":{"_pk":{"S":"u#2"}}})", "attribute_not_exists(#n0)"}}) {
    SCOPED_TRACE(lost.name);
    Conversation talk;
    auto made = create_user(talk);
    talk.expect_request("TransactWriteItems");
    talk.respond(400, cancelled({"None", "ConditionalCheckFailed", "None"}));
    talk.expect_request("GetItem", HasSubstr(email_pk));
    talk.answer(R"({"Item":)" + std::string(email_row) + "}");
    talk.expect_request("GetItem", HasSubstr(R"("u#2")"));
    talk.answer(lost.holder);
    talk.expect_request(
        "TransactWriteItems",
        AllOf(HasSubstr(R"("ConditionExpression":"#n0 = :v0")"),
              HasSubstr(R"({"ConditionCheck":{"TableName":"tab","Key":{"_pk":{"S":"u#2"},"_sk":{"S":"u"}},)"
                        R"("ConditionExpression":")" +
                        std::string(lost.check))));
    talk.answer("{}");
    talk.expect_complete(made);
    EXPECT_TRUE(made->value().item);
  }
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

// A transaction that names an item twice is refused as a whole.
TEST(CreateUnique, TwoValuesOfOneFormerHolderTakeOneCheck) {
  Conversation talk;
  auto made = create_user(talk);
  talk.expect_request("TransactWriteItems");
  talk.respond(400, cancelled({"None", "ConditionalCheckFailed", "ConditionalCheckFailed"}));
  const auto read_clash = [&](const char* holder) {
    talk.expect_request("GetItem", HasSubstr("_raft_uc#"));
    talk.answer(R"({"Item":)" + std::string(email_row) + "}");
    talk.expect_request("GetItem", HasSubstr(R"("u#2")"));
    talk.answer(holder);
  };
  const char* const expired =
      R"({"Item":{"_pk":{"S":"u#2"},"email":{"S":"a@x"},"handle":{"S":"ada"},"ttl":{"N":"5"}}})";
  read_clash(expired);
  const Sent one = talk.expect_request("TransactWriteItems");
  EXPECT_EQ(count_of(one.request.body, "\"ConditionCheck\":"), 1U);
  talk.respond(400, cancelled({"None", "None", "ConditionalCheckFailed", "None"}));
  read_clash(expired);
  talk.wait_for_retry();
  const Sent both = talk.expect_request("TransactWriteItems");
  EXPECT_EQ(count_of(both.request.body, "\"ConditionCheck\":"), 1U);
  EXPECT_THAT(both.request.body,
              HasSubstr(R"j("Key":{"_pk":{"S":"u#2"},"_sk":{"S":"u"}},"ConditionExpression":"#n0 = :v0")j"));
  // The holder comes back to life before its check: the values are judged again, and taken.
  talk.respond(400, cancelled({"None", "None", "None", "ConditionalCheckFailed"}));
  read_clash(R"({"Item":{"_pk":{"S":"u#2"},"email":{"S":"a@x"},"handle":{"S":"ada"}}})");
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::conditional);
  talk.expect_nothing();
}

TEST(CreateUnique, ARowThatIsFreeAgainIsClaimedPlainly) {
  Conversation talk;
  auto made = create_user(talk);
  const Sent first = talk.expect_request("TransactWriteItems");
  talk.respond(400, cancelled({"None", "ConditionalCheckFailed", "None"}));
  talk.expect_request("GetItem");
  talk.answer("{}");
  talk.expect_request("TransactWriteItems", Not(HasSubstr("ConditionCheck\":")));
  talk.answer("{}");
  talk.expect_complete(made);
}

TEST(CreateUnique, NothingIsTakenOverWhereTheHolderCannotBeRead) {
  Conversation talk;
  auto made = create_user(talk);
  talk.expect_request("TransactWriteItems");
  talk.respond(400, cancelled({"None", "ConditionalCheckFailed", "None"}));
  talk.expect_request("GetItem");
  talk.fault(400, "AccessDeniedException");
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::service);
  talk.expect_nothing();
}

TEST(CreateUnique, WhenAllTriesAreLostTheOutcomeIsReadBackOrAmbiguous) {
  Conversation talk;
  auto made = talk.create("Note", {set(talk, "Note", "noteId", "n1"), set(talk, "Note", "slug", "s")});
  std::string body;
  for (int tries = 1; tries <= 8; ++tries) {
    body = talk.expect_request("TransactWriteItems").request.body;
    talk.fault(500, "InternalServerError");
    if (tries < 8) talk.wait_for_retry();
  }
  talk.expect_request("GetItem", HasSubstr(R"("n#n1")"));
  const std::size_t version = body.find(R"("version":{"S":")") + 16;
  talk.answer(R"({"Item":{"_pk":{"S":"n#n1"},"version":{"S":")" + body.substr(version, 26) + "\"}}}");
  talk.expect_complete(made);
  EXPECT_EQ(text_of(made->value().item, "_pk"), "n#n1");
}

TEST(CreateUnique, RowsExpireWithTheirItem) {
  Conversation talk;
  auto made = talk.create("User", {set(talk, "User", "userId", "1"), set(talk, "User", "email", "a@x"),
                                   set(talk, "User", "ttl", Value(std::int64_t{1'900'000'000'000}))});
  talk.expect_request("TransactWriteItems",
                      HasSubstr(R"("relatedModel":{"S":"User"},"ttl":{"N":"1900000000"})"));
  talk.answer("{}");
  talk.expect_complete(made);
}

// The item is older than the constraint: its value was never reserved.
TEST(UpdateUnique, AValueThatIsWrittenAgainIsClaimed) {
  const char* const old = R"({"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},"email":{"S":"a@x"}})";
  for (const bool reindex : {false, true}) {
    SCOPED_TRACE(reindex);
    Conversation talk;
    std::vector<core::Change> changes;
    if (!reindex) changes.push_back(set(talk, "User", "email", "a@x"));
    auto changed = talk.update("User", "1", changes, {}, {.condition = {}, .force_reindex = reindex});
    talk.expect_request("GetItem", HasSubstr(R"("u#1")"));
    talk.answer(R"({"Item":)" + std::string(old) + "}");
    talk.expect_request(
        "TransactWriteItems",
        AllOf(HasSubstr(R"j({"Put":{"TableName":"tab","Item":{"_pk":{"S":"_raft_uc#_uc1#u#email:a@x"})j"),
              HasSubstr(R"j("ConditionExpression":"attribute_not_exists(#n0) OR #n1 = :v0")j")));
    talk.respond(400, cancelled({"None", "ConditionalCheckFailed"}));
    talk.expect_request("GetItem", HasSubstr(email_pk));
    talk.answer(R"({"Item":)" + std::string(email_row) + "}");
    talk.expect_request("GetItem", HasSubstr(R"("u#2")"));
    talk.answer(R"({"Item":{"_pk":{"S":"u#2"},"_sk":{"S":"u"},"email":{"S":"a@x"}}})");
    talk.expect_complete(changed);
    EXPECT_EQ(changed->error().code(), ErrorCode::conditional);
    EXPECT_EQ(changed->error().details().field, "email");
    talk.expect_nothing();
  }
}

// Its value may be another's by now, who has the right to it.
TEST(UpdateUnique, OfAnItemThatHasExpiredNothingIsClaimed) {
  Conversation talk;
  auto changed = talk.update(
      "User", "1", {set(talk, "User", "name", "Ada")},
      item_of(
          R"({"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},"email":{"S":"a@x"},"ttl":{"N":"1700000000"}})"),
      {.condition = {}, .force_reindex = true});
  talk.expect_request("UpdateItem", AllOf(HasSubstr(R"("email")"), HasSubstr(R"("ttl")")));
  // It lives again, and its value is to be reserved.
  talk.respond(400,
               R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"},)"
               R"("userId":{"S":"1"},"email":{"S":"a@x"},"ttl":{"N":"1900000000"}}})");
  talk.expect_request("TransactWriteItems",
                      AllOf(HasSubstr(email_pk), HasSubstr(R"("ttl":{"N":"1900000000"})")));
  talk.answer("{}");
  talk.expect_complete(changed);
  EXPECT_EQ(text_of(changed->value().item, "name"), "Ada");
}

TEST(FindUnique, ReadsTheRowAndTheItem) {
  Conversation talk;
  auto found = talk.start<core::Found>([&](core::Call& call) {
    return core::find_unique(call, talk.model("User"), "uniqueEmail", Value("a@x"), {});
  });
  talk.expect_request("GetItem", HasSubstr(email_pk));
  talk.answer(R"({"Item":)" + std::string(email_row) + "}");
  talk.expect_request("GetItem", HasSubstr(R"("u#2")"));
  talk.answer(R"({"Item":{"_pk":{"S":"u#2"},"_sk":{"S":"u"},"email":{"S":"a@x"}}})");
  talk.expect_complete(found);
  EXPECT_TRUE(found->value().entry->item);
}

TEST(FindUnique, AnOldStateInTheCacheIsNotAMissAndLeavesIt) {
  Conversation talk;
  auto scope = std::make_shared<core::Scope>();
  auto earlier = talk.find("User", "2", scope);
  talk.turn_over();
  talk.expect_request("GetItem");
  talk.answer(R"({"Item":{"_pk":{"S":"u#2"},"_sk":{"S":"u"},"email":{"S":"old@x"}}})");
  talk.expect_complete(earlier);
  auto found = talk.start<core::Found>(
      [&](core::Call& call) {
        return core::find_unique(call, talk.model("User"), "uniqueEmail", Value("a@x"), {});
      },
      scope);
  talk.turn_over();
  talk.expect_request("GetItem", HasSubstr(email_pk));
  talk.answer(R"({"Item":)" + std::string(email_row) + "}");
  talk.turn_over();
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer(R"({"Item":{"_pk":{"S":"u#2"},"_sk":{"S":"u"},"email":{"S":"a@x"}}})");
  talk.expect_complete(found);
  EXPECT_EQ(text_of(found->value().entry->item, "email"), "a@x");
  auto later = talk.find("User", "2", scope);
  talk.expect_complete(later);
  EXPECT_EQ(later->value().entry, found->value().entry);
}

}  // namespace
}  // namespace bao::scripted
