#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

constexpr const char* old_state =
    R"({"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"postId":{"S":"p1"},"title":{"S":"old"}})";
constexpr const char* new_state =
    R"({"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"postId":{"S":"p1"},"title":{"S":"new"}})";

class CacheAfterWrites : public testing::Test {
 protected:
  void find_old() {
    auto found = talk.find("Post", "p1", scope);
    talk.turn_over();
    talk.expect_request("GetItem");
    talk.answer("{\"Item\":" + std::string(old_state) + "}");
    talk.expect_complete(found);
  }
  Started<core::Written> start_update(const char* title) {
    return talk.update("Post", "p1", {set(talk, "Post", "title", title)}, {}, {}, scope);
  }
  /// What a find gives now; must be answered from the cache.
  std::string cached(const char* attribute) {
    auto found = talk.find("Post", "p1", scope);
    talk.expect_complete(found);
    return text_of(found->value().entry->item, attribute);
  }
  void expect_a_read() {
    auto found = talk.find("Post", "p1", scope);
    talk.turn_over();
    talk.expect_request("GetItem");
    talk.answer("{\"Item\":" + std::string(new_state) + "}");
    talk.expect_complete(found);
    EXPECT_EQ(text_of(found->value().entry->item, "title"), "new");
  }

  Conversation talk;
  std::shared_ptr<core::Scope> scope = std::make_shared<core::Scope>();
};

TEST_F(CacheAfterWrites, AnUpdatedItemIsFoundAsWritten) {
  find_old();
  auto changed = start_update("new");
  talk.expect_request("UpdateItem");
  talk.answer("{\"Attributes\":" + std::string(new_state) + "}");
  talk.expect_complete(changed);
  EXPECT_EQ(cached("title"), "new");
  auto again = talk.find("Post", "p1", scope);
  talk.expect_complete(again);
  EXPECT_EQ(again->value().entry, changed->value().entry);
}

TEST_F(CacheAfterWrites, ACreatedItemIsFound) {
  auto made =
      talk.create("Post", {set(talk, "Post", "postId", "p1"), set(talk, "Post", "title", "new")}, scope);
  talk.expect_request("PutItem");
  talk.answer("{}");
  talk.expect_complete(made);
  EXPECT_EQ(cached("title"), "new");
}

TEST_F(CacheAfterWrites, ADeletedItemIsAMissWithoutARequest) {
  find_old();
  auto gone = talk.remove("Post", "p1", {}, {}, scope);
  talk.expect_request("DeleteItem");
  talk.answer("{\"Attributes\":" + std::string(old_state) + "}");
  talk.expect_complete(gone);
  EXPECT_EQ(text_of(gone->value().item, "title"), "old");
  EXPECT_EQ(cached("title"), "(none)");
}

TEST_F(CacheAfterWrites, AFailedWriteDropsTheItem) {
  find_old();
  auto changed = start_update("new");
  talk.expect_request("UpdateItem");
  talk.fault(400, "ValidationException");
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::service);
  expect_a_read();
}

TEST_F(CacheAfterWrites, OverlappingWritesDropTheItem) {
  find_old();
  auto first = start_update("one");
  auto second = start_update("two");
  const Sent one = talk.expect_request("UpdateItem");
  const Sent two = talk.expect_request("UpdateItem");
  talk.answer(two, "{\"Attributes\":" + std::string(old_state) + "}");
  talk.answer(one, "{\"Attributes\":" + std::string(new_state) + "}");
  talk.expect_complete(first);
  talk.expect_complete(second);
  expect_a_read();
}

TEST_F(CacheAfterWrites, AReadThatAWriteOvertookIsNotKept) {
  auto found = talk.find("Post", "p1", scope);
  talk.turn_over();
  const Sent read = talk.expect_request("GetItem");
  auto changed = start_update("new");
  talk.expect_request("UpdateItem");
  talk.answer("{\"Attributes\":" + std::string(new_state) + "}");
  talk.expect_complete(changed);
  talk.answer(read, "{\"Item\":" + std::string(old_state) + "}");
  talk.expect_complete(found);
  EXPECT_EQ(cached("title"), "new");
}

TEST_F(CacheAfterWrites, AnAbandonedWriteDropsTheItem) {
  find_old();
  auto changed = start_update("new");
  const Sent sent = talk.expect_request("UpdateItem");
  talk.engine().abandon(changed->id);
  talk.expect_cancelled(sent);
  expect_a_read();
}

// A loader is a cache of the caller's own; what this scope writes is found in it all the same.
class LoaderAfterWrites : public CacheAfterWrites {
 protected:
  void load_old(const std::shared_ptr<core::Scope>& in) {
    auto found = talk.find("Post", "p1", in, {.loader = loader});
    if (in) talk.turn_over();
    talk.expect_request("GetItem");
    talk.answer("{\"Item\":" + std::string(old_state) + "}");
    talk.expect_complete(found);
  }
  void update_title() {
    auto changed = start_update("new");
    talk.expect_request("UpdateItem");
    talk.answer("{\"Attributes\":" + std::string(new_state) + "}");
    talk.expect_complete(changed);
  }
  void fail_to_update() {
    auto changed = start_update("new");
    talk.expect_request("UpdateItem");
    talk.fault(400, "ValidationException");
    talk.expect_complete(changed);
  }
  /// What a find with the loader gives without a request.
  std::string loaded(const char* attribute) {
    auto found = talk.find("Post", "p1", scope, {.loader = loader});
    talk.expect_complete(found);
    return text_of(found->value().entry->item, attribute);
  }
  void expect_a_loaders_read() {
    auto found = talk.find("Post", "p1", scope, {.loader = loader});
    talk.turn_over();
    talk.expect_request("GetItem");
    talk.answer("{\"Item\":" + std::string(new_state) + "}");
    talk.expect_complete(found);
    EXPECT_EQ(text_of(found->value().entry->item, "title"), "new");
  }

  std::shared_ptr<core::Cache> loader = std::make_shared<core::Cache>();
};

TEST_F(LoaderAfterWrites, AnUpdatedItemIsFoundAsWritten) {
  load_old(scope);
  update_title();
  EXPECT_EQ(loaded("title"), "new");
}

TEST_F(LoaderAfterWrites, ADeletedItemIsAMiss) {
  load_old(scope);
  auto gone = talk.remove("Post", "p1", {}, {}, scope);
  talk.expect_request("DeleteItem");
  talk.answer("{\"Attributes\":" + std::string(old_state) + "}");
  talk.expect_complete(gone);
  EXPECT_EQ(loaded("title"), "(none)");
}

TEST_F(LoaderAfterWrites, ALoaderThatComesAfterTheWriteHasItToo) {
  load_old(nullptr);
  update_title();
  EXPECT_EQ(loaded("title"), "new");
}

TEST_F(LoaderAfterWrites, AWriteOfUnknownOutcomeMakesItReadAgain) {
  load_old(scope);
  fail_to_update();
  expect_a_loaders_read();
}

TEST_F(LoaderAfterWrites, ALoaderThatComesAfterAWriteOfUnknownOutcomeReadsAgain) {
  load_old(nullptr);
  fail_to_update();
  expect_a_loaders_read();
}

TEST_F(LoaderAfterWrites, ALoaderThatComesAfterAReadOfWhatWasWrittenHasThat) {
  load_old(nullptr);
  update_title();
  auto found = talk.find("Post", "p1", scope, {.consistent = true});
  talk.turn_over();
  talk.expect_request("GetItem");
  talk.answer("{\"Item\":" + std::string(new_state) + "}");
  talk.expect_complete(found);
  EXPECT_EQ(loaded("title"), "new");
}

TEST_F(LoaderAfterWrites, TheStateOfAnotherScopesLoaderStays) {
  auto other = std::make_shared<core::Scope>();
  load_old(other);
  update_title();
  auto found = talk.find("Post", "p1", other, {.loader = loader});
  talk.expect_complete(found);
  EXPECT_EQ(text_of(found->value().entry->item, "title"), "old");
}

// What the scope that comes later wrote may be older than what the loader has.
TEST_F(LoaderAfterWrites, AScopeThatComesLaterDoesNotBringBackWhatItWroteEarlier) {
  auto other = std::make_shared<core::Scope>();
  auto earlier = talk.update("Post", "p1", {set(talk, "Post", "title", "old")}, {}, {}, other);
  talk.expect_request("UpdateItem");
  talk.answer("{\"Attributes\":" + std::string(old_state) + "}");
  talk.expect_complete(earlier);
  load_old(scope);
  update_title();
  EXPECT_EQ(loaded("title"), "new");
  auto found = talk.find("Post", "p1", other, {.loader = loader});
  talk.expect_complete(found);
  EXPECT_EQ(text_of(found->value().entry->item, "title"), "old");
  EXPECT_EQ(loaded("title"), "new");
}

// Of two scopes' writes that overlap nobody knows which came last: each finds what it wrote.
TEST_F(LoaderAfterWrites, OverlappingWritesOfTwoScopesDoNotMeetInTheLoader) {
  auto other = std::make_shared<core::Scope>();
  load_old(scope);
  auto known = talk.find("Post", "p1", other, {.loader = loader});
  talk.expect_complete(known);
  auto slow = talk.update("Post", "p1", {set(talk, "Post", "title", "old")}, {}, {}, other);
  const Sent first = talk.expect_request("UpdateItem");
  update_title();
  talk.answer(first, "{\"Attributes\":" + std::string(old_state) + "}");
  talk.expect_complete(slow);
  EXPECT_EQ(loaded("title"), "new");
}

// A read of its own that comes after its write stays known, whichever cache it was asked to look into.
TEST_F(LoaderAfterWrites, WhatTheScopeReadsAfterItsWriteStaysFound) {
  load_old(scope);
  auto changed = start_update("older");
  talk.expect_request("UpdateItem");
  talk.answer("{\"Attributes\":" + std::string(old_state) + "}");
  talk.expect_complete(changed);
  auto found = talk.find("Post", "p1", scope, {.consistent = true, .loader = loader});
  talk.turn_over();
  talk.expect_request("GetItem");
  talk.answer("{\"Item\":" + std::string(new_state) + "}");
  talk.expect_complete(found);
  EXPECT_EQ(loaded("title"), "new");
  EXPECT_EQ(cached("title"), "new");
}

TEST_F(CacheAfterWrites, OtherScopesKeepWhatTheyFound) {
  find_old();
  auto other = std::make_shared<core::Scope>();
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "title", "new")}, {}, {}, other);
  talk.expect_request("UpdateItem");
  talk.answer("{\"Attributes\":" + std::string(new_state) + "}");
  talk.expect_complete(changed);
  EXPECT_EQ(cached("title"), "old");
}

TEST_F(CacheAfterWrites, WritesCountInTheScope) {
  auto changed = start_update("new");
  talk.expect_request("UpdateItem");
  talk.answer("{\"Attributes\":" + std::string(new_state) + R"(,"ConsumedCapacity":{"CapacityUnits":3}})");
  talk.expect_complete(changed);
  EXPECT_EQ(scope->capacity.write, 3);
  EXPECT_EQ(scope->capacity.read, 0);
}

}  // namespace
}  // namespace bao::scripted
