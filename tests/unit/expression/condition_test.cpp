#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/value/concat.hpp"
#include "unit/expression/expression_model.hpp"

namespace bao::core {
namespace {

using Kind = Condition::Kind;
using testing::HasSubstr;

/// "text | members", or "ErrorClass: message".
std::string build(const Condition& condition) {
  Placeholders placeholders;
  const Result<std::string> text = condition_expression(post(), condition, placeholders);
  if (!text) return std::string(error_class_name(text.error().code())) + ": " + text.error().message();
  return *text + " | " + members(placeholders);
}

std::string named(const std::string& text, const std::string& name, const std::string& values = "") {
  std::string all = text + R"( | {"ExpressionAttributeNames":{"#n0":")" + name + "\"}";
  if (!values.empty()) all += R"(,"ExpressionAttributeValues":{)" + values + "}";
  return all + "}";
}

TEST(ConditionExpression, EmptyAddsNothing) {
  EXPECT_EQ(build({}), " | {}");
  EXPECT_EQ(build(joined(Kind::all_of, {})), " | {}");
  EXPECT_EQ(build(joined(Kind::all_of, {{}, {}})), " | {}");
  EXPECT_EQ(build(joined(Kind::any_of, {equals("likes", 1), {}})), " | {}")
      << "one branch always holds: no placeholder of the others may be left";
}

TEST(ConditionExpression, Comparisons) {
  EXPECT_EQ(build(equals("title", "x")), named("#n0 = :v0", "title", R"(":v0":{"S":"x"})"));
  EXPECT_EQ(build(compare("likes", Comparison::ne, 3)), named("#n0 <> :v0", "likes", R"(":v0":{"N":"3"})"));
  EXPECT_EQ(build(compare("likes", Comparison::lt, 3)), named("#n0 < :v0", "likes", R"(":v0":{"N":"3"})"));
  EXPECT_EQ(build(compare("score", Comparison::le, 0.5)),
            named("#n0 <= :v0", "score", R"(":v0":{"N":"0.5"})"));
  EXPECT_EQ(build(compare("views", Comparison::gt, 3)), named("#n0 > :v0", "views", R"(":v0":{"N":"3"})"));
  EXPECT_EQ(build(compare("title", Comparison::ge, "m")), named("#n0 >= :v0", "title", R"(":v0":{"S":"m"})"));
  EXPECT_EQ(build(equals("live", true)), named("#n0 = :v0", "live", R"(":v0":{"BOOL":true})"));
  EXPECT_EQ(build(equals("data", Binary{std::byte{1}})), named("#n0 = :v0", "data", R"(":v0":{"B":"AQ=="})"));
  EXPECT_EQ(build(equals("tags", Value::StringSet{"a", "b"})),
            named("#n0 = :v0", "tags", R"(":v0":{"SS":["a","b"]})"));
  EXPECT_EQ(build(equals("author", "u1")), named("#n0 = :v0", "author", R"(":v0":{"S":"u1"})"));
  EXPECT_EQ(build(equals("_searchText", "x")), named("#n0 = :v0", "_searchText", R"(":v0":{"S":"x"})"));
}

TEST(ConditionExpression, OperandsAreEncodedByTheField) {
  EXPECT_EQ(build(compare("at", Comparison::lt, std::int64_t{1'700'000'000'123})),
            named("#n0 < :v0", "at", R"(":v0":{"N":"1700000000123"})"));
  EXPECT_EQ(build(compare("ttl", Comparison::lt, std::int64_t{1'700'000'000'000})),
            named("#n0 < :v0", "ttl", R"(":v0":{"N":"1700000000"})"))
      << "a TtlField is stored in seconds";
}

// Of 1.4 stars $lt has 1 and $gte has not, though no item can have 1.4; equal are those that would be stored
// so.
TEST(ConditionExpression, OrderIsByTheExactOperand) {
  for (const auto& [comparison, symbol] : {std::pair(Comparison::lt, "<"), std::pair(Comparison::le, "<="),
                                           std::pair(Comparison::gt, ">"), std::pair(Comparison::ge, ">=")}) {
    const std::string text = concat({"#n0 ", symbol, " :v0"});
    EXPECT_EQ(build(compare("stars", comparison, 1.4)), named(text, "stars", R"(":v0":{"N":"1.4"})"));
    EXPECT_EQ(build(compare("ttl", comparison, std::int64_t{1'700'000'000'500})),
              named(text, "ttl", R"(":v0":{"N":"1700000000.5"})"));
    EXPECT_EQ(build(compare("ttl", comparison, "1969-12-31T23:59:58.750Z")),
              named(text, "ttl", R"(":v0":{"N":"-1.25"})"));
  }
  EXPECT_EQ(build(test(Kind::between, "stars", {0.6, 0.8})),
            named("#n0 BETWEEN :v0 AND :v1", "stars", R"(":v0":{"N":"0.6"},":v1":{"N":"0.8"})"));
  EXPECT_EQ(build(equals("stars", 1.4)), named("#n0 = :v0", "stars", R"(":v0":{"N":"1"})"));
  EXPECT_EQ(build(compare("stars", Comparison::ne, 1.6)), named("#n0 <> :v0", "stars", R"(":v0":{"N":"2"})"));
  EXPECT_EQ(build(test(Kind::in, "stars", {1.4, 2.6})),
            named("#n0 IN (:v0, :v1)", "stars", R"(":v0":{"N":"1"},":v1":{"N":"3"})"));
  EXPECT_EQ(build(equals("ttl", std::int64_t{1'700'000'000'500})),
            named("#n0 = :v0", "ttl", R"(":v0":{"N":"1700000000"})"));
  EXPECT_THAT(build(compare("stars", Comparison::lt, "many")), HasSubstr("must be a number"));
  EXPECT_THAT(build(compare("ttl", Comparison::lt, true)), HasSubstr("must be a date"));
}

TEST(ConditionExpression, TextIsComparedAsItIs) {
  EXPECT_EQ(build(equals("title", "")), named("#n0 = :v0", "title", R"(":v0":{"S":""})"));
  EXPECT_EQ(build(equals("title", "longer than ten")),
            named("#n0 = :v0", "title", R"(":v0":{"S":"longer than ten"})"));
  EXPECT_EQ(build(compare("id", Comparison::gt, "01H")), named("#n0 > :v0", "id", R"(":v0":{"S":"01H"})"));
}

TEST(ConditionExpression, NullMeansNotThere) {
  EXPECT_EQ(build(equals("title", nullptr)), named("attribute_not_exists(#n0)", "title"));
  EXPECT_EQ(build(compare("likes", Comparison::ne, nullptr)), named("attribute_exists(#n0)", "likes"));
  EXPECT_EQ(build(equals("tags", Value::StringSet{})), named("attribute_not_exists(#n0)", "tags"));
  EXPECT_EQ(build(at_path(equals("meta", nullptr), {"a"})),
            R"(attribute_not_exists(#n0.#n1) OR #n0.#n1 = :v0 | {"ExpressionAttributeNames":)"
            R"({"#n0":"meta","#n1":"a"},"ExpressionAttributeValues":{":v0":{"NULL":true}}})");
  EXPECT_EQ(build(at_path(compare("meta", Comparison::ne, nullptr), {"a"})),
            R"(attribute_exists(#n0.#n1) AND #n0.#n1 <> :v0 | {"ExpressionAttributeNames":)"
            R"({"#n0":"meta","#n1":"a"},"ExpressionAttributeValues":{":v0":{"NULL":true}}})");
}

TEST(ConditionExpression, Functions) {
  EXPECT_EQ(build(test(Kind::exists, "likes", {})), named("attribute_exists(#n0)", "likes"));
  EXPECT_EQ(build(test(Kind::not_exists, "likes", {})), named("attribute_not_exists(#n0)", "likes"));
  EXPECT_EQ(build(test(Kind::begins_with, "title", {"ab"})),
            named("begins_with(#n0, :v0)", "title", R"(":v0":{"S":"ab"})"));
  EXPECT_EQ(build(test(Kind::begins_with, "data", {Binary{std::byte{1}}})),
            named("begins_with(#n0, :v0)", "data", R"(":v0":{"B":"AQ=="})"));
  for (const char* name : {"title", "tags", "parts", "_searchText"}) {
    EXPECT_EQ(build(test(Kind::contains, name, {"x"})),
              named("contains(#n0, :v0)", name, R"(":v0":{"S":"x"})"));
  }
  EXPECT_EQ(build(test(Kind::contains, "parts", {5})),
            named("contains(#n0, :v0)", "parts", R"(":v0":{"N":"5"})"));
  Condition size = test(Kind::size, "tags", {3});
  size.comparison = Comparison::ge;
  EXPECT_EQ(build(size), named("size(#n0) >= :v0", "tags", R"(":v0":{"N":"3"})"));
}

TEST(ConditionExpression, BetweenAndIn) {
  EXPECT_EQ(build(test(Kind::between, "likes", {-5, 10})),
            named("#n0 BETWEEN :v0 AND :v1", "likes", R"(":v0":{"N":"-5"},":v1":{"N":"10"})"));
  EXPECT_EQ(build(test(Kind::between, "likes", {7, 7})),
            named("#n0 BETWEEN :v0 AND :v0", "likes", R"(":v0":{"N":"7"})"));
  EXPECT_EQ(build(test(Kind::in, "title", {"a", "b", "a"})),
            named("#n0 IN (:v0, :v1, :v0)", "title", R"(":v0":{"S":"a"},":v1":{"S":"b"})"));
  EXPECT_EQ(build(test(Kind::in, "likes", {nullptr, 1})),
            named("attribute_not_exists(#n0) OR #n0 IN (:v0)", "likes", R"(":v0":{"N":"1"})"));
  EXPECT_EQ(build(test(Kind::in, "likes", {nullptr})), named("attribute_not_exists(#n0)", "likes"));
}

TEST(ConditionExpression, PathsIntoMapsAndLists) {
  EXPECT_EQ(build(at_path(compare("meta", Comparison::gt, 1), {"a.b", std::size_t{3}, "c"})),
            R"(#n0.#n1[3].#n2 > :v0 | {"ExpressionAttributeNames":{"#n0":"meta","#n1":"a.b","#n2":"c"},)"
            R"("ExpressionAttributeValues":{":v0":{"N":"1"}}})");
  EXPECT_EQ(build(at_path(test(Kind::exists, "parts", {}), {std::size_t{0}})),
            named("attribute_exists(#n0[0])", "parts"));
}

std::string text_of(const Condition& condition) {
  Placeholders placeholders;
  const auto text = condition_expression(post(), condition, placeholders);
  return text ? *text : text.error().message();
}

TEST(ConditionExpression, ParenthesesOnlyWherePartsJoin) {
  const Condition a = equals("likes", 1);
  const Condition b = equals("views", 2);
  const Condition c = equals("title", "x");
  const std::string x = "#n0 = :v0";
  EXPECT_EQ(text_of(joined(Kind::all_of, {a, b, c})), "#n0 = :v0 AND #n1 = :v1 AND #n2 = :v2");
  EXPECT_EQ(text_of(joined(Kind::any_of, {a, b})), "#n0 = :v0 OR #n1 = :v1");
  EXPECT_EQ(text_of(joined(Kind::all_of, {a, joined(Kind::any_of, {b, c})})),
            "#n0 = :v0 AND (#n1 = :v1 OR #n2 = :v2)");
  EXPECT_EQ(text_of(joined(Kind::any_of, {joined(Kind::all_of, {a, b}), c})),
            "(#n0 = :v0 AND #n1 = :v1) OR #n2 = :v2");
  EXPECT_EQ(text_of(joined(Kind::negated, {joined(Kind::any_of, {a, b})})), "NOT (#n0 = :v0 OR #n1 = :v1)");
  EXPECT_EQ(text_of(joined(Kind::negated, {joined(Kind::negated, {a})})), "NOT (NOT (#n0 = :v0))");
  // DynamoDB refuses "((a = b))".
  EXPECT_EQ(text_of(joined(Kind::all_of, {joined(Kind::any_of, {joined(Kind::all_of, {a})})})), x);
  EXPECT_EQ(text_of(joined(Kind::all_of, {{}, a, {}})), x);
  EXPECT_EQ(text_of(joined(Kind::all_of, {joined(Kind::all_of, {{}, joined(Kind::any_of, {a, b})}), c})),
            "(#n0 = :v0 OR #n1 = :v1) AND #n2 = :v2");
  EXPECT_EQ(text_of(joined(Kind::all_of, {test(Kind::in, "likes", {nullptr, 1}), b})),
            "(attribute_not_exists(#n0) OR #n0 IN (:v0)) AND #n1 = :v1");
  EXPECT_EQ(text_of(joined(Kind::negated, {at_path(equals("meta", nullptr), {"a"})})),
            "NOT (attribute_not_exists(#n0.#n1) OR #n0.#n1 = :v0)");
}

struct Refusal {
  Condition condition;
  ErrorCode code;
  const char* field;
  const char* says;
};

TEST(ConditionExpression, Refusals) {
  const ErrorCode query = ErrorCode::query;
  const ErrorCode validation = ErrorCode::validation;
  std::vector<PathStep> deep(33, PathStep("a"));
  const std::vector<Refusal> refusals{
      {equals("nope", 1), query, "nope", "no such field"},
      {joined(Kind::any_of, {{}, equals("nope", 1)}), query, "nope", "no such field"},
      {equals("_pk", "x"), query, "_pk", "no such field"},
      {test(Kind::compare, "likes", {}), query, "likes", "one value"},
      {test(Kind::compare, "likes", {1, 2}), query, "likes", "one value"},
      {test(Kind::between, "likes", {1}), query, "likes", "two values"},
      {test(Kind::exists, "likes", {true}), query, "likes", "no value"},
      {test(Kind::between, "likes", {2, 1}), validation, "likes", "above the second"},
      {test(Kind::between, "likes", {Number{"10"}, Number{"9"}}), validation, "likes", "above the second"},
      {test(Kind::between, "title", {"b", "a"}), validation, "title", "above the second"},
      {test(Kind::between, "live", {false, true}), query, "live", "no order"},
      {test(Kind::between, "title", {"a", nullptr}), validation, "title", "order"},
      {at_path(test(Kind::between, "meta", {1, "a"}), {"x"}), validation, "meta.x", "differ in type"},
      {test(Kind::in, "likes", {}), validation, "likes", "1 to 100"},
      {test(Kind::in, "likes", std::vector<Value>(101, Value(1))), validation, "likes", "1 to 100"},
      {test(Kind::in, "likes", {1, "x"}), validation, "likes", ""},
      {equals("title", 5), validation, "title", "must be a string"},
      {equals("_searchText", 5), validation, "_searchText", "must be a string"},
      {equals("likes", "many"), validation, "likes", ""},
      {equals("score", Number{"nan"}), validation, "score", ""},
      {equals("live", 1), validation, "live", ""},
      {compare("live", Comparison::lt, true), query, "live", "no order"},
      {compare("tags", Comparison::gt, Value::StringSet{"a"}), query, "tags", "no order"},
      {compare("likes", Comparison::gt, nullptr), validation, "likes", "order"},
      {test(Kind::contains, "likes", {1}), query, "likes", "contains works on"},
      {test(Kind::contains, "meta", {"a"}), query, "meta", "contains works on"},
      {test(Kind::contains, "title", {1}), validation, "title", "needs a string"},
      {test(Kind::contains, "data", {"a"}), validation, "data", "binary"},
      {test(Kind::contains, "parts", {Number{"inf"}}), validation, "parts", "not a number"},
      {test(Kind::begins_with, "likes", {"1"}), query, "likes", "beginsWith works on"},
      {test(Kind::begins_with, "title", {1}), validation, "title", "beginsWith"},
      {test(Kind::size, "title", {"3"}), validation, "title", "compared with a number"},
      {test(Kind::size, "likes", {3}), query, "likes", "no size"},
      {at_path(equals("title", "x"), {"a"}), query, "title.a", "only maps and lists"},
      {at_path(equals("_searchText", "x"), {"a"}), query, "_searchText.a", "only maps and lists"},
      {at_path(equals("meta", "x"), {std::size_t{0}}), query, "meta[0]", "by its key"},
      {at_path(equals("parts", "x"), {"a"}), query, "parts.a", "by its position"},
      {at_path(equals("meta", "x"), {"a", ""}), query, "meta.a[\"\"]", "empty"},
      {at_path(equals("meta", "x"), deep), query, nullptr, "32 steps"},
      {at_path(equals("meta", Value::List{Number{"x"}}), {"a"}), validation, "meta.a", "not a number"},
      {joined(Kind::any_of, {}), query, "", "at least one"},
      {joined(Kind::negated, {{}}), query, "", "never holds"},
      {joined(Kind::negated, {}), query, "", "exactly one"},
  };
  for (const Refusal& refusal : refusals) {
    Placeholders placeholders;
    const auto text = condition_expression(post(), refusal.condition, placeholders);
    ASSERT_FALSE(text) << *text;
    EXPECT_EQ(text.error().code(), refusal.code) << text.error().message();
    EXPECT_EQ(text.error().details().model, "Post");
    if (refusal.field != nullptr) EXPECT_EQ(text.error().details().field, refusal.field);
    EXPECT_THAT(text.error().message(), HasSubstr(refusal.says));
  }
}

TEST(ConditionExpression, DepthAndLengthAreLimited) {
  const auto nested = [](int levels) {
    Condition condition = equals("likes", 1);
    for (int i = 0; i < levels; ++i) condition = joined(Kind::negated, {std::move(condition)});
    return condition;
  };
  EXPECT_THAT(text_of(nested(50)), HasSubstr("NOT (NOT ("));
  EXPECT_THAT(text_of(nested(51)), HasSubstr("50 levels"));
  Condition chain{.kind = Kind::empty};
  for (int i = 0; i < 1000; ++i) chain = joined(Kind::all_of, {std::move(chain)});
  EXPECT_THAT(text_of(chain), HasSubstr("50 levels"));
  std::vector<Condition> many;
  for (int i = 0; i < 400; ++i) many.push_back(equals("likes", i));
  EXPECT_THAT(text_of(joined(Kind::any_of, many)), HasSubstr("4096 bytes"));
}

}  // namespace
}  // namespace bao::core
