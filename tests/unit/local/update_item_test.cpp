#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

class UpdateItem : public EngineTest {
 protected:
  static std::string body(std::string_view expression, std::string_view values,
                          std::string_view returned = "UPDATED_NEW") {
    return R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"UpdateExpression":")" +
           std::string(expression) + "\"" +
           (values.empty() ? "" : R"(,"ExpressionAttributeValues":{)" + std::string(values) + "}") +
           R"(,"ReturnValues":")" + std::string(returned) + "\"}";
  }
  std::string update(std::string_view expression, std::string_view values,
                     std::string_view returned = "UPDATED_NEW") {
    return ok("UpdateItem", body(expression, values, returned));
  }
  std::string refused(std::string_view expression, std::string_view values) {
    return invalid("UpdateItem", body(expression, values));
  }
};

TEST_F(UpdateItem, CreatesWhatIsNotThere) {
  EXPECT_EQ(update("SET v = :v", R"(":v":{"S":"x"})", "ALL_NEW"),
            R"({"Attributes":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"S":"x"}}})");
  EXPECT_EQ(ok("UpdateItem", R"({"TableName":"main","Key":{"pk":{"S":"b"},"sk":{"S":"1"}}})"), "{}");
  EXPECT_EQ(get("b", "1"), R"({"Item":{"pk":{"S":"b"},"sk":{"S":"1"}}})");
}

TEST_F(UpdateItem, ReturnValuesOfEveryKind) {
  put("a", "1", R"("v":{"N":"1"},"w":{"S":"w"},"m":{"M":{"x":{"S":"x"},"y":{"S":"y"}}})");
  EXPECT_EQ(update("SET v = :v, fresh = :v", R"(":v":{"N":"2"})", "UPDATED_OLD"),
            R"({"Attributes":{"v":{"N":"1"}}})");
  EXPECT_EQ(update("SET v = :v, m.x = :v", R"(":v":{"N":"3"})", "UPDATED_NEW"),
            R"({"Attributes":{"v":{"N":"3"},"m":{"M":{"x":{"N":"3"}}}}})");
  EXPECT_EQ(update("REMOVE w", "", "UPDATED_NEW"), "{}");
  EXPECT_EQ(
      update("REMOVE m.x", "", "ALL_OLD"),
      R"({"Attributes":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"3"},"m":{"M":{"x":{"N":"3"},"y":{"S":"y"}}},"fresh":{"N":"2"}}})");
  EXPECT_EQ(update("REMOVE fresh", "", "NONE"), "{}");
  EXPECT_EQ(get("a", "1"),
            R"({"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"3"},"m":{"M":{"y":{"S":"y"}}}}})");
}

TEST_F(UpdateItem, ArithmeticIsExact) {
  EXPECT_EQ(update("SET n = if_not_exists(n, :zero) + :one", R"(":zero":{"N":"0"},":one":{"N":"0.1"})"),
            R"({"Attributes":{"n":{"N":"0.1"}}})");
  EXPECT_EQ(update("SET n = n + :one", R"(":one":{"N":"0.2"})"), R"({"Attributes":{"n":{"N":"0.3"}}})");
  EXPECT_EQ(update("SET n = :big - n", R"(":big":{"N":"10000000000000000000000000000000000000"})"),
            R"({"Attributes":{"n":{"N":"9999999999999999999999999999999999999.7"}}})");
  EXPECT_EQ(refused("SET n = n + :x", R"(":x":{"N":"0.01"})"),
            "Attempting to store more than 38 significant digits in a Number");
  EXPECT_EQ(update("SET n = :x", R"(":x":{"N":"9e125"})"),
            R"({"Attributes":{"n":{"N":"9)" + std::string(125, '0') + R"("}}})");
  EXPECT_EQ(refused("SET n = n + n", ""),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(refused("SET q = absent + :x", R"(":x":{"N":"1"})"),
            "The provided expression refers to an attribute that does not exist in the item");
  EXPECT_EQ(refused("SET q = pk + :x", R"(":x":{"N":"1"})"),
            "An operand in the update expression has an incorrect data type");
}

TEST_F(UpdateItem, ListsGrowAndShrink) {
  update("SET l = :l", R"(":l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]})");
  EXPECT_EQ(update("SET l = list_append(l, :l)", R"(":l":{"L":[{"N":"3"}]})"),
            R"({"Attributes":{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"N":"3"}]}}})");
  EXPECT_EQ(update("SET l = list_append(:l, l)", R"(":l":{"L":[{"S":"front"}]})", "NONE"), "{}");
  // Indexes are those of the list as it was; those behind its end are appended in their order.
  update("SET l[9] = :b, l[7] = :a, l[1] = :c REMOVE l[0], l[3]",
         R"(":a":{"S":"a"},":b":{"S":"b"},":c":{"S":"c"})");
  EXPECT_EQ(
      get("a", "1"),
      R"({"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"l":{"L":[{"S":"c"},{"N":"1"},{"N":"3"},{"S":"a"},{"S":"b"}]}}})");
  EXPECT_EQ(refused("SET l = list_append(l, pk)", ""),
            "An operand in the update expression has an incorrect data type");
  update("REMOVE l[99]", "");
}

TEST_F(UpdateItem, NestedPathsNeedTheirParents) {
  update("SET m = :m", R"(":m":{"M":{"k":{"M":{}},"l":{"L":[{"M":{}}]}}})");
  update("SET m.k.x = :v, m.l[0].y = :v", R"(":v":{"N":"1"})");
  EXPECT_EQ(
      get("a", "1"),
      R"({"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"m":{"M":{"k":{"M":{"x":{"N":"1"}}},"l":{"L":[{"M":{"y":{"N":"1"}}}]}}}}})");
  for (const std::string_view path : {"nope.x", "m.nope.x", "m[0]", "m.l.x", "m.l[5].x", "m.k.x.z"}) {
    EXPECT_EQ(refused("SET " + std::string(path) + " = :v", R"(":v":{"N":"1"})"),
              "The document path provided in the update expression is invalid for update")
        << path;
  }
}

TEST_F(UpdateItem, ValuesLieInAtMost31Others) {
  const auto value = [](int depth) {
    std::string deep = R"({"S":"x"})";
    for (int i = 0; i < depth; ++i) deep = R"({"M":{"d":)" + deep + "}}";
    return "\":d\":" + deep;
  };
  const std::string too_deep =
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
      "supported limit";
  update("SET m = :m, l = :l", R"(":m":{"M":{"k":{"M":{}}}},":l":{"L":[]})");
  update("SET v = :d", value(31));
  EXPECT_EQ(refused("SET v = :d", value(32)),
            "ExpressionAttributeValues contains invalid value: " + too_deep + " for key :d");
  update("SET m.k.deep = :d", value(29));
  EXPECT_EQ(refused("SET m.k.deep = :d", value(30)), too_deep);
  update("SET l[0] = :d", value(30));
  EXPECT_EQ(refused("SET l[0] = :d", value(31)), too_deep);
  EXPECT_EQ(refused("SET m.k.deeper = l", ""), too_deep);
  update("SET twin = m.k.deep, l = list_append(l, l)", "");
}

TEST_F(UpdateItem, AddAndDelete) {
  EXPECT_EQ(update("ADD n :n, s :s", R"(":n":{"N":"5"},":s":{"SS":["b"]})"),
            R"({"Attributes":{"n":{"N":"5"},"s":{"SS":["b"]}}})");
  EXPECT_EQ(update("ADD n :n, s :s", R"(":n":{"N":"-7"},":s":{"SS":["a","b"]})"),
            R"({"Attributes":{"n":{"N":"-2"},"s":{"SS":["a","b"]}}})");
  EXPECT_EQ(update("DELETE s :s", R"(":s":{"SS":["a","zzz"]})"), R"({"Attributes":{"s":{"SS":["b"]}}})");
  EXPECT_EQ(update("DELETE s :s, never :s", R"(":s":{"SS":["b"]})", "ALL_NEW"),
            R"({"Attributes":{"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"-2"}}})");
  EXPECT_EQ(update("ADD ns :s", R"(":s":{"NS":["10","2"]})"), R"({"Attributes":{"ns":{"NS":["2","10"]}}})");
  EXPECT_EQ(refused("ADD pk2 :n, n :s", R"(":n":{"N":"1"},":s":{"SS":["x"]})"),
            "An operand in the update expression has an incorrect data type");
  EXPECT_EQ(refused("DELETE ns :s", R"(":s":{"SS":["2"]})"),
            "An operand in the update expression has an incorrect data type");
  EXPECT_EQ(get("a", "1"),
            R"({"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"-2"},"ns":{"NS":["2","10"]}}})");
}

TEST_F(UpdateItem, KeysStayAndIndexKeysAreChecked) {
  EXPECT_EQ(refused("SET sk = :v", R"(":v":{"S":"2"})"),
            "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part "
            "of the key");
  EXPECT_EQ(refused("SET g1s = :v", R"(":v":{"S":"2"})"),
            "One or more parameter values were invalid: Type mismatch for Index Key g1s Expected: N Actual: "
            "S IndexName: gsi1");
  EXPECT_EQ(
      invalid(
          "UpdateItem",
          R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ExpressionAttributeValues":{":v":{"S":"1"}}})"),
      "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and "
      "ConditionExpression are null");
  EXPECT_EQ(get("a", "1"), "{}");
}

}  // namespace
}  // namespace bao::local
