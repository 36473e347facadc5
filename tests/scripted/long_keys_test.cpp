// Values that may be in a key, but not with the prefixes and the tenant that the key gets: refused by name,
// nothing is sent.

#include "scripted/conversation.hpp"

namespace bao::scripted {
namespace {

using testing::HasSubstr;

template <class Result>
void expect_refused(Conversation& talk, Result& result, const char* model, const char* field,
                    const char* says) {
  talk.expect_complete(result);
  ASSERT_FALSE(result->slot->has_value());
  EXPECT_EQ(result->error().code(), ErrorCode::validation);
  EXPECT_EQ(result->error().details().model, model);
  EXPECT_EQ(result->error().details().field, field);
  EXPECT_THAT(result->error().message(), HasSubstr(says));
  EXPECT_LE(result->error().details().value.size(), 100U);
  talk.expect_nothing();
}

TEST(LongKeys, OfTheItem) {
  Conversation talk;
  auto made = talk.create("User", {set(talk, "User", "userId", std::string(2047, 'x'))});
  expect_refused(talk, made, "User", "userId",
                 "2049 bytes with its prefix and tenant, and DynamoDB takes 2048");
  auto fits = talk.create("User", {set(talk, "User", "userId", std::string(2046, 'x'))});
  talk.expect_request("PutItem");
  talk.answer("{}");
  talk.expect_complete(fits);
}

TEST(LongKeys, OfAnIndex) {
  Conversation talk;
  auto made = talk.create("Post", {set(talk, "Post", "postId", "p1"), set(talk, "Post", "createdAt", 1),
                                   set(talk, "Post", "userId", std::string(2045, 'x'))});
  expect_refused(talk, made, "Post", "userId", "2052 bytes");
  auto changed = talk.update("Post", "p1", {set(talk, "Post", "userId", std::string(2045, 'x'))},
                             item_of(R"({"_pk":{"S":"p#p1"},"_sk":{"S":"p"},"postId":{"S":"p1"},)"
                                     R"("createdAt":{"N":"1"},"rank":{"N":"1"}})"));
  expect_refused(talk, changed, "Post", "userId", "2052 bytes");
}

TEST(LongKeys, OfAUniqueValue) {
  Conversation talk;
  auto made = talk.create(
      "User", {set(talk, "User", "userId", "1"), set(talk, "User", "email", std::string(3000, 'x'))});
  expect_refused(talk, made, "User", "email", "DynamoDB takes 2048");
  auto changed = talk.update("User", "1", {set(talk, "User", "email", std::string(3000, 'x'))},
                             item_of(R"({"_pk":{"S":"u#1"},"_sk":{"S":"u"},"userId":{"S":"1"}})"));
  expect_refused(talk, changed, "User", "email", "DynamoDB takes 2048");
}

}  // namespace
}  // namespace bao::scripted
