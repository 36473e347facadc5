#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/expression/expression_model.hpp"

namespace bao::core {
namespace {

TEST(UpdateExpression, ClauseByClause) {
  Placeholders placeholders;
  UpdateExpression update(placeholders);
  EXPECT_TRUE(update.empty());
  EXPECT_EQ(update.text(), "");
  update.delete_members("tags", Value::StringSet{"old"});
  update.add("likes", 5);
  update.set("title", "x");
  update.remove("score");
  update.set("author", "u");
  update.add("views", 5);
  EXPECT_FALSE(update.empty());
  EXPECT_EQ(update.text(), "SET #n2 = :v2, #n4 = :v3 REMOVE #n3 ADD #n1 :v1, #n5 :v1 DELETE #n0 :v0");
  EXPECT_EQ(
      members(placeholders),
      R"({"ExpressionAttributeNames":{"#n0":"tags","#n1":"likes","#n2":"title","#n3":"score","#n4":"author",)"
      R"("#n5":"views"},"ExpressionAttributeValues":{":v0":{"SS":["old"]},":v1":{"N":"5"},":v2":{"S":"x"},)"
      R"(":v3":{"S":"u"}}})");
}

TEST(UpdateExpression, EachClauseAlone) {
  Placeholders placeholders;
  UpdateExpression remove(placeholders);
  remove.remove("a");
  EXPECT_FALSE(remove.empty());
  EXPECT_EQ(remove.text(), "REMOVE #n0");
  UpdateExpression add(placeholders);
  add.add("a", 1);
  EXPECT_FALSE(add.empty());
  EXPECT_EQ(add.text(), "ADD #n0 :v0");
  UpdateExpression drop(placeholders);
  drop.delete_members("b", Value::StringSet{"x"});
  EXPECT_FALSE(drop.empty());
  EXPECT_EQ(drop.text(), "DELETE #n1 :v1");
}

TEST(UpdateExpression, Paths) {
  Placeholders placeholders;
  UpdateExpression update(placeholders);
  update.set_path("meta", {"a.b", std::size_t{3}, "meta"}, "x");
  update.remove_path("parts", {std::size_t{12}});
  EXPECT_EQ(update.text(), "SET #n0.#n1[3].#n0 = :v0 REMOVE #n2[12]");
  EXPECT_EQ(members(placeholders), R"({"ExpressionAttributeNames":{"#n0":"meta","#n1":"a.b","#n2":"parts"},)"
                                   R"("ExpressionAttributeValues":{":v0":{"S":"x"}}})");
}

TEST(ProjectionExpression, AlwaysHasTheKeys) {
  Placeholders placeholders;
  EXPECT_EQ(projection_expression(post(), {"title", "likes", "title", "id"}, placeholders).value(),
            "#n0, #n1, #n2, #n3, #n4");
  EXPECT_EQ(members(placeholders),
            R"({"ExpressionAttributeNames":{"#n0":"_pk","#n1":"_sk","#n2":"id","#n3":"title",)"
            R"("#n4":"likes"}})");
  Placeholders none;
  EXPECT_EQ(projection_expression(post(), {}, none).value(), "#n0, #n1, #n2");
}

TEST(ProjectionExpression, RefusesUnknownFields) {
  Placeholders placeholders;
  const auto text = projection_expression(post(), {"title", "nope"}, placeholders);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code(), ErrorCode::query);
  EXPECT_EQ(text.error().details().model, "Post");
  EXPECT_EQ(text.error().details().field, "nope");
}

}  // namespace
}  // namespace bao::core
