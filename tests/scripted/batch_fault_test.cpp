#include "scripted/batch_bodies.hpp"
#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

TEST(BatchFault, UnprocessedKeysAreAskedAgain) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "2", scope);
  auto c = talk.find("User", "3", scope);
  talk.turn_over();
  talk.expect_request("BatchGetItem", batch_of({"1", "2", "3"}));
  talk.answer(answer_of({"2"}, {"3", "1"}));
  talk.expect_complete(b);
  talk.expect_running(a);
  talk.wait_for_retry();
  talk.expect_request("BatchGetItem", batch_of({"3", "1"}));
  talk.answer(answer_of({"1"}, {"3"}));
  talk.expect_complete(a);
  talk.wait_for_retry();
  talk.expect_request("BatchGetItem", batch_of({"3"}));
  talk.answer(answer_of({"3"}));
  talk.expect_complete(c);
  EXPECT_TRUE(c->value().entry->item);
  // Each answer's units are counted once, and shared among those whom it served.
  EXPECT_DOUBLE_EQ(scope->capacity.read, 3);
  EXPECT_NEAR(a->value().capacity.read + b->value().capacity.read + c->value().capacity.read, 3, 1e-9);
}

TEST(BatchFault, KeysLeftWhenRetriesRunOutAreAnErrorNeverAMiss) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "2", scope);
  talk.turn_over();
  for (int tries = 1; tries <= 8; ++tries) {
    talk.expect_request("BatchGetItem", tries == 1 ? batch_of({"1", "2"}) : batch_of({"2"}));
    talk.answer(answer_of(tries == 1 ? std::vector<std::string>{"1"} : std::vector<std::string>{}, {"2"}));
    if (tries < 8) talk.wait_for_retry();
  }
  talk.expect_complete(a);
  talk.expect_complete(b);
  EXPECT_TRUE(a->value().entry->item);
  EXPECT_EQ(b->error().code(), ErrorCode::throttling);
  EXPECT_TRUE(b->error().details().retryable);
  talk.expect_nothing();
  // An error is not cached: the next find asks again.
  auto again = talk.find("User", "2", scope);
  talk.turn_over();
  talk.expect_request("GetItem");
  talk.answer(R"({"Item":)" + item("2") + "}");
  talk.expect_complete(again);
  EXPECT_TRUE(again->value().entry->item);
}

TEST(BatchFault, AFailedRequestIsTheErrorOfAllItsFinds) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "2", scope);
  talk.turn_over();
  talk.expect_request("BatchGetItem");
  talk.fault(400, "ResourceNotFoundException");
  talk.expect_complete(a);
  talk.expect_complete(b);
  EXPECT_EQ(a->error().code(), ErrorCode::service);
  EXPECT_EQ(b->error().code(), ErrorCode::service);
  EXPECT_EQ(scope->cache.size(), 0U);
}

TEST(BatchFault, AnAnswerWithoutResponsesIsNotAnswerOfMisses) {
  for (const char* garbage : {"{}", R"({"UnprocessedKeys":{}})", R"({"Item":{}})", R"({"Responses":{}})"}) {
    SCOPED_TRACE(garbage);
    Conversation talk;
    auto scope = make_scope();
    auto a = talk.find("User", "1", scope);
    auto b = talk.find("User", "2", scope);
    talk.turn_over();
    talk.expect_request("BatchGetItem");
    talk.answer(garbage);
    talk.wait_for_retry();
    talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
    talk.answer(answer_of({"1", "2"}));
    talk.expect_complete(a);
    talk.expect_complete(b);
    EXPECT_TRUE(a->value().entry->item);
    EXPECT_TRUE(b->value().entry->item);
  }
}

TEST(BatchFault, ThrottledThenAnswered) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "2", scope);
  talk.turn_over();
  talk.expect_request("BatchGetItem");
  talk.fault(400, "ProvisionedThroughputExceededException");
  talk.wait_for_retry();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.fault(500, "InternalServerError");
  talk.wait_for_retry();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.answer(answer_of({"1", "2"}));
  talk.expect_complete(a);
  talk.expect_complete(b);
}

}  // namespace
}  // namespace bao::scripted
