#include "core/engine/batch.hpp"
#include "scripted/batch_bodies.hpp"
#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Batch, FindsOfOneTurnLeaveTogether) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "2", scope);
  auto c = talk.find("User", "3", scope);
  talk.expect_running(a);
  talk.turn_over();
  talk.expect_request("BatchGetItem", batch_of({"1", "2", "3"}));
  talk.answer(answer_of({"3", "1"}));
  talk.expect_complete(a);
  talk.expect_complete(b);
  talk.expect_complete(c);
  EXPECT_EQ(text_of(a->value().entry->item, "userId"), "1");
  EXPECT_FALSE(b->value().entry->item);
  EXPECT_EQ(text_of(c->value().entry->item, "userId"), "3");
  EXPECT_DOUBLE_EQ(scope->capacity.read, 2);
  EXPECT_NEAR(a->value().capacity.read, 2.0 / 3, 1e-9);
  talk.expect_nothing();
}

TEST(Batch, OneFindAloneIsAGetItem) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  talk.turn_over();
  talk.expect_request("GetItem");
  talk.answer(R"({"Item":)" + item("1") + R"(,"ConsumedCapacity":{"CapacityUnits":0.5}})");
  talk.expect_complete(a);
  EXPECT_TRUE(a->value().entry->item);
  EXPECT_EQ(scope->capacity.read, 0.5);
}

TEST(Batch, EqualIdsAreAskedOnceAndShareTheEntry) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "1", scope);
  auto c = talk.find("User", "2", scope);
  talk.turn_over();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.answer(answer_of({"1", "2"}));
  talk.expect_complete(a);
  talk.expect_complete(b);
  talk.expect_complete(c);
  EXPECT_EQ(a->value().entry, b->value().entry);
  EXPECT_EQ(b->value().capacity.read, 0);
  auto again = talk.find("User", "1", scope);
  talk.expect_complete(again);
  EXPECT_EQ(again->value().entry, a->value().entry);
  talk.expect_nothing();
}

TEST(Batch, FindsThatGoAroundTheCacheAreNeverTwiceInOneRequest) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "1", scope, {.bypass_cache = true});
  auto c = talk.find("User", "1", scope, {.bypass_cache = true});
  auto d = talk.find("User", "2", scope);
  talk.turn_over();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.answer(answer_of({}, {"1", "2"}));
  talk.wait_for_retry();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.answer(answer_of({"1", "2"}));
  talk.expect_complete(a);
  talk.expect_complete(b);
  talk.expect_complete(c);
  talk.expect_complete(d);
  EXPECT_TRUE(b->value().entry->item);
  EXPECT_TRUE(c->value().entry->item);
  EXPECT_NE(a->value().entry, b->value().entry);
  EXPECT_NE(b->value().entry, c->value().entry);
  auto cached = talk.find("User", "1", scope);
  talk.expect_complete(cached);
  EXPECT_EQ(cached->value().entry, a->value().entry);
}

TEST(Batch, EqualConsistentFindsAreAskedOnce) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope, {.consistent = true});
  auto b = talk.find("User", "1", scope, {.consistent = true});
  talk.turn_over();
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer(R"({"Item":)" + item("1") + "}");
  talk.expect_complete(a);
  talk.expect_complete(b);
  EXPECT_TRUE(a->value().entry->item);
  EXPECT_TRUE(b->value().entry->item);
  talk.expect_nothing();
}

TEST(Batch, ConsistentFindsLeaveApartAndDoNotAnswerFromTheCache) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "2", scope);
  auto c = talk.find("User", "3", scope, {.consistent = true});
  auto d = talk.find("User", "4", scope, {.consistent = true});
  talk.turn_over();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.answer(answer_of({"1", "2"}));
  talk.expect_request("BatchGetItem",
                      HasSubstr(R"({"ConsistentRead":true,"Keys":[)" + key("3") + "," + key("4") + "]"));
  talk.answer(answer_of({"3", "4"}));
  talk.expect_complete(a);
  talk.expect_complete(b);
  talk.expect_complete(c);
  talk.expect_complete(d);
  auto again = talk.find("User", "1", scope, {.consistent = true});
  talk.turn_over();
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer(R"({"Item":)" + item("1") + "}");
  talk.expect_complete(again);
}

TEST(Batch, TwoHundredAndFiftyIdsTakeThreeRequests) {
  Conversation talk;
  auto scope = make_scope();
  std::vector<std::string> ids;
  for (int id = 1000; id < 1250; ++id) ids.push_back(std::to_string(id));
  auto many = talk.batch_find("User", ids, scope);
  talk.turn_over();
  const std::vector<std::string> first(ids.begin(), ids.begin() + 100);
  const std::vector<std::string> second(ids.begin() + 100, ids.begin() + 200);
  const std::vector<std::string> third(ids.begin() + 200, ids.end());
  const Sent one = talk.expect_request("BatchGetItem", batch_of(first));
  const Sent two = talk.expect_request("BatchGetItem", batch_of(second));
  const Sent three = talk.expect_request("BatchGetItem", batch_of(third));
  talk.expect_nothing();
  talk.answer(three, answer_of(third));
  talk.answer(one, answer_of(first));
  talk.answer(two, answer_of(second));
  talk.expect_complete(many);
  ASSERT_EQ(many->value().items.size(), 250U);
  for (std::size_t position = 0; position < ids.size(); ++position) {
    EXPECT_EQ(many->value().items[position].first, ids[position]);
    EXPECT_EQ(text_of(many->value().items[position].second.entry->item, "userId"), ids[position]);
  }
  EXPECT_DOUBLE_EQ(scope->capacity.read, 250);
}

TEST(Batch, BatchFindOutsideAScopeAsksEachIdOnceAndAtOnce) {
  Conversation talk;
  auto many = talk.batch_find("User", {"1", "2", "1"});
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.answer(answer_of({"2"}));
  talk.expect_complete(many);
  ASSERT_EQ(many->value().items.size(), 2U);
  EXPECT_FALSE(many->value().items[0].second.entry->item);
  EXPECT_TRUE(many->value().items[1].second.entry->item);
}

TEST(Batch, ManyChunksLeaveAFewAtATime) {
  Conversation talk;
  std::vector<std::string> ids;
  for (int id = 0; id < 2'000; ++id) ids.push_back(std::to_string(id));
  auto many = talk.batch_find("User", ids);
  std::size_t requests = 0;
  std::vector<Sent> out;
  for (std::size_t position = 0; position < core::batch_parts_parallel_max; ++position) {
    out.push_back(talk.expect_request("BatchGetItem"));
  }
  talk.expect_nothing();
  for (; !out.empty(); ++requests) {
    ASSERT_LT(requests, 20U);
    const Sent sent = out.front();
    out.erase(out.begin());
    talk.answer(sent, answer_of({}));
    if (requests + core::batch_parts_parallel_max < 20) out.push_back(talk.expect_request("BatchGetItem"));
  }
  EXPECT_EQ(requests, 20U);
  talk.expect_complete(many);
  EXPECT_EQ(many->value().items.size(), 2'000U);
}

TEST(Batch, ScopesNeverShare) {
  Conversation talk;
  auto left = make_scope();
  auto right = make_scope();
  auto a = talk.find("User", "1", left);
  auto b = talk.find("User", "2", left);
  auto c = talk.find("User", "1", right);
  auto d = talk.find("User", "3", right);
  talk.turn_over();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.answer(answer_of({"1", "2"}));
  talk.expect_request("BatchGetItem", batch_of({"1", "3"}));
  talk.answer(answer_of({"1", "3"}));
  talk.expect_complete(a);
  talk.expect_complete(b);
  talk.expect_complete(c);
  talk.expect_complete(d);
  EXPECT_NE(a->value().entry, c->value().entry);
  EXPECT_EQ(left->capacity.read, 2);
  EXPECT_EQ(right->capacity.read, 2);
}

TEST(Batch, TenantsAndModelsOfOneScopeDoNotMix) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope, {}, "x");
  auto b = talk.find("User", "1", scope, {}, "y");
  auto c = talk.find("Post", "1", scope, {}, "x");
  talk.turn_over();
  talk.expect_request("BatchGetItem",
                      testing::AllOf(HasSubstr("[x]#u#1"), HasSubstr("[y]#u#1"), HasSubstr("[x]#p#1")));
  talk.answer(R"({"Responses":{"tab":[{"_pk":{"S":"[y]#u#1"},"_sk":{"S":"u"}}]}})");
  talk.expect_complete(a);
  talk.expect_complete(b);
  talk.expect_complete(c);
  EXPECT_FALSE(a->value().entry->item);
  EXPECT_TRUE(b->value().entry->item);
  EXPECT_FALSE(c->value().entry->item);
}

TEST(Batch, AFindDuringAFlightStartsTheNextBatch) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "2", scope);
  talk.turn_over();
  const Sent first = talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  auto c = talk.find("User", "3", scope);
  auto d = talk.find("User", "4", scope);
  auto same = talk.find("User", "1", scope);  // waits for the flight
  talk.turn_over();
  talk.expect_request("BatchGetItem", batch_of({"3", "4"}));
  talk.answer(answer_of({"3", "4"}));
  talk.expect_complete(c);
  talk.expect_complete(d);
  talk.expect_running(same);
  talk.answer(first, answer_of({"1", "2"}));
  talk.expect_complete(a);
  talk.expect_complete(b);
  talk.expect_complete(same);
  EXPECT_EQ(same->value().entry, a->value().entry);
}

TEST(Batch, ADelayGathersFindsOfSeveralTurns) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope, {.batch_delay_ms = 20});
  talk.expect_timer(20, 20);
  auto b = talk.find("User", "2", scope, {.batch_delay_ms = 20});
  talk.expect_nothing();
  talk.fire_timer();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.answer(answer_of({"1", "2"}));
  talk.expect_complete(a);
  talk.expect_complete(b);
}

TEST(Batch, ADelayIsNoLongerThanTheCallMayTake) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope, {.batch_delay_ms = 600'000});
  talk.expect_timer(1, 30'000);
  talk.fire_timer();
  talk.expect_complete(a);
  EXPECT_EQ(a->error().code(), ErrorCode::timeout);
}

TEST(Batch, ADelayOfZeroLeavesAtOnceAndAlone) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope, {.batch_delay_ms = 0});
  auto b = talk.find("User", "2", scope, {.batch_delay_ms = 0});
  const Sent first = talk.expect_request("GetItem");
  const Sent second = talk.expect_request("GetItem");
  talk.expect_nothing();
  talk.answer(first, R"({"Item":)" + item("1") + "}");
  talk.answer(second, R"({"Item":)" + item("2") + "}");
  talk.expect_complete(a);
  talk.expect_complete(b);
}

TEST(Batch, AFindInAHurryTakesTheIdWithItThatWaits) {
  Conversation talk;
  auto scope = make_scope();
  auto slow = talk.find("User", "1", scope, {.batch_delay_ms = 1'500});
  auto other = talk.find("User", "2", scope, {.batch_delay_ms = 1'500});
  talk.expect_timer(1'500, 1'500);
  auto usual = talk.find("User", "1", scope);
  talk.turn_over();
  talk.expect_request("GetItem", HasSubstr("u#1"));
  talk.answer(R"({"Item":)" + item("1") + "}");
  talk.expect_complete(slow);
  talk.expect_complete(usual);
  EXPECT_EQ(slow->value().entry, usual->value().entry);
  talk.expect_nothing();
  talk.fire_timer();
  talk.expect_request("GetItem", HasSubstr("u#2"));
  talk.answer(R"({"Item":)" + item("2") + "}");
  talk.expect_complete(other);
}

TEST(Batch, AFindWithoutDelayLeavesBatchesEmpty) {
  Conversation talk;
  auto scope = make_scope();
  auto slow = talk.find("User", "1", scope, {.batch_delay_ms = 1'500});
  talk.expect_timer(1'500, 1'500);
  auto usual = talk.find("User", "1", scope);
  auto now = talk.find("User", "1", scope, {.batch_delay_ms = 0});
  talk.expect_request("GetItem", HasSubstr("u#1"));
  talk.turn_over();
  talk.fire_timer();
  talk.expect_nothing();  // both batches are empty
  talk.answer(R"({"Item":)" + item("1") + "}");
  talk.expect_complete(slow);
  talk.expect_complete(usual);
  talk.expect_complete(now);
}

TEST(Batch, CancellingOneWaiterLeavesTheOthers) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "1", scope);
  auto c = talk.find("User", "2", scope);
  talk.turn_over();
  talk.expect_request("BatchGetItem", batch_of({"1", "2"}));
  talk.cancel(a);
  talk.expect_complete(a);
  EXPECT_EQ(a->error().code(), ErrorCode::cancelled);
  talk.engine().abandon(c->id);
  talk.answer(answer_of({"1", "2"}));
  talk.expect_complete(b);
  EXPECT_TRUE(b->value().entry->item);
  EXPECT_FALSE(c->ended());
  talk.expect_nothing();
}

// Its own deadline ends a find, not that of an earlier one whose read it waits for. (The simulation found
// it.)
TEST(Batch, AFindThatWaitsForAnothersReadHasItsOwnDeadline) {
  for (const bool several : {false, true}) {
    SCOPED_TRACE(several);
    Conversation talk;
    const auto scope = make_scope();
    auto first = talk.find("User", "1", scope);
    talk.advance(29'000);
    talk.turn_over();
    const Sent slow = talk.expect_request("GetItem");
    EXPECT_EQ(slow.timeout_ms, 1'000);
    Started<core::Found> second;
    Started<core::FoundMany> many;
    if (several) {
      many = talk.batch_find("User", {"1", "2"}, scope);
      talk.turn_over();
      talk.expect_request("GetItem", HasSubstr("u#2"));
      talk.answer(R"({"Item":)" + item("2") + "}");
    } else {
      second = talk.find("User", "1", scope);
    }
    talk.advance(1'000);
    talk.respond(slow, {.status = 500, .body = "{}"});
    talk.expect_complete(first);
    EXPECT_EQ(first->error().code(), ErrorCode::timeout);
    talk.expect_request("GetItem", HasSubstr("u#1"));
    talk.answer(R"({"Item":)" + item("1") + "}");
    if (several) {
      talk.expect_complete(many);
      EXPECT_EQ(many->value().items.size(), 2U);
      for (const auto& [id, found] : many->value().items) EXPECT_TRUE(found.entry->item) << id;
    } else {
      talk.expect_complete(second);
      EXPECT_TRUE(second->value().entry->item);
    }
    talk.expect_nothing();
  }
}

// Nor does it wait longer, where it has little time left and others that begin now have much. (The simulation
// found it.)
TEST(Batch, AFindThatReadsAgainDoesNotWaitForThoseThatHaveMoreTime) {
  Conversation talk;
  const auto scope = make_scope();
  auto first = talk.find("User", "1", scope);
  talk.turn_over();
  const Sent slow = talk.expect_request("GetItem");
  talk.advance(1'000);
  auto second = talk.find("User", "1", scope);
  talk.advance(29'000);
  talk.respond(slow, {.status = 500, .body = "{}"});
  talk.expect_complete(first);
  auto third = talk.find("User", "2", scope);
  talk.turn_over();
  const Sent again = talk.expect_request("GetItem", HasSubstr("u#1"));
  EXPECT_EQ(again.timeout_ms, 1'000);
  const Sent other = talk.expect_request("GetItem", HasSubstr("u#2"));
  EXPECT_EQ(other.timeout_ms, 5'000);
  talk.answer(other, R"({"Item":)" + item("2") + "}");
  talk.expect_complete(third);
  talk.advance(1'000);
  talk.respond(again, {.status = 500, .body = "{}"});
  talk.expect_complete(second);
  EXPECT_EQ(second->error().code(), ErrorCode::timeout);
  talk.expect_nothing();
}

TEST(Batch, AFindThatReadsAgainDoesNotWaitForTheReadOfOneThatHasMoreTime) {
  Conversation talk;
  const auto scope = make_scope();
  auto first = talk.find("User", "2", scope);
  talk.turn_over();
  const Sent slow = talk.expect_request("GetItem", HasSubstr("u#2"));
  talk.advance(1'000);
  // It waits for the first of its items while the read of the second ends, and is begun anew by another.
  auto many = talk.batch_find("User", {"1", "2"}, scope);
  talk.turn_over();
  const Sent one = talk.expect_request("GetItem", HasSubstr("u#1"));
  talk.advance(29'000);
  talk.respond(slow, {.status = 500, .body = "{}"});
  talk.expect_complete(first);
  auto third = talk.find("User", "2", scope);
  talk.turn_over();
  const Sent other = talk.expect_request("GetItem", HasSubstr("u#2"));
  EXPECT_EQ(other.timeout_ms, 5'000);
  talk.answer(one, R"({"Item":)" + item("1") + "}");
  const Sent again = talk.expect_request("GetItem", HasSubstr("u#2"));
  EXPECT_EQ(again.timeout_ms, 1'000);
  talk.answer(again, R"({"Item":)" + item("2") + "}");
  talk.expect_complete(many);
  EXPECT_TRUE(many->value().items.back().second.entry->item);
  talk.answer(other, R"({"Item":)" + item("2") + "}");
  talk.expect_complete(third);
  EXPECT_TRUE(third->value().entry->item);
  talk.expect_nothing();
}

TEST(Batch, DestroyingTheEngineBeforeAndInFlightLeaksNothing) {
  Conversation talk;
  auto scope = make_scope();
  auto a = talk.find("User", "1", scope);
  auto b = talk.find("User", "2", scope);
  talk.turn_over();
  talk.expect_request("BatchGetItem");
  auto c = talk.find("User", "3", scope);                          // its turn never ends
  auto d = talk.find("User", "4", scope, {.batch_delay_ms = 50});  // its timer never fires
  auto e = talk.batch_find("User", {"5", "6"});
  talk.expect_running(e);
  talk.destroy_engine();
  EXPECT_FALSE(a->ended() || b->ended() || c->ended() || d->ended() || e->ended());
}

TEST(Batch, TheCacheIsBounded) {
  core::Cache cache;
  for (std::size_t id = 0; id < core::Cache::entries_max + 50; ++id) {
    auto entry = std::make_shared<core::Entry>();
    entry->key = {"u#" + std::to_string(id), "u"};
    cache.put(entry);
  }
  EXPECT_EQ(cache.size(), core::Cache::entries_max);
  EXPECT_EQ(cache.find({"u#0", "u"}), nullptr);
  EXPECT_NE(cache.find({"u#10049", "u"}), nullptr);
}

}  // namespace
}  // namespace bao::scripted
