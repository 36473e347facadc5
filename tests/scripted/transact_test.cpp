#include "core/engine/transact.hpp"

#include <limits>

#include "scripted/table_double.hpp"

namespace bao::scripted {
namespace {

using core::TransactAction;
using Kind = TransactAction::Kind;
using testing::HasSubstr;
using testing::IsEmpty;

class TransactTest : public testing::Test {
 protected:
  TransactAction create(std::string_view model, std::vector<core::Change> values) {
    return {.kind = Kind::create, .model = &table.model(model), .key = {}, .changes = std::move(values)};
  }
  TransactAction act(Kind kind, std::string_view model, std::string id,
                     std::vector<core::Change> changes = {}, core::ItemRef base = {}) {
    return {.kind = kind,
            .model = &table.model(model),
            .key = {.partition = std::move(id), .sort = {}},
            .changes = std::move(changes),
            .base = std::move(base)};
  }
  Result<core::Transacted> transact(const std::vector<TransactAction>& actions,
                                    std::shared_ptr<core::Scope> scope = nullptr) {
    return table.run<core::Transacted>([&](core::Call& call) { return core::transact(call, actions); },
                                       std::move(scope));
  }
  void seed_user(const std::string& id, const std::string& email) {
    ASSERT_TRUE(table.create("User", {table.set("User", "userId", id), table.set("User", "email", email)}));
  }
  void expect_error(const Result<core::Transacted>& done, ErrorCode code, const std::string& text) {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), code) << done.error().message();
    EXPECT_THAT(done.error().message(), HasSubstr(text));
    EXPECT_THAT(table.disagreements(), IsEmpty());
  }
  std::string email_of(std::string_view id) { return text_of(table.stored("User", id), "email"); }

  TableDouble table;
};

TEST_F(TransactTest, AllKindsInOneRequest) {
  seed_user("1", "a@x");
  seed_user("2", "b@x");
  ASSERT_TRUE(table.create("Post", {table.set("Post", "postId", "p1"), table.set("Post", "title", "t")}));
  table.plan_trouble(0, Trouble::none);
  const std::size_t before = table.requests();
  const auto done = transact(
      {create("Doc", {table.set("Doc", "docId", "d1")}),
       act(Kind::update, "Post", "p1", {table.set("Post", "title", "u")}, table.stored("Post", "p1")),
       act(Kind::remove, "User", "2", {}, table.stored("User", "2")), act(Kind::check, "User", "1")});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(table.requests() - before, 1U);
  EXPECT_EQ(done->items.size(), 4U);
  EXPECT_EQ(text_of(done->items[0].item, "docId"), "d1");
  EXPECT_EQ(text_of(done->items[2].item, "email"), "b@x");
  EXPECT_GT(done->capacity.write, 0);
  EXPECT_EQ(text_of(table.stored("Post", "p1"), "title"), "u");
  EXPECT_FALSE(table.stored("User", "2"));
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

TEST_F(TransactTest, ACounterStaysWithinSixtyFourBits) {
  ASSERT_TRUE(
      table.create("Post", {table.set("Post", "postId", "p1"),
                            table.set("Post", "likes", Value(std::numeric_limits<std::int64_t>::max()))}));
  core::Change one = table.set("Post", "likes", 1);
  one.kind = core::Change::Kind::increment;
  const std::size_t before = table.requests();
  expect_error(
      transact({act(Kind::update, "Post", "p1", {one}), create("Doc", {table.set("Doc", "docId", "d1")})}),
      ErrorCode::validation, "out of range");
  EXPECT_EQ(table.requests() - before, 1U);
  EXPECT_FALSE(table.stored("Doc", "d1"));
}

// DynamoDB refuses an update in a transaction that updates nothing.
TEST_F(TransactTest, AReindexWithNothingToSetIsACheck) {
  table.direct("PutItem",
               R"({"TableName":"tab","Item":{"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"},)"
               R"("email":{"S":"a@x"}}})");
  TransactAction reindex = act(Kind::update, "User", "1");
  reindex.options.force_reindex = true;
  const auto done = transact({reindex});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(text_of(done->items[0].item, "email"), "a@x");
  EXPECT_THAT(table.disagreements(), IsEmpty());
  expect_error(
      transact({create("User", {table.set("User", "userId", "2"), table.set("User", "email", "a@x")})}),
      ErrorCode::conditional, "email must be unique");
}

TEST_F(TransactTest, AnItemThatWasNotLoadedIsReadForItsWholeState) {
  for (const char* const id : {"p1", "p2"}) {
    ASSERT_TRUE(table.create("Post", {table.set("Post", "postId", id), table.set("Post", "likes", 2)}));
  }
  const auto rename = [&] {
    return transact({act(Kind::update, "Post", "p1", {table.set("Post", "title", "u")}),
                     act(Kind::update, "Post", "p2", {table.set("Post", "title", "v")})});
  };
  std::size_t before = table.requests();
  const auto done = rename();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(table.requests() - before, 3U);
  EXPECT_EQ(text_of(done->items[0].item, "title"), "u");
  EXPECT_EQ(text_of(done->items[0].item, "likes"), "2");
  EXPECT_EQ(text_of(done->items[1].item, "title"), "v");
  EXPECT_EQ(text_of(done->items[1].item, "likes"), "2");

  // It is written, whether it can be read back or not.
  table.plan_trouble(2, Trouble::throttled, true);
  const auto unread = rename();
  ASSERT_TRUE(unread) << unread.error().message();
  EXPECT_EQ(text_of(unread->items[0].item, "_pk"), text_of(table.stored("Post", "p1"), "_pk"));
  EXPECT_EQ(text_of(unread->items[0].item, "title"), "u");
  EXPECT_EQ(unread->items[0].entry, nullptr);
}

TEST_F(TransactTest, TwoItemsSwapAUniqueValue) {
  seed_user("1", "a@x");
  seed_user("2", "b@x");
  const auto done = transact({act(Kind::update, "User", "1", {table.set("User", "email", "b@x")}),
                              act(Kind::update, "User", "2", {table.set("User", "email", "a@x")})});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(email_of("1"), "b@x");
  EXPECT_EQ(email_of("2"), "a@x");
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

TEST_F(TransactTest, AValuePassesFromADeletedItemToANewOne) {
  seed_user("1", "a@x");
  const auto done =
      transact({act(Kind::remove, "User", "1"),
                create("User", {table.set("User", "userId", "2"), table.set("User", "email", "a@x")})});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_FALSE(table.stored("User", "1"));
  EXPECT_EQ(email_of("2"), "a@x");
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

TEST_F(TransactTest, AFailedConditionWritesNothing) {
  seed_user("1", "a@x");
  ASSERT_TRUE(table.create("Doc", {table.set("Doc", "docId", "d1"), table.set("Doc", "status", "new")}));
  const TransactAction change = act(Kind::update, "User", "1", {table.set("User", "name", "Ann")});
  expect_error(transact({change, create("Doc", {table.set("Doc", "docId", "d1")})}), ErrorCode::conditional,
               "Doc 'd1'");
  TransactAction checked = act(Kind::check, "Doc", "d1");
  checked.options.condition = compare("status", Comparison::eq, Value("old"));
  expect_error(transact({change, checked}), ErrorCode::conditional, "Doc 'd1'");
  expect_error(transact({change, act(Kind::check, "Doc", "d2")}), ErrorCode::item_not_found, "Doc 'd2'");
  expect_error(transact({change, act(Kind::remove, "Doc", "d2")}), ErrorCode::item_not_found, "Doc 'd2'");
  expect_error(transact({change, act(Kind::update, "Doc", "d2", {table.set("Doc", "title", "t")})}),
               ErrorCode::item_not_found, "Doc 'd2'");
  EXPECT_EQ(text_of(table.stored("User", "1"), "name"), "(none)");
}

// A check of nothing but that the item is there cannot have failed for an item that is.
TEST_F(TransactTest, WhatWasMissingAndIsThereWhenItIsLookedForIsTriedAgain) {
  seed_user("1", "a@x");
  table.plan_trouble(0, Trouble::none);
  table.before_request = [&](std::size_t request) {
    if (request != 2) return;
    table.direct("PutItem",
                 R"j({"TableName":"tab","Item":{"_pk":{"S":"p#p9"},"_sk":{"S":"p"},"postId":{"S":"p9"}}})j");
  };
  const auto done = transact(
      {act(Kind::update, "User", "1", {table.set("User", "name", "Ann")}), act(Kind::check, "Post", "p9")});
  table.before_request = nullptr;
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(text_of(table.stored("User", "1"), "name"), "Ann");
}

TEST_F(TransactTest, AUniqueValueThatIsTakenIsRefused) {
  seed_user("1", "a@x");
  seed_user("2", "b@x");
  expect_error(transact({act(Kind::update, "User", "1", {table.set("User", "email", "b@x")})}),
               ErrorCode::conditional, "email must be unique");
  expect_error(
      transact({create("User", {table.set("User", "userId", "3"), table.set("User", "email", "c@x")}),
                create("User", {table.set("User", "userId", "4"), table.set("User", "email", "c@x")})}),
      ErrorCode::conditional, "email must be unique");
  EXPECT_FALSE(table.stored("User", "3"));
}

// A stale instance gives up a value whose row another action changes: the row is named once.
TEST_F(TransactTest, ARowWhoseTtlChangesIsNotReleasedByAFormerHolder) {
  const Value later(std::int64_t{1'900'000'000'000});
  for (const char* field : {"email", "ttl"}) {
    SCOPED_TRACE(field);
    const std::string former = std::string("former holder ") + field;
    const std::string holder = std::string("holder ") + field;
    const std::string value = std::string("a@") + field;
    seed_user(former, value);
    const core::ItemRef stale = table.stored("User", former);
    ASSERT_TRUE(table.update("User", former, {table.set("User", "email", "b@x")}));
    seed_user(holder, value);
    const Value changed = field == std::string("ttl") ? later : Value("c@x");
    const auto done =
        transact({act(Kind::update, "User", holder, {table.set("User", "ttl", later)}),
                  act(Kind::update, "User", former, {table.set("User", field, changed)}, stale)});
    EXPECT_TRUE(done) << done.error().message() << done.error().details().service_text;
    EXPECT_THAT(table.disagreements(), IsEmpty());
  }
}

TEST_F(TransactTest, AnItemThatLostItsValueHasToWinItBackAlsoBesideItsHolder) {
  const Value past(std::int64_t{1'700'000'000'000});
  const Value later(std::int64_t{1'900'000'000'000});
  ASSERT_TRUE(table.create("User", {table.set("User", "userId", "1"), table.set("User", "email", "a@x"),
                                    table.set("User", "ttl", past)}));
  seed_user("2", "a@x");
  expect_error(transact({act(Kind::update, "User", "2", {table.set("User", "ttl", later)}),
                         act(Kind::update, "User", "1", {table.set("User", "ttl", later)})}),
               ErrorCode::conditional, "email must be unique");
}

// ...nor does another take it over in the very transaction in which it is not to expire after all.
TEST_F(TransactTest, AnItemThatComesBackKeepsItsValues) {
  const Value past(std::int64_t{1'700'000'000'000});
  const Value later(std::int64_t{1'900'000'000'000});
  ASSERT_TRUE(table.create("User", {table.set("User", "userId", "1"), table.set("User", "email", "a@x"),
                                    table.set("User", "ttl", past)}));
  const TransactAction taken =
      create("User", {table.set("User", "userId", "2"), table.set("User", "email", "a@x")});
  for (const Value& ttl : {later, Value()}) {
    const TransactAction back = act(Kind::update, "User", "1", {table.set("User", "ttl", ttl)});
    expect_error(transact({back, taken}), ErrorCode::conditional, "email must be unique");
    expect_error(transact({taken, back}), ErrorCode::conditional, "email must be unique");
  }
  // One that stays expired does not; and what it lost before, by other writers, is not its own.
  const Value long_past(std::int64_t{1'600'000'000'000});
  const core::ItemRef stale = table.stored("User", "1");
  ASSERT_TRUE(transact({act(Kind::update, "User", "1", {table.set("User", "ttl", long_past)}), taken}));
  EXPECT_THAT(table.disagreements(), IsEmpty());
  ASSERT_TRUE(table.update("User", "1", {table.set("User", "email", "b@x")}));
  ASSERT_TRUE(table.remove("User", "2"));
  const auto done =
      transact({act(Kind::update, "User", "1", {table.set("User", "ttl", later)}, stale), taken});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

// A row that is somebody else's may come back before the item gives its value up: update and transact.
TEST_F(TransactTest, ARowThatComesBackIsReleased) {
  for (const bool alone : {true, false}) {
    SCOPED_TRACE(alone);
    const std::string id = alone ? "1" : "2";
    const std::string email = id + "@x";
    seed_user(id, email);
    const std::string key = R"j({"TableName":"tab","Key":{"_pk":{"S":"_raft_uc#_uc1#u#email:)j" + email +
                            R"j("},"_sk":{"S":"_raft_uc"}},)j";
    const auto give_row_to = [&](const std::string& owner) {
      table.direct("UpdateItem", key +
                                     R"j("UpdateExpression":"SET relatedId = :i",)j"
                                     R"j("ExpressionAttributeValues":{":i":{"S":")j" +
                                     owner + "\"}}}");
    };
    const core::ItemRef base = table.stored("User", id);
    give_row_to("9");
    table.plan_trouble(0, Trouble::none);
    table.before_request = [&](std::size_t request) {
      if (request == 2) give_row_to(id);
    };
    const std::vector<core::Change> changes{table.set("User", "email", {})};
    if (alone) {
      EXPECT_TRUE(table.update("User", id, changes, base));
    } else {
      EXPECT_TRUE(transact({act(Kind::update, "User", id, changes, base)}));
    }
    table.before_request = nullptr;
    EXPECT_THAT(table.disagreements(), IsEmpty());
  }
}

TEST_F(TransactTest, TwoItemsTakeOverFromOneThatHasExpired) {
  ASSERT_TRUE(table.create("User", {table.set("User", "userId", "1"), table.set("User", "email", "a@x"),
                                    table.set("User", "handle", "ada"),
                                    table.set("User", "ttl", Value(std::int64_t{1'700'000'000'000}))}));
  const auto done =
      transact({create("User", {table.set("User", "userId", "2"), table.set("User", "email", "a@x")}),
                create("User", {table.set("User", "userId", "3"), table.set("User", "handle", "ada")})});
  ASSERT_TRUE(done) << done.error().message() << done.error().details().service_text;
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

// The first attempt may still be under way, and what it adds would be added twice by another plan.
TEST(TransactCounter, ALostAnswerIsNotPlannedAnew) {
  for (const bool alone : {true, false}) {
    SCOPED_TRACE(alone);
    Conversation talk;
    const core::ItemRef base = item_of(
        R"({"_pk":{"S":"n#1"},"_sk":{"S":"n"},"noteId":{"S":"1"},"slug":{"S":"a"},"hits":{"N":"1"}})");
    const std::vector<core::Change> changes{set(talk, "Note", "slug", "b"),
                                            increment(talk, "Note", "hits", 1)};
    Started<core::Written> single;
    Started<core::Transacted> several;
    if (alone) {
      single = talk.update("Note", "1", changes, base);
    } else {
      const TransactAction action{.kind = Kind::update,
                                  .model = &talk.model("Note"),
                                  .key = {.partition = "1", .sort = {}},
                                  .changes = changes,
                                  .base = base};
      several =
          talk.start<core::Transacted>([&](core::Call& call) { return core::transact(call, {action}); });
    }
    talk.expect_request("TransactWriteItems");
    talk.timed_out();
    talk.wait_for_retry();
    talk.expect_request("TransactWriteItems");
    talk.respond(400, R"({"__type":"x#TransactionCanceledException","CancellationReasons":[)"
                      R"({"Code":"ConditionalCheckFailed","Item":{"_pk":{"S":"n#1"},"slug":{"S":"c"}}}]})");
    if (alone) {
      talk.expect_complete(single);
      EXPECT_EQ(single->error().code(), ErrorCode::ambiguous_write);
    } else {
      talk.expect_complete(several);
      EXPECT_EQ(several->error().code(), ErrorCode::ambiguous_write);
    }
    talk.expect_nothing();
  }
}

// As above, where the item has nothing that the path leads through just now. (The simulation found it.)
TEST(TransactCounter, ARefusedPathAfterALostAnswerIsNotPlannedAnew) {
  Conversation talk;
  core::Change part;
  part.field = *talk.model("Post").field_index("meta");
  part.kind = core::Change::Kind::set_path;
  part.path = {std::string("a"), std::string("x")};
  part.value = 2;
  const TransactAction action{.kind = Kind::update,
                              .model = &talk.model("Post"),
                              .key = {.partition = "p1", .sort = {}},
                              .changes = {part, increment(talk, "Post", "likes", 1)}};
  auto done = talk.start<core::Transacted>([&](core::Call& call) { return core::transact(call, {action}); });
  talk.expect_request("TransactWriteItems");
  talk.timed_out();
  talk.wait_for_retry();
  talk.expect_request("TransactWriteItems");
  talk.respond(
      400, R"({"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"ValidationError",)"
           R"("Message":"The document path provided in the update expression is invalid for update"}]})");
  talk.expect_complete(done);
  EXPECT_EQ(done->error().code(), ErrorCode::ambiguous_write);
  talk.expect_nothing();
}

// What was met before a wait is older than the wait.
TEST(TransactConflict, AfterAWaitTheItemIsReadOnceMore) {
  Conversation talk;
  const auto item = [](const char* created) {
    return R"({"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"postId":{"S":"p1"},"userId":{"S":"u1"},"createdAt":{"N":")" +
           std::string(created) + "\"}}";
  };
  const TransactAction action{.kind = Kind::update,
                              .model = &talk.model("Post"),
                              .key = {.partition = "p1", .sort = {}},
                              .changes = {set(talk, "Post", "userId", "u2")},
                              .base = item_of(item("5"))};
  auto done = talk.start<core::Transacted>([&](core::Call& call) { return core::transact(call, {action}); });
  for (const char* met : {"6", "7"}) {
    talk.expect_request("TransactWriteItems");
    talk.respond(400, R"({"__type":"x#TransactionCanceledException","CancellationReasons":[)"
                      R"({"Code":"ConditionalCheckFailed","Item":)" +
                          item(met) + "}]}");
  }
  talk.wait_for_retry();
  talk.expect_request("GetItem", HasSubstr(R"("ConsistentRead":true)"));
  talk.answer("{\"Item\":" + item("8") + "}");
  talk.expect_request("TransactWriteItems", HasSubstr(R"({"N":"8"})"));
  talk.answer("{}");
  talk.expect_complete(done);
}

TEST_F(TransactTest, StaleInstancesArePlannedAnew) {
  seed_user("1", "a@x");
  const core::ItemRef stale = table.stored("User", "1");
  ASSERT_TRUE(table.update("User", "1", {table.set("User", "email", "b@x")}));
  const auto done = transact({act(Kind::update, "User", "1", {table.set("User", "email", "c@x")}, stale)});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(email_of("1"), "c@x");
  EXPECT_THAT(table.disagreements(), IsEmpty());
  const auto gone = transact({act(Kind::remove, "User", "1", {}, stale)});
  ASSERT_TRUE(gone) << gone.error().message();
  EXPECT_EQ(text_of(gone->items[0].item, "email"), "c@x");
  EXPECT_THAT(table.disagreements(), IsEmpty());
}

TEST_F(TransactTest, TwoActionsOnOneItemAndTooManyAreRefusedBeforeAnythingIsSent) {
  const std::size_t before = table.requests();
  expect_error(transact({create("Doc", {table.set("Doc", "docId", "d1")}), act(Kind::check, "Doc", "d1")}),
               ErrorCode::validation, "Doc 'd1': a transaction can have one action only");
  std::vector<TransactAction> many;
  for (int user = 0; user < 51; ++user) {
    const std::string id = std::to_string(user);
    many.push_back(create("User", {table.set("User", "userId", id), table.set("User", "email", id)}));
  }
  expect_error(transact(many), ErrorCode::validation, "these are 102");
  many.pop_back();
  EXPECT_TRUE(transact({}));
  EXPECT_EQ(table.requests(), before);
  EXPECT_TRUE(transact(many));
}

TEST_F(TransactTest, CountersAreAddedOnce) {
  ASSERT_TRUE(table.create("Post", {table.set("Post", "postId", "p1")}));
  core::Change likes = table.set("Post", "likes", 5);
  likes.kind = core::Change::Kind::increment;
  table.plan_trouble(1, Trouble::lost_after_commit);
  const auto done =
      transact({act(Kind::update, "Post", "p1", {likes}), create("Doc", {table.set("Doc", "docId", "d1")})});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(text_of(table.stored("Post", "p1"), "likes"), "5");
  EXPECT_EQ(text_of(done->items[0].item, "likes"), "5");
}

TEST_F(TransactTest, TheContextKnowsWhatWasWritten) {
  seed_user("1", "a@x");
  auto scope = std::make_shared<core::Scope>();
  ASSERT_TRUE(transact({act(Kind::update, "User", "1", {table.set("User", "name", "Ann")}),
                        create("Doc", {table.set("Doc", "docId", "d1")})},
                       scope));
  const std::size_t before = table.requests();
  const auto found = table.run<core::Found>(
      [&](core::Call& call) {
        return core::find(call, table.model("Doc"), {.partition = "d1", .sort = {}}, {});
      },
      scope);
  ASSERT_TRUE(found);
  EXPECT_EQ(text_of(found->entry->item, "docId"), "d1");
  EXPECT_EQ(table.requests(), before);
}

}  // namespace
}  // namespace bao::scripted
