// Updates of nested values, and those that the code of custom fields words.
#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const char* const post_item =
    R"({"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"postId":{"S":"p1"},"title":{"S":"t"},"likes":{"N":"1"}})";

core::Change custom(Conversation& talk, const char* field, Value value, core::CustomUpdate update) {
  core::Change change = set(talk, "Post", field, std::move(value));
  change.kind = core::Change::Kind::custom;
  change.custom = std::make_shared<const core::CustomUpdate>(std::move(update));
  return change;
}

core::CustomUpdate sum() {
  return {.clause = "SET", .expression = "#v0 = if_not_exists(#v0, :x) + :x", .name = "#v0", .value = ":x"};
}

core::Change path(Conversation& talk, const char* field, std::vector<PathStep> steps, Value value) {
  core::Change change = set(talk, "Post", field, std::move(value));
  change.kind = change.value.is_null() ? core::Change::Kind::remove_path : core::Change::Kind::set_path;
  change.path = std::move(steps);
  return change;
}

TEST(UpdateCustom, HasPlaceholdersOfTheRequest) {
  Conversation talk;
  core::WriteOptions options;
  options.condition = compare("title", Comparison::eq, "t");
  auto changed = talk.update(
      "Post", "p1",
      {set(talk, "Post", "title", "new"), custom(talk, "likes", 5, sum()),
       custom(talk, "steps", Value::List{1},
              {.clause = "SET", .expression = "#v0=list_append(#v0,:n1)", .name = "#v0", .value = ":n1"})},
      {}, options);
  talk.expect_request(
      "UpdateItem",
      AllOf(
          HasSubstr("\"SET #n0 = :v0, #n1 = if_not_exists(#n1, :v1) + :v1, #n2 = list_append(#n2, :v2)\""),
          HasSubstr(R"("#n0":"title","#n1":"likes","#n2":"steps")"),
          HasSubstr(
              R"(":v0":{"S":"new"},":v1":{"N":"5"},":v2":{"L":[{"N":"1"}]},":v3":{"N":"9223372036854775802"},":v4":{"S":"t"})")));
  talk.answer("{\"Attributes\":" + std::string(post_item) + "}");
  talk.expect_complete(changed);
  EXPECT_TRUE(changed->value().item);
}

TEST(UpdateCustom, WhatIsNotTheSameTwiceIsSentOnce) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {custom(talk, "likes", 5, sum())});
  talk.expect_request("UpdateItem");
  talk.lost();
  talk.expect_complete(changed);
  EXPECT_EQ(changed->error().code(), ErrorCode::ambiguous_write);
  talk.expect_nothing();
}

TEST(UpdateCustom, WhatIsTheSameTwiceIsSentAgain) {
  const std::vector<core::CustomUpdate> updates = {
      {.clause = "SET", .expression = "#f = :f", .name = "#f", .value = ":f"},
      {.clause = "REMOVE", .expression = "#f.old", .name = "#f", .value = ":f"},
      {.clause = "SET", .expression = "#f.new = :f", .name = "#f", .value = ":f"},
  };
  for (const core::CustomUpdate& update : updates) {
    SCOPED_TRACE(update.expression);
    Conversation talk;
    auto changed = talk.update("Post", "p1", {custom(talk, "meta", Value::Map{{"a", 1}}, update)});
    talk.expect_request("UpdateItem");
    talk.lost();
    talk.wait_for_retry();
    talk.expect_request("UpdateItem");
    talk.answer("{\"Attributes\":" + std::string(post_item) + "}");
    talk.expect_complete(changed);
    EXPECT_TRUE(changed->value().item);
  }
}

TEST(UpdateCustom, KeysFollowAPlainOneAndRefuseTheRest) {
  Conversation talk;
  auto changed = talk.update(
      "Post", "p1",
      {custom(talk, "rank", 7, {.clause = "SET", .expression = " #f=:f ", .name = "#f", .value = ":f"})});
  talk.expect_request("UpdateItem", HasSubstr(R"({"S":"00000000000000000007"})"));
  talk.answer("{\"Attributes\":" + std::string(post_item) + "}");
  talk.expect_complete(changed);
  EXPECT_TRUE(changed->value().item);

  auto refused = talk.update("Post", "p1", {custom(talk, "rank", 7, sum())});
  talk.expect_complete(refused);
  EXPECT_EQ(refused->error().code(), ErrorCode::validation);
  EXPECT_EQ(refused->error().details().field, "rank");
  talk.expect_nothing();
}

// Numbers of fields that hold 64 bits have to stay in range, however the sum is worded: else nothing could
// read the item any more.
TEST(UpdateCustom, ASumThatLeaves64BitsIsRefusedAndNothingIsWritten) {
  const std::vector<core::CustomUpdate> updates = {
      sum(),
      {.clause = "SET", .expression = "#f = #f + :f", .name = "#f", .value = ":f"},
      {.clause = "SET", .expression = "#f=:f+#f", .name = "#f", .value = ":f"},
      {.clause = "ADD", .expression = "#f :f", .name = "#f", .value = ":f"},
      {.clause = "SET", .expression = "#f = #f - :f", .name = "#f", .value = ":f"},
  };
  for (const core::CustomUpdate& update : updates) {
    SCOPED_TRACE(update.expression);
    const bool less = update.expression.contains('-');
    Conversation talk;
    auto refused = talk.update("Post", "p1", {custom(talk, "likes", 5, update)});
    talk.expect_request("UpdateItem", AllOf(HasSubstr(less ? "attribute_not_exists(#n0) OR #n0 >= :v1"
                                                           : "attribute_not_exists(#n0) OR #n0 <= :v1"),
                                            HasSubstr(less ? R"({"N":"-9223372036854775803"})"
                                                           : R"({"N":"9223372036854775802"})")));
    talk.respond(
        400, R"({"__type":"x#ConditionalCheckFailedException","Item":{"_pk":{"S":"p#p1"},"likes":{"N":")" +
                 std::string(less ? "-9223372036854775806" : "9223372036854775806") + R"("}}})");
    talk.expect_complete(refused);
    EXPECT_EQ(refused->error().code(), ErrorCode::validation);
    EXPECT_EQ(refused->error().details().model, "Post");
    EXPECT_EQ(refused->error().details().field, "likes");
    EXPECT_THAT(refused->error().message(), HasSubstr("9223372036854775806"));
    talk.expect_nothing();
  }
}

// More than the service can hold is its own refusal, and as such a whole one.
TEST(UpdateCustom, ASumThatTheServiceCannotHoldIsItsError) {
  Conversation talk;
  auto refused = talk.update("Post", "p1", {custom(talk, "likes", 5, sum())});
  talk.expect_request("UpdateItem");
  talk.fault(400, "ValidationException",
             "Number overflow. Attempting to store a number with magnitude larger");
  talk.expect_complete(refused);
  EXPECT_EQ(refused->error().code(), ErrorCode::service);
  EXPECT_EQ(refused->error().details().service_name, "ValidationException");
  talk.expect_nothing();
}

TEST(UpdateCustom, ChangesItsOwnAttributeOnly) {
  const std::vector<core::CustomUpdate> updates = {
      {.clause = "SET", .expression = "title = :f", .name = "#f", .value = ":f"},
      {.clause = "SET", .expression = "#f = :f, title = :f", .name = "#f", .value = ":f"},
      {.clause = "SET", .expression = "#f = #other", .name = "#f", .value = ":f"},
      {.clause = "set", .expression = "#f = :f + :f", .name = "#f", .value = ":f"},
      {.clause = "SET", .expression = "", .name = "", .value = ""},
  };
  for (const core::CustomUpdate& update : updates) {
    SCOPED_TRACE(update.expression);
    Conversation talk;
    auto refused = talk.update("Post", "p1", {custom(talk, "likes", 7, update)});
    talk.expect_complete(refused);
    EXPECT_EQ(refused->error().code(), ErrorCode::validation);
    EXPECT_THAT(refused->error().message(), HasSubstr("getUpdateExpression"));
    talk.expect_nothing();
  }
}

TEST(UpdatePath, ALostAnswerIsTriedAgain) {
  Conversation talk;
  auto changed = talk.update("Post", "p1", {path(talk, "meta", {"a"}, 1), path(talk, "meta", {"b"}, {})});
  talk.expect_request("UpdateItem", HasSubstr("SET #n0.#n1 = :v0 REMOVE #n0.#n2"));
  talk.lost();
  talk.wait_for_retry();
  talk.expect_request("UpdateItem");
  talk.answer("{\"Attributes\":" + std::string(post_item) + "}");
  talk.expect_complete(changed);
  EXPECT_TRUE(changed->value().item);
}

TEST(UpdatePath, OverlapsAreRefused) {
  Conversation talk;
  for (auto changes :
       {std::vector{path(talk, "meta", {"a"}, 1), path(talk, "meta", {"a", "b"}, 1)},
        std::vector{path(talk, "steps", {std::size_t{1}, "x"}, 1), path(talk, "steps", {std::size_t{1}}, {})},
        std::vector{set(talk, "Post", "meta", Value::Map()), path(talk, "meta", {"a"}, 1)}}) {
    auto refused = talk.update("Post", "p1", std::move(changes));
    talk.expect_complete(refused);
    EXPECT_EQ(refused->error().code(), ErrorCode::validation);
    talk.expect_nothing();
  }
}

}  // namespace
}  // namespace bao::scripted
