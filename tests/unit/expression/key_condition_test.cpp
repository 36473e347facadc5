#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/expression/expression_model.hpp"

namespace bao::core {
namespace {

using Kind = SortKeyCondition::Kind;
using testing::HasSubstr;

std::string build(const char* index, const SortKeyCondition& sort) {
  Placeholders placeholders;
  const auto text = key_condition_expression(post(), *post().index(index), "PK", sort, placeholders);
  if (!text) return text.error().message();
  return *text + " | " + members(placeholders);
}

std::string expected(const std::string& sort, const std::string& gsi, const std::string& values) {
  return "#n0 = :v0 AND " + sort + R"( | {"ExpressionAttributeNames":{"#n0":"_)" + gsi + R"(_pk","#n1":"_)" +
         gsi + R"(_sk"},"ExpressionAttributeValues":{":v0":{"S":"PK"},)" + values + "}}";
}

TEST(KeyCondition, PartitionOnly) {
  EXPECT_EQ(
      build("byTitle", {}),
      R"(#n0 = :v0 | {"ExpressionAttributeNames":{"#n0":"_gsi1_pk"},"ExpressionAttributeValues":{":v0":{"S":"PK"}}})");
  Placeholders placeholders;
  const Index primary{.name = "primaryKey", .partition = post().partition_key(), .sort = post().sort_key()};
  EXPECT_EQ(key_condition_expression(post(), primary, "p#1", {}, placeholders).value(), "#n0 = :v0");
  EXPECT_EQ(members(placeholders),
            R"({"ExpressionAttributeNames":{"#n0":"_pk"},"ExpressionAttributeValues":{":v0":{"S":"p#1"}}})");
}

TEST(KeyCondition, EveryOperator) {
  const std::string x = R"(":v1":{"S":"x"})";
  EXPECT_EQ(build("byTitle", {Kind::eq, {"x"}, {}}), expected("#n1 = :v1", "gsi1", x));
  EXPECT_EQ(build("byTitle", {Kind::lt, {"x"}, {}}), expected("#n1 < :v1", "gsi1", x));
  EXPECT_EQ(build("byTitle", {Kind::le, {"x"}, {}}), expected("#n1 <= :v1", "gsi1", x));
  EXPECT_EQ(build("byTitle", {Kind::gt, {"x"}, {}}), expected("#n1 > :v1", "gsi1", x));
  EXPECT_EQ(build("byTitle", {Kind::ge, {"x"}, {}}), expected("#n1 >= :v1", "gsi1", x));
  EXPECT_EQ(build("byTitle", {Kind::begins_with, {"x"}, "title"}),
            expected("begins_with(#n1, :v1)", "gsi1", x));
  EXPECT_EQ(build("byTitle", {Kind::between, {"x", "y"}, "title"}),
            expected("#n1 BETWEEN :v1 AND :v2", "gsi1", x + R"(,":v2":{"S":"y"})"));
}

TEST(KeyCondition, OperandsBecomeKeyText) {
  EXPECT_EQ(build("byDate", {Kind::ge, {std::int64_t{1'700'000'000'000}}, {}}),
            expected("#n1 >= :v1", "gsi2", R"(":v1":{"S":"00000001700000000000"})"));
  EXPECT_EQ(build("byLikes", {Kind::between, {-1, 5}, {}}),
            expected("#n1 BETWEEN :v1 AND :v2", "gsi3",
                     R"(":v1":{"S":"-9999999999999999998"},":v2":{"S":"00000000000000000005"})"));
  EXPECT_EQ(build("byId", {Kind::begins_with, {"01H"}, {}}),
            expected("begins_with(#n1, :v1)", "gsi4", R"(":v1":{"S":"01H"})"));
}

// Which has no name of its own: queries by it come with none.
TEST(KeyCondition, RefusalsNameThePrimaryKey) {
  const Index primary{.name = {}, .partition = post().partition_key(), .sort = post().sort_key()};
  const auto refusal = [](const Index& index, const SortKeyCondition& sort) {
    Placeholders placeholders;
    const auto text = key_condition_expression(post(), index, "p#1", sort, placeholders);
    return text ? "none: " + *text : text.error().message();
  };
  EXPECT_EQ(refusal(primary, {Kind::eq, {"x"}, "title"}),
            "Field \"title\" is not the sort key for the primary key");
  EXPECT_EQ(refusal(primary, {Kind::eq, {"x"}, {}}), "Post: the primary key has no sort key field");
  Index sorted = *post().index("byTitle");
  sorted.name.clear();
  EXPECT_EQ(refusal(sorted, {Kind::eq, {"x"}, "likes"}),
            "Field \"likes\" is not the sort key for the primary key");
}

struct Refusal {
  const char* index;
  SortKeyCondition sort;
  ErrorCode code;
  const char* field;
  const char* says;
};

TEST(KeyCondition, Refusals) {
  const ErrorCode query = ErrorCode::query;
  const ErrorCode validation = ErrorCode::validation;
  const std::vector<Refusal> refusals{
      {"byTitle",
       {Kind::eq, {"x"}, "likes"},
       query,
       "likes",
       "Field \"likes\" is not the sort key for index \"byTitle\""},
      {"byTitle",
       {Kind::eq, {"x"}, "nope"},
       query,
       "nope",
       "Field \"nope\" is not the sort key for index \"byTitle\""},
      {"plain",
       {Kind::eq, {"x"}, "title"},
       query,
       "title",
       "Field \"title\" is not the sort key for index \"plain\""},
      {"plain", {Kind::eq, {"x"}, {}}, query, "", "index \"plain\" has no sort key field"},
      {"byTitle", {Kind::between, {"x"}, {}}, query, "title", "two values"},
      {"byTitle", {Kind::eq, {}, {}}, query, "title", "one value"},
      {"byTitle", {Kind::eq, {"x", "y"}, {}}, query, "title", "one value"},
      {"byLikes", {Kind::begins_with, {"1"}, {}}, query, "likes", "which IntegerField is not"},
      {"byDate", {Kind::begins_with, {"17"}, {}}, query, "at", "beginsWith"},
      {"byTitle", {Kind::eq, {""}, {}}, validation, "title", "empty"},
      {"byTitle", {Kind::begins_with, {""}, {}}, validation, "title", "empty"},
      {"byTitle", {Kind::eq, {nullptr}, {}}, validation, "title", "null"},
      {"byTitle", {Kind::eq, {5}, {}}, validation, "title", "string"},
      {"byLikes", {Kind::eq, {"five"}, {}}, validation, "likes", ""},
      {"byTitle", {Kind::between, {"y", "x"}, {}}, validation, "title", "above the second"},
      {"byLikes", {Kind::between, {5, -1}, {}}, validation, "likes", "above the second"},
      {"byId", {Kind::eq, {"a##__SK__##b"}, {}}, validation, "id", "##__SK__##"},
  };
  for (const Refusal& refusal : refusals) {
    Placeholders placeholders;
    const auto text =
        key_condition_expression(post(), *post().index(refusal.index), "PK", refusal.sort, placeholders);
    ASSERT_FALSE(text) << *text;
    EXPECT_EQ(text.error().code(), refusal.code) << text.error().message();
    EXPECT_EQ(text.error().details().model, "Post");
    EXPECT_EQ(text.error().details().field, refusal.field);
    if (refusal.code == query) EXPECT_EQ(text.error().details().index, refusal.index);
    EXPECT_THAT(text.error().message(), HasSubstr(refusal.says));
  }
}

}  // namespace
}  // namespace bao::core
