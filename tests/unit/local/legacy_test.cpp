#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

class Legacy : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    put("a", "1", R"("n":{"N":"5"},"s":{"S":"hello"},"ss":{"SS":["x","y"]})");
    put("a", "2", R"("n":{"N":"7"})");
  }
  static std::string put_body(std::string_view more) {
    return R"({"TableName":"main","Item":)" +
           item("a", "1", R"("n":{"N":"5"},"s":{"S":"hello"},"ss":{"SS":["x","y"]})") + "," +
           std::string(more) + "}";
  }
  static std::string expected(std::string_view condition) {
    return put_body(R"("Expected":)" + std::string(condition));
  }
  void holds(std::string_view condition) { ok("PutItem", expected(condition)); }
  void fails(std::string_view condition) {
    EXPECT_EQ(error("PutItem", expected(condition)),
              "ConditionalCheckFailedException: The conditional request failed");
  }
  std::string refused(std::string_view condition) { return invalid("PutItem", expected(condition)); }
  std::string update(std::string_view updates) {
    return ok("UpdateItem", R"({"TableName":"main","Key":)" + item("a", "1") +
                                R"(,"ReturnValues":"UPDATED_NEW","AttributeUpdates":)" +
                                std::string(updates) + "}");
  }
  std::string bad_update(std::string_view updates) {
    return invalid("UpdateItem", R"({"TableName":"main","Key":)" + item("a", "1") +
                                     R"(,"AttributeUpdates":)" + std::string(updates) + "}");
  }
};

TEST_F(Legacy, ExpectedHoldsOrFails) {
  holds(R"({"n":{"Value":{"N":"5"}}})");
  holds(R"({"n":{"Value":{"N":"5"},"Exists":true}})");
  holds(R"({"zz":{"Exists":false}})");
  fails(R"({"n":{"Exists":false}})");
  fails(R"({"n":{"Value":{"N":"6"}}})");
  const auto compared = [](std::string_view attribute, std::string_view comparison, std::string_view values) {
    return R"({")" + std::string(attribute) + R"(":{"ComparisonOperator":")" + std::string(comparison) +
           "\"" + (values.empty() ? "" : R"(,"AttributeValueList":[)" + std::string(values) + "]") + "}}";
  };
  holds(compared("n", "EQ", R"({"N":"5.0"})"));
  holds(compared("n", "NE", R"({"N":"6"})"));
  holds(compared("zz", "NE", R"({"N":"6"})"));
  fails(compared("n", "NE", R"({"N":"5"})"));
  holds(compared("n", "LT", R"({"N":"6"})"));
  fails(compared("n", "LT", R"({"S":"6"})"));
  holds(compared("n", "LE", R"({"N":"5"})"));
  holds(compared("n", "GE", R"({"N":"5"})"));
  fails(compared("n", "GT", R"({"N":"5"})"));
  holds(compared("n", "BETWEEN", R"({"N":"5"},{"N":"6"})"));
  holds(compared("n", "IN", R"({"N":"4"},{"N":"5"})"));
  fails(compared("n", "IN", R"({"N":"4"})"));
  holds(compared("s", "BEGINS_WITH", R"({"S":"he"})"));
  holds(compared("s", "CONTAINS", R"({"S":"ell"})"));
  holds(compared("ss", "CONTAINS", R"({"S":"x"})"));
  fails(compared("ss", "NOT_CONTAINS", R"({"S":"x"})"));
  holds(compared("ss", "NOT_CONTAINS", R"({"S":"z"})"));
  fails(compared("zz", "NOT_CONTAINS", R"({"S":"z"})"));
  holds(compared("n", "NOT_NULL", ""));
  holds(compared("zz", "NULL", ""));
  fails(compared("zz", "NOT_NULL", ""));
}

TEST_F(Legacy, ConditionsAreJoined) {
  ok("PutItem",
     put_body(R"("ConditionalOperator":"OR","Expected":{"n":{"Exists":false},"s":{"Value":{"S":"hello"}}})"));
  error("PutItem",
        put_body(
            R"("ConditionalOperator":"AND","Expected":{"n":{"Exists":false},"s":{"Value":{"S":"hello"}}})"));
  error("PutItem", put_body(R"("Expected":{"n":{"Exists":false},"s":{"Value":{"S":"hello"}}})"));
  EXPECT_EQ(invalid("PutItem", put_body(R"("ConditionalOperator":"OR")")),
            "ConditionalOperator cannot be used without Filter or Expected");
  EXPECT_EQ(invalid("PutItem", put_body(R"("ConditionalOperator":"OR","Expected":{"n":{"Exists":false}})")),
            "ConditionalOperator can only be used when Filter or Expected has two or more elements");
  EXPECT_EQ(invalid("PutItem", put_body(R"("ConditionalOperator":"XOR","Expected":{})")),
            "1 validation error detected: Value 'XOR' at 'conditionalOperator' failed to satisfy constraint: "
            "Member must satisfy enum value set: [OR, AND]");
}

TEST_F(Legacy, ExpectedRefusals) {
  constexpr std::string_view bad = "One or more parameter values were invalid: ";
  const auto detail = [&](std::string_view condition) {
    const std::string message = refused(condition);
    EXPECT_TRUE(message.starts_with(bad)) << message;
    return message.substr(bad.size());
  };
  EXPECT_EQ(detail(R"({"n":{}})"), "Value must be provided when Exists is null for Attribute: n");
  EXPECT_EQ(detail(R"({"n":{"Exists":true}})"),
            "Value must be provided when Exists is true for Attribute: n");
  EXPECT_EQ(detail(R"({"n":{"Exists":false,"Value":{"N":"1"}}})"),
            "Value cannot be used when Exists is false for Attribute: n");
  EXPECT_EQ(detail(R"({"n":{"Exists":true,"ComparisonOperator":"NULL"}})"),
            "Exists and ComparisonOperator cannot be used together for Attribute: n");
  EXPECT_EQ(detail(R"({"n":{"Value":{"N":"1"},"AttributeValueList":[{"N":"1"}],"ComparisonOperator":"EQ"}})"),
            "Value and AttributeValueList cannot be used together for Attribute: n");
  EXPECT_EQ(detail(R"({"n":{"AttributeValueList":[{"N":"1"}]}})"),
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: n");
  EXPECT_EQ(detail(R"({"n":{"ComparisonOperator":"GT"}})"),
            "Value or AttributeValueList must be used with ComparisonOperator: GT for Attribute: n");
  EXPECT_EQ(detail(R"({"n":{"ComparisonOperator":"GT","AttributeValueList":[]}})"),
            "Invalid number of argument(s) for the GT ComparisonOperator");
  EXPECT_EQ(detail(R"({"n":{"ComparisonOperator":"NULL","Value":{"N":"1"}}})"),
            "Invalid number of argument(s) for the NULL ComparisonOperator");
  EXPECT_EQ(detail(R"({"n":{"ComparisonOperator":"GT","Value":{"SS":["a"]}}})"),
            "ComparisonOperator GT is not valid for SS AttributeValue type");
  EXPECT_EQ(detail(R"({"n":{"ComparisonOperator":"BEGINS_WITH","Value":{"N":"1"}}})"),
            "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type");
  EXPECT_EQ(detail(R"({"n":{"ComparisonOperator":"IN","AttributeValueList":[{"N":"1"},{"S":"1"}]}})"),
            "AttributeValues inside AttributeValueList must be of same type");
  EXPECT_EQ(
      refused(R"({"n":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"2"},{"N":"1"}]}})"),
      "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
  EXPECT_NE(refused(R"({"n":{"ComparisonOperator":"FOO"}})")
                .find("Value 'FOO' at 'expected.n.member.comparisonOperator' failed"),
            std::string::npos);
  EXPECT_EQ(refused(R"({"":{"ComparisonOperator":"NULL"}})"), "Empty attribute name");
  EXPECT_EQ(refused(R"({"n":{"Value":{"SS":[]}}})"),
            "One or more parameter values were invalid: An string set  may not be empty");
}

TEST_F(Legacy, AttributeUpdates) {
  EXPECT_EQ(
      update(R"({"n":{"Action":"ADD","Value":{"N":"2"}},"s":{"Action":"DELETE"},"t":{"Value":{"S":"x"}}})"),
      R"({"Attributes":{"n":{"N":"7"},"t":{"S":"x"}}})");
  EXPECT_EQ(update(R"({"ss":{"Action":"DELETE","Value":{"SS":["x"]}}})"),
            R"({"Attributes":{"ss":{"SS":["y"]}}})");
  EXPECT_EQ(update(R"({"ss":{"Action":"ADD","Value":{"SS":["z"]}}})"),
            R"({"Attributes":{"ss":{"SS":["y","z"]}}})");
  EXPECT_EQ(update(R"({"l":{"Action":"ADD","Value":{"L":[{"N":"1"}]}}})"),
            R"({"Attributes":{"l":{"L":[{"N":"1"}]}}})");
  EXPECT_EQ(update(R"({"l":{"Action":"ADD","Value":{"L":[{"N":"2"}]}}})"),
            R"({"Attributes":{"l":{"L":[{"N":"1"},{"N":"2"}]}}})");
  EXPECT_EQ(
      get("a", "1"),
      R"({"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"7"},"ss":{"SS":["y","z"]},"t":{"S":"x"},"l":{"L":[{"N":"1"},{"N":"2"}]}}})");
  EXPECT_EQ(bad_update(R"({"l":{"Action":"ADD","Value":{"N":"2"}}})"),
            "Type mismatch for attribute to update");
  EXPECT_EQ(bad_update(R"({"n":{"Action":"DELETE","Value":{"SS":["x"]}}})"),
            "Type mismatch for attribute to update");
  EXPECT_EQ(bad_update(R"({"n":{"Action":"PUT"}})"),
            "One or more parameter values were invalid: Only DELETE action is allowed when no attribute "
            "value is specified");
  EXPECT_EQ(bad_update(R"({"n":{"Action":"ADD","Value":{"S":"x"}}})"),
            "One or more parameter values were invalid: ADD action is not supported for the type S");
  EXPECT_EQ(
      bad_update(R"({"n":{"Action":"DELETE","Value":{"S":"x"}}})"),
      "One or more parameter values were invalid: DELETE action with value is not supported for the type S");
  EXPECT_EQ(bad_update(R"({"pk":{"Value":{"S":"x"}}})"),
            "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part "
            "of the key");
  EXPECT_NE(
      bad_update(R"({"n":{"Action":"SWAP","Value":{"S":"x"}}})").find("'attributeUpdates.n.member.action'"),
      std::string::npos);
}

TEST_F(Legacy, QueriesAndScans) {
  const auto query = [](std::string_view sort, std::string_view more = "") {
    return R"({"TableName":"main","KeyConditions":{"pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]})" +
           std::string(sort.empty() ? "" : R"(,"sk":)") + std::string(sort) + "}" + std::string(more) + "}";
  };
  EXPECT_EQ(ok("Query", query(R"({"ComparisonOperator":"GT","AttributeValueList":[{"S":"1"}]})",
                              R"(,"AttributesToGet":["n"])")),
            R"({"Items":[{"n":{"N":"7"}}],"Count":1,"ScannedCount":1})");
  EXPECT_EQ(
      ok("Query", query("", R"(,"QueryFilter":{"s":{"ComparisonOperator":"NULL"}},"AttributesToGet":["n"])")),
      R"({"Items":[{"n":{"N":"7"}}],"Count":1,"ScannedCount":2})");
  EXPECT_EQ(invalid("Query", query(R"({"ComparisonOperator":"IN","AttributeValueList":[{"S":"1"}]})")),
            "Attempted conditional constraint is not an indexable operation");
  EXPECT_EQ(invalid("Query", query("", R"(,"QueryFilter":{"sk":{"ComparisonOperator":"NULL"}})")),
            "QueryFilter can only contain non-primary key attributes: Primary key attribute: sk");
  EXPECT_EQ(invalid("Query", R"({"TableName":"main","KeyConditions":{}})"),
            "Conditions can be of length 1 or 2 only");
  EXPECT_EQ(
      invalid(
          "Query",
          R"({"TableName":"main","KeyConditions":{"sk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"1"}]}}})"),
      "Query condition missed key schema element: pk");
  EXPECT_EQ(
      ok("Scan",
         R"({"TableName":"main","ScanFilter":{"n":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"6"}]}},"Select":"COUNT"})"),
      R"({"Count":1,"ScannedCount":2})");
  EXPECT_EQ(invalid("Scan", R"({"TableName":"main","AttributesToGet":["n"],"Select":"COUNT"})"),
            "Cannot specify the AttributesToGet when choosing to get only the Count");
  EXPECT_EQ(invalid("Scan", R"({"TableName":"main","AttributesToGet":["n","n"]})"),
            "One or more parameter values were invalid: Duplicate value in attribute name: n");
  EXPECT_NE(invalid("Scan", R"({"TableName":"main","AttributesToGet":[]})").find("at 'attributesToGet'"),
            std::string::npos);
  EXPECT_EQ(ok("BatchGetItem", R"({"RequestItems":{"main":{"Keys":[)" + item("a", "2") +
                                   R"(],"AttributesToGet":["n","zz"]}}})"),
            R"({"Responses":{"main":[{"n":{"N":"7"}}]},"UnprocessedKeys":{}})");
  EXPECT_EQ(ok("GetItem", R"({"TableName":"main","Key":)" + item("a", "2") + R"(,"AttributesToGet":["n"]})"),
            R"({"Item":{"n":{"N":"7"}}})");
}

}  // namespace
}  // namespace bao::local
