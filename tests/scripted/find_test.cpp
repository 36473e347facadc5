#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::HasSubstr;

constexpr const char* get_user = R"({"TableName":"tab","ReturnConsumedCapacity":"TOTAL",)"
                                 R"("Key":{"_pk":{"S":"u#1"},"_sk":{"S":"u"}}})";
constexpr const char* user_answer = R"({"ConsumedCapacity":{"TableName":"tab","CapacityUnits":0.5},)"
                                    R"("Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},)"
                                    R"("name":{"S":"Ada"}}})";

TEST(FindDirect, SendsOneGetItemAndGivesTheItem) {
  Conversation talk;
  auto found = talk.find("User", "1");
  talk.expect_request("GetItem", get_user);
  talk.answer(user_answer);
  talk.expect_complete(found);
  EXPECT_EQ(text_of(found->value().entry->item, "name"), "Ada");
  EXPECT_EQ(found->value().capacity.read, 0.5);
  talk.expect_nothing();
}

TEST(FindDirect, AnAnswerWithoutAnItemIsAMiss) {
  Conversation talk;
  auto found = talk.find("User", "1");
  talk.expect_request("GetItem", get_user);
  talk.answer(R"({"ConsumedCapacity":{"TableName":"tab","CapacityUnits":0.5}})");
  talk.expect_complete(found);
  EXPECT_FALSE(found->value().entry->item);
  EXPECT_EQ(found->value().capacity.read, 0.5);
}

TEST(FindDirect, AskedConsistently) {
  Conversation talk;
  auto found = talk.find("User", "1", nullptr, {.consistent = true});
  talk.expect_request("GetItem",
                      R"({"TableName":"tab","ReturnConsumedCapacity":"TOTAL","ConsistentRead":true,)"
                      R"("Key":{"_pk":{"S":"u#1"},"_sk":{"S":"u"}}})");
  talk.answer(user_answer);
  talk.expect_complete(found);
}

TEST(FindDirect, NamesTheTenantInThePartitionKey) {
  Conversation talk;
  auto found = talk.find("User", "1", nullptr, {}, "acme");
  talk.expect_request("GetItem", HasSubstr(R"("_pk":{"S":"[acme]#u#1"})"));
  talk.answer("{}");
  talk.expect_complete(found);
}

TEST(FindDirect, AnIdThatCannotBeOfTheModelFindsNothingWithoutARequest) {
  Conversation talk;
  for (const std::string& id : {std::string("no separator"), std::string()}) {
    auto found = talk.find("Comment", id);
    talk.expect_complete(found);
    EXPECT_FALSE(found->value().entry->item);
  }
  auto too_long = talk.find("User", std::string(2047, 'x'));
  talk.expect_complete(too_long);
  EXPECT_FALSE(too_long->value().entry->item);
  talk.expect_nothing();
}

TEST(FindDirect, BothHalvesOfTheKey) {
  Conversation talk;
  auto found = talk.find("Comment", "p1##__SK__##c2");
  talk.expect_request("GetItem", HasSubstr(R"("Key":{"_pk":{"S":"c#p1"},"_sk":{"S":"c2"}})"));
  talk.answer("{}");
  talk.expect_complete(found);
}

TEST(FindDirect, GarbageIsNeverAMiss) {
  for (const char* garbage : {"", "<html>", "{\"Item\":", "[]", R"({"Item":{"_pk":{"S":"u#1"}},"Item)",
                              "{\"Item\":5}", "{\"Item\":{\"_pk\":{\"Q\":\"u#1\"}}}"}) {
    SCOPED_TRACE(garbage);
    Conversation talk;
    auto found = talk.find("User", "1");
    talk.expect_request("GetItem", get_user);
    talk.answer(garbage);
    talk.wait_for_retry();
    talk.expect_request("GetItem", get_user);
    talk.answer(user_answer);
    talk.expect_complete(found);
    EXPECT_EQ(text_of(found->value().entry->item, "name"), "Ada");
  }
}

TEST(FindDirect, AnotherRowThanTheOneAskedForIsAnError) {
  Conversation talk;
  auto found = talk.find("User", "1");
  talk.expect_request("GetItem");
  talk.answer(R"({"Item":{"_pk":{"S":"u#2"},"_sk":{"S":"u"},"userId":{"S":"2"}}})");
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::data_format);
}

TEST(FindDirect, ALostConnectionIsTriedAgain) {
  Conversation talk;
  auto found = talk.find("User", "1");
  talk.expect_request("GetItem", get_user);
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("GetItem", get_user);
  talk.not_sent();
  talk.wait_for_retry();
  talk.expect_request("GetItem", get_user);
  talk.answer(user_answer);
  talk.expect_complete(found);
  EXPECT_TRUE(found->value().entry->item);
}

TEST(FindDirect, ARefusalIsTheServicesError) {
  Conversation talk;
  auto found = talk.find("User", "1");
  talk.expect_request("GetItem");
  talk.fault(400, "ResourceNotFoundException", "Requested resource not found");
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::service);
  EXPECT_EQ(found->error().details().service_name, "ResourceNotFoundException");
  EXPECT_EQ(found->error().details().service_text, "Requested resource not found");
  talk.expect_nothing();
}

TEST(FindDirect, CancelledInFlight) {
  Conversation talk;
  auto found = talk.find("User", "1");
  const Sent sent = talk.expect_request("GetItem");
  talk.cancel(found);
  talk.expect_complete(found);
  talk.expect_cancelled(sent);
  EXPECT_EQ(found->error().code(), ErrorCode::cancelled);
  talk.answer(sent, user_answer);  // too late: nobody listens
  talk.expect_nothing();
}

TEST(FindDirect, AbandonedCompletesNothing) {
  Conversation talk;
  auto found = talk.find("User", "1");
  const Sent sent = talk.expect_request("GetItem");
  talk.engine().abandon(found->id);
  const auto* const slot = &found->slot;
  talk.expect_cancelled(sent);
  talk.expect_nothing();
  EXPECT_FALSE(slot->has_value());
}

TEST(FindDirect, StrictModeRefusesWhatWouldSendARequest) {
  core::EngineOptions options = unsigned_options();
  options.require_batch_context = true;
  Conversation talk(options);
  auto found = talk.find("User", "1");
  talk.expect_complete(found);
  EXPECT_EQ(found->error().code(), ErrorCode::batch_context_required);
  EXPECT_THAT(found->error().message(),
              testing::StartsWith("Batch operations must be executed within runWithBatchContext()"));
  auto many = talk.batch_find("User", {"1"});
  talk.expect_complete(many);
  EXPECT_EQ(many->error().code(), ErrorCode::batch_context_required);
  auto page = talk.query("Post", "byUser", Value("u1"));
  talk.expect_complete(page);
  EXPECT_EQ(page->error().code(), ErrorCode::batch_context_required);
  auto made = talk.create("User", {set(talk, "User", "userId", "1")});
  talk.expect_complete(made);
  EXPECT_EQ(made->error().code(), ErrorCode::batch_context_required);
  auto changed = talk.update("User", "1", {set(talk, "User", "name", "x")});
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::batch_context_required);
  auto gone = talk.remove("User", "1");
  talk.expect_complete(gone);
  EXPECT_EQ(gone->error().code(), ErrorCode::batch_context_required);
  talk.expect_nothing();
}

TEST(FindDirect, DestroyingTheEngineInFlightLeaksNothing) {
  Conversation talk;
  auto found = talk.find("User", "1");
  talk.expect_request("GetItem");
  talk.destroy_engine();
  EXPECT_FALSE(found->ended());
}

TEST(FindWithLoader, SharesACacheOutsideAScope) {
  Conversation talk;
  auto loader = std::make_shared<core::Cache>();
  auto first = talk.find("User", "1", nullptr, {.loader = loader});
  auto second = talk.find("User", "1", nullptr, {.loader = loader});
  talk.expect_request("GetItem", get_user);
  talk.answer(user_answer);
  talk.expect_complete(first);
  talk.expect_complete(second);
  EXPECT_EQ(first->value().entry, second->value().entry);
  auto third = talk.find("User", "1", nullptr, {.loader = loader});
  talk.expect_complete(third);
  EXPECT_EQ(third->value().entry, first->value().entry);
  talk.expect_nothing();
}

TEST(FindWithLoader, TheFirstFindersCancellationLeavesTheOthers) {
  Conversation talk;
  auto loader = std::make_shared<core::Cache>();
  auto first = talk.find("User", "1", nullptr, {.loader = loader});
  auto second = talk.find("User", "1", nullptr, {.loader = loader});
  const Sent sent = talk.expect_request("GetItem", get_user);
  talk.cancel(first);
  talk.expect_complete(first);
  EXPECT_EQ(first->error().code(), ErrorCode::cancelled);
  talk.answer(sent, user_answer);
  talk.expect_complete(second);
  EXPECT_TRUE(second->value().entry->item);
}

TEST(FindWithLoader, AnErrorIsNotKept) {
  Conversation talk;
  auto loader = std::make_shared<core::Cache>();
  auto first = talk.find("User", "1", nullptr, {.loader = loader});
  talk.expect_request("GetItem");
  talk.fault(400, "AccessDeniedException");
  talk.expect_complete(first);
  EXPECT_EQ(first->error().code(), ErrorCode::service);
  auto second = talk.find("User", "1", nullptr, {.loader = loader});
  talk.expect_request("GetItem");
  talk.answer(user_answer);
  talk.expect_complete(second);
  EXPECT_TRUE(second->value().entry->item);
}

TEST(FindWithLoader, AnErrorThatNobodyWaitedForIsNotKept) {
  Conversation talk;
  auto loader = std::make_shared<core::Cache>();
  auto scope = std::make_shared<core::Scope>();
  auto first = talk.find("User", "1", scope, {.loader = loader});
  talk.turn_over();
  const Sent sent = talk.expect_request("GetItem");
  talk.cancel(first);
  talk.expect_complete(first);
  talk.respond(sent, {.status = 400, .body = R"({"__type":"AccessDeniedException"})"});
  auto second = talk.find("User", "1", scope, {.loader = loader});
  talk.turn_over();
  talk.expect_request("GetItem");
  talk.answer(user_answer);
  talk.expect_complete(second);
  EXPECT_TRUE(second->value().entry->item);
}

}  // namespace
}  // namespace bao::scripted
