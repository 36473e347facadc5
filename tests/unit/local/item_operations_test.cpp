#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

using ItemOperations = EngineTest;

TEST_F(ItemOperations, EveryTypeComesBackCanonical) {
  put("a", "1",
      R"("n":{"N":"+1.50e2"},"ns":{"NS":["10","9","-1.0"]},"ss":{"SS":["z","a"]},"bs":{"BS":["Ag==","AQ=="]},
                   "b":{"B":"AQID"},"t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true},"e":{"S":""},
                   "l":{"L":[{"S":"x\"\u00e9"},{"L":[]}]},"m":{"M":{"k":{"N":"0"},"o":{"M":{}}}})");
  EXPECT_EQ(
      get("a", "1"),
      R"({"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"n":{"N":"150"},"ns":{"NS":["-1","9","10"]},"ss":{"SS":["a","z"]},)"
      R"("bs":{"BS":["AQ==","Ag=="]},"b":{"B":"AQID"},"t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true},"e":{"S":""},)"
      "\"l\":{\"L\":[{\"S\":\"x\\\"\u00e9\"},{\"L\":[]}]},\"m\":{\"M\":{\"k\":{\"N\":\"0\"},\"o\":{\"M\":{}}}"
      "}}}");
  EXPECT_EQ(get("a", "2"), "{}");
}

TEST_F(ItemOperations, ReturnValuesOfAPutAndADelete) {
  EXPECT_EQ(
      ok("PutItem",
         R"({"TableName":"main","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"1"}},"ReturnValues":"ALL_OLD"})"),
      "{}");
  EXPECT_EQ(
      ok("PutItem",
         R"({"TableName":"main","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"2"}},"ReturnValues":"ALL_OLD"})"),
      R"({"Attributes":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"1"}}})");
  EXPECT_EQ(ok("DeleteItem",
               R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ReturnValues":"ALL_OLD"})"),
            R"({"Attributes":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"2"}}})");
  EXPECT_EQ(ok("DeleteItem",
               R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ReturnValues":"ALL_OLD"})"),
            "{}");
  EXPECT_EQ(
      invalid("PutItem",
              R"({"TableName":"main","Item":{"pk":{"S":"a"},"sk":{"S":"1"}},"ReturnValues":"ALL_NEW"})"),
      "ReturnValues can only be ALL_OLD or NONE");
}

TEST_F(ItemOperations, ConditionsDecideAndShowTheItemOnRequest) {
  put("a", "1", R"("v":{"N":"5"},"s":{"SS":["x","y"]},"l":{"L":[{"N":"1"},{"S":"q"}]},"t":{"S":"hello"})");
  const auto holds = [&](std::string_view condition, std::string_view values) {
    const std::string body =
        R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"UpdateExpression":"SET probe = :p","ConditionExpression":")" +
        std::string(condition) + R"(","ExpressionAttributeValues":{":p":{"N":"1"})" +
        (values.empty() ? "" : ",") + std::string(values) + "}}";
    const Answer answer = engine_.handle("UpdateItem", body);
    EXPECT_TRUE(answer.status == 200 || answer.body.find("ConditionalCheckFailed") != std::string::npos)
        << answer.body;
    return answer.status == 200;
  };
  EXPECT_TRUE(holds("v = :v", R"(":v":{"N":"5.0"})"));
  EXPECT_FALSE(holds("v = :v", R"(":v":{"S":"5"})"));
  EXPECT_TRUE(holds("v <> :v", R"(":v":{"S":"5"})"));
  EXPECT_TRUE(holds("absent <> :v", R"(":v":{"S":"5"})"));
  EXPECT_FALSE(holds("absent = :v", R"(":v":{"S":"5"})"));
  EXPECT_FALSE(holds("absent < :v", R"(":v":{"S":"5"})"));
  EXPECT_TRUE(holds("v < :v", R"(":v":{"N":"10"})"));
  EXPECT_FALSE(holds("v < :v", R"(":v":{"S":"a"})"));
  EXPECT_TRUE(holds("v >= :v AND v <= :v", R"(":v":{"N":"5"})"));
  EXPECT_TRUE(holds("v BETWEEN :a AND :b", R"(":a":{"N":"-3"},":b":{"N":"5"})"));
  EXPECT_FALSE(holds("NOT v BETWEEN :a AND :b", R"(":a":{"N":"-3"},":b":{"N":"5"})"));
  EXPECT_TRUE(holds("v IN (:a, :b)", R"(":a":{"S":"x"},":b":{"N":"5"})"));
  EXPECT_FALSE(holds("v IN (:a)", R"(":a":{"S":"x"})"));
  EXPECT_TRUE(holds("begins_with(t, :a) AND contains(t, :b)", R"(":a":{"S":"hel"},":b":{"S":"llo"})"));
  EXPECT_TRUE(holds("contains(s, :a) AND contains(l, :b) AND NOT contains(l, :a)",
                    R"(":a":{"S":"x"},":b":{"S":"q"})"));
  EXPECT_TRUE(holds("size(t) = :n AND size(s) < :n AND l[1] = :q", R"(":n":{"N":"5"},":q":{"S":"q"})"));
  EXPECT_FALSE(holds("size(v) = :n", R"(":n":{"N":"1"})"));
  EXPECT_TRUE(holds("attribute_type(s, :t) OR v = :t", R"(":t":{"S":"SS"})"));
  EXPECT_TRUE(
      holds("attribute_exists(l[1]) AND attribute_not_exists(l[2]) AND attribute_not_exists(v.x) ", ""));

  EXPECT_EQ(
      error(
          "DeleteItem",
          R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ConditionExpression":"attribute_not_exists(pk) "
})"),
      "ConditionalCheckFailedException: The conditional request failed");
  const Answer shown = engine_.handle(
      "PutItem",
      R"({"TableName":"main","Item":{"pk":{"S":"a"},"sk":{"S":"1"}},"ConditionExpression":"attribute_not_exists(pk) ","ReturnValuesOnConditionCheckFailure":"ALL_OLD"
  })");
  EXPECT_NE(shown.body.find(R"("Item":{"pk":{"S":"a"},"sk":{"S":"1"},"v":{"N":"5"})"), std::string::npos)
      << shown.body;
  EXPECT_NE(get("a", "1").find("hello"), std::string::npos);
}

TEST_F(ItemOperations, BindingsMustFitTheExpressions) {
  const auto with = [](std::string_view more) {
    return R"({"TableName":"main","Item":{"pk":{"S":"a"},"sk":{"S":"1"}})" +
           std::string(more.empty() ? "" : ",") + std::string(more) + "}";
  };
  EXPECT_EQ(invalid("PutItem", with(R"("ExpressionAttributeNames":{"#a":"a"})")),
            "ExpressionAttributeNames can only be specified when using expressions");
  EXPECT_EQ(invalid("PutItem", with(R"("ExpressionAttributeValues":{":a":{"S":"a"}})")),
            "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression "
            "is null");
  EXPECT_EQ(invalid("PutItem",
                    with(R"("ConditionExpression":"attribute_exists(a) ","ExpressionAttributeNames":{})")),
            "ExpressionAttributeNames must not be empty");
  EXPECT_EQ(invalid("PutItem",
                    with(R"("ConditionExpression":"attribute_exists(a) ","ExpressionAttributeValues":{})")),
            "ExpressionAttributeValues must not be empty");
  EXPECT_EQ(
      invalid("PutItem",
              with(R"("ConditionExpression":"attribute_exists(a) ","ExpressionAttributeNames":{"a":"b"})")),
      R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "a")");
  EXPECT_EQ(
      invalid("PutItem",
              with(R"("ConditionExpression":"attribute_exists(#a) ","ExpressionAttributeNames":{"#a":""})")),
      "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a");
  EXPECT_EQ(invalid("PutItem",
                    with(R"("ConditionExpression":"a = :a","ExpressionAttributeValues":{"a":{"S":"b"}})")),
            R"(ExpressionAttributeValues contains invalid key: Syntax error; key: "a")");
  EXPECT_EQ(invalid("PutItem",
                    with(R"("ConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"SS":[]}})")),
            "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An "
            "string set  may not be empty for key :a");
  EXPECT_EQ(
      invalid("PutItem",
              with(R"("ConditionExpression":"attribute_exists(a) ","ExpressionAttributeNames":{"#a":"a"})")),
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}");
  EXPECT_EQ(
      invalid(
          "PutItem",
          with(
              R"("ConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"S":"b"},":b":{"S":"b"},":c":{"S":"b"}})")),
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b, :c}");
  EXPECT_EQ(invalid("PutItem", with(R"("Expected":{},"ConditionExpression":"attribute_exists(a) ")")),
            "Can not use both expression and non-expression parameters in the same request: Non-expression "
            "parameters: {Expected} Expression parameters: {ConditionExpression}");
  EXPECT_EQ(get("a", "1"), "{}");
}

TEST_F(ItemOperations, BadValuesAreNamed) {
  const auto value = [&](std::string_view json) {
    return invalid("PutItem", R"({"TableName":"main","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"v":)" +
                                  std::string(json) + "}}");
  };
  EXPECT_EQ(value("{}"),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  EXPECT_EQ(value(R"({"X":"a"})"),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  EXPECT_EQ(value(R"({"S":"a","N":"1"})"),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
            "supported datatypes");
  EXPECT_EQ(
      value(R"({"NULL":false})"),
      "One or more parameter values were invalid: Null attribute value types must have the value of true");
  EXPECT_EQ(value(R"({"SS":[]})"),
            "One or more parameter values were invalid: An string set  may not be empty");
  EXPECT_EQ(value(R"({"NS":[]})"),
            "One or more parameter values were invalid: An number set  may not be empty");
  EXPECT_EQ(value(R"({"BS":[]})"),
            "One or more parameter values were invalid: Binary sets should not be empty");
  EXPECT_EQ(value(R"({"SS":["b","a","b"]})"),
            "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.");
  EXPECT_EQ(value(R"({"NS":["1","1.0"]})"), "Input collection contains duplicates");
  EXPECT_EQ(value(R"({"BS":["AQ==","AQ=="]})"),
            "One or more parameter values were invalid: Input collection [AQ==, AQ==]of type BS contains "
            "duplicates.");
  EXPECT_EQ(value(R"({"N":"abc"})"), "The parameter cannot be converted to a numeric value: abc");
  EXPECT_EQ(value(R"({"N":""})"), "The parameter cannot be converted to a numeric value");
  EXPECT_EQ(value(R"({"N":"123456789012345678901234567890123456789"})"),
            "Attempting to store more than 38 significant digits in a Number");
  EXPECT_EQ(value(R"({"N":"1e126"})"),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(value(R"({"N":"1e-131"})"),
            "Number underflow. Attempting to store a number with magnitude smaller than supported range");
  EXPECT_EQ(error("PutItem", R"({"TableName":"main","Item":{"pk":{"S":5}}})"),
            "SerializationException: NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(error("PutItem", R"({"TableName":"main","Item":{"pk":{"S":"a"},"pk":{"S":"b"}}})"),
            "SerializationException: An attribute name appears twice in one map");
  EXPECT_EQ(error("PutItem", R"({"TableName":"main","Item":{"pk":{"B":"!"}}})"),
            R"(SerializationException: "!" can not be converted to a Blob)");
}

std::string nested(int depth, std::string_view open, std::string_view leaf, std::string_view close) {
  std::string value(leaf);
  for (int i = 0; i < depth; ++i) value = std::string(open) + value + std::string(close);
  return value;
}

TEST_F(ItemOperations, ValuesLieInAtMost31Others) {
  constexpr std::string_view too_deep =
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
      "supported limit";
  const auto body = [&](const std::string& value) {
    return R"({"TableName":"main","Item":)" + item("a", "1", "\"v\":" + value) + "}";
  };
  for (const std::string_view leaf :
       {R"({"S":"x"})", R"({"NULL":true})", R"({"NS":["1"]})", R"({"L":[]})", R"({"M":{}})"}) {
    for (const auto& [open, close] : {std::pair{R"({"L":[)", "]}"}, std::pair{R"({"M":{"m":)", "}}"}}) {
      ok("PutItem", body(nested(31, open, leaf, close)));
      EXPECT_EQ(invalid("PutItem", body(nested(32, open, leaf, close))), too_deep) << leaf;
      EXPECT_EQ(invalid("PutItem", body(nested(33, open, leaf, close))), too_deep) << leaf;
    }
  }
}

TEST_F(ItemOperations, AttributeNamesHave1To65535Bytes) {
  constexpr std::string_view empty = "Empty attribute name";
  constexpr std::string_view too_long = "Attribute name is too large, must be less than 65536 bytes";
  for (const auto& [name, mistake] :
       {std::pair{std::string(), empty}, std::pair{std::string(65536, 'n'), too_long}}) {
    const std::string member = "\"" + name + R"(":{"S":"x"})";
    const std::string table_and_key = R"({"TableName":"main","Key":)" + item("a", "1");
    for (const std::string& attribute :
         {member, R"("m":{"M":{)" + member + "}}", R"("m":{"L":[{"M":{)" + member + "}}]}"}) {
      const std::string request = R"({"TableName":"main","Item":)" + item("a", "1", attribute) + "}";
      EXPECT_EQ(invalid("PutItem", request), mistake) << name.size();
      EXPECT_EQ(invalid("TransactWriteItems", R"({"TransactItems":[{"Put":)" + request + "}]}"), mistake);
      EXPECT_EQ(invalid("BatchWriteItem", R"({"RequestItems":{"main":[{"PutRequest":{"Item":)" +
                                              item("a", "1", attribute) + "}}]}}"),
                mistake);
    }
    EXPECT_EQ(invalid("GetItem", R"({"TableName":"main","Key":)" + item("a", "1", member) + "}"), mistake);
    EXPECT_EQ(invalid("UpdateItem",
                      table_and_key +
                          R"(,"UpdateExpression":"SET a = :v","ExpressionAttributeValues":{":v":{"M":{)" +
                          member + "}}}}"),
              "ExpressionAttributeValues contains invalid value: " + std::string(mistake) + " for key :v");
    EXPECT_EQ(
        invalid("UpdateItem", table_and_key +
                                  R"(,"UpdateExpression":"REMOVE #n","ExpressionAttributeNames":{"#n":")" +
                                  name + "\"}}"),
        "ExpressionAttributeNames contains invalid value: " + std::string(mistake) + " for key #n");
    EXPECT_EQ(invalid("UpdateItem", table_and_key + R"(,"AttributeUpdates":{")" + name +
                                        R"(":{"Action":"PUT","Value":{"S":"x"}}}})"),
              mistake);
    EXPECT_EQ(invalid("DeleteItem", table_and_key + R"(,"Expected":{")" + name + R"(":{"Exists":false}}})"),
              mistake);
  }
  EXPECT_EQ(get("a", "1"), "{}");
  const std::string longest(65535, 'n');
  put("a", "1", "\"" + longest + R"(":{"M":{")" + longest + R"(":{"S":"x"}}})");
  ok("UpdateItem", R"({"TableName":"main","Key":)" + item("a", "1") +
                       R"(,"UpdateExpression":"REMOVE #n","ExpressionAttributeNames":{"#n":")" + longest +
                       "\"}}");
  EXPECT_EQ(get("a", "1"), R"({"Item":{"pk":{"S":"a"},"sk":{"S":"1"}}})");
}

TEST_F(ItemOperations, PlaceholdersHaveAtMost255Bytes) {
  const std::string key = R"({"TableName":"main","Key":)" + item("a", "1");
  for (const std::size_t size : {255U, 256U, 257U}) {
    const std::string text(size - 1, 'p');
    const std::string names = key + R"(,"UpdateExpression":"REMOVE #)" + text +
                              R"(","ExpressionAttributeNames":{"#)" + text + R"(":"n"}})";
    const std::string values = key + R"(,"UpdateExpression":"SET v = :)" + text +
                               R"(","ExpressionAttributeValues":{":)" + text + R"(":{"S":"x"}}})";
    if (size == 255) {
      ok("UpdateItem", names);
      ok("UpdateItem", values);
      continue;
    }
    const std::string mistake =
        " contains invalid key: The expression attribute map contains a key that is too long; size of key: " +
        std::to_string(size);
    EXPECT_EQ(invalid("UpdateItem", names), "ExpressionAttributeNames" + mistake);
    EXPECT_EQ(invalid("UpdateItem", values), "ExpressionAttributeValues" + mistake);
  }
}

TEST_F(ItemOperations, KeysMustFitTheSchemaAndTheLimits) {
  const auto putting = [&](std::string_view item) {
    return invalid("PutItem", R"({"TableName":"main","Item":)" + std::string(item) + "}");
  };
  EXPECT_EQ(putting(R"({"sk":{"S":"1"}})"),
            "One or more parameter values were invalid: Missing the key pk in the item");
  EXPECT_EQ(putting(R"({"pk":{"S":"1"}})"),
            "One or more parameter values were invalid: Missing the key sk in the item");
  EXPECT_EQ(putting(R"({"pk":{"N":"1"},"sk":{"S":"1"}})"),
            "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N");
  EXPECT_EQ(putting(R"({"pk":{"S":""},"sk":{"S":"1"}})"),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
            "contain an empty string value. Key: pk");
  EXPECT_EQ(putting(item("a", "1", R"("g1s":{"S":"x"})")),
            "One or more parameter values were invalid: Type mismatch for Index Key g1s Expected: N "
            "Actual: S IndexName: gsi1");
  EXPECT_EQ(putting(item("a", "1", R"("ip":{"S":""})")),
            "One or more parameter values are not valid. A value specified for a secondary index key is "
            "not supported. The AttributeValue for a key attribute cannot contain an empty string value. "
            "IndexName: iter, IndexKey: ip");
  put(std::string(2048, 'p'), std::string(1024, 's'));
  EXPECT_NE(get(std::string(2048, 'p'), std::string(1024, 's')), "{}");
  EXPECT_EQ(putting(item(std::string(2049, 'p'), "1")),
            "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
            "limit of2048 bytes");
  EXPECT_EQ(putting(item("a", std::string(1025, 's'))),
            "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the "
            "size limit of 1024 bytes");
  for (const std::string_view key : {R"({"pk":{"S":"a"}})", R"({"pk":{"S":"a"},"sk":{"N":"1"}})",
                                     R"({"pk":{"S":"a"},"sk":{"S":"1"},"x":{"S":"1"}})", "{}"}) {
    EXPECT_EQ(invalid("GetItem", R"({"TableName":"main","Key":)" + std::string(key) + "}"),
              "The provided key element does not match the schema");
  }
  // 400 KB counts names as well: pk, sk, v and their values.
  const std::size_t rest = 400 * 1024 - (2 + 1) - (2 + 1) - 1;
  put("a", "1", R"("v":{"S":")" + std::string(rest, 'x') + "\"}");
  EXPECT_EQ(putting(item("a", "1", R"("v":{"S":")" + std::string(rest + 1, 'x') + "\"}")),
            "Item size has exceeded the maximum allowed size");
  EXPECT_EQ(
      invalid(
          "UpdateItem",
          R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"UpdateExpression":"SET w = :w","ExpressionAttributeValues":{":w":{"NULL":true}}})"),
      "Item size to update has exceeded the maximum allowed size");
}

TEST_F(ItemOperations, ValidationComesInTheServicesOrder) {
  EXPECT_EQ(invalid("GetItem", "{}"),
            "2 validation errors detected: Value null at 'key' failed to satisfy constraint: Member must "
            "not be null; Value null at 'tableName' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(
      invalid("PutItem", R"({"TableName":"a b","Item":{},"ReturnValues":"X"})"),
      "2 validation errors detected: Value 'a b' at 'tableName' failed to satisfy constraint: Member must "
      "satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value 'X' at 'returnValues' failed to satisfy "
      "constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]");
  EXPECT_EQ(invalid("GetItem", R"({"TableName":"ab","Key":{}})"),
            "TableName must be at least 3 characters long and at most 255 characters long");
  EXPECT_EQ(error("GetItem", R"({"TableName":"nope","Key":{}})"),
            "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(invalid("PutItem", R"({"TableName":"nope","Item":{"v":{"N":"x"}}})"),
            "The parameter cannot be converted to a numeric value: x");
  EXPECT_EQ(error("GetItem", R"({"TableName":5})"),
            "SerializationException: NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(error("GetItem", "{"),
            "SerializationException: The request is not well-formed JSON: unexpected end at offset 1");
  EXPECT_EQ(error("Nonsense", "{}"), "UnknownOperationException: ");
  const std::string body =
      R"({"TableName":"main","Item":{"pk":{"S":"a"},"sk":{"S":"1"},"l":{"L":[{"N":"1"},{"M":{"x":{"SS":["q"]}}}]}}})";
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_NE(engine_.handle("PutItem", body.substr(0, size)).status, 200) << size;
  }
}

TEST_F(ItemOperations, ProjectionsPickPaths) {
  put("a", "1", R"("m":{"M":{"x":{"N":"1"},"y":{"L":[{"S":"0"},{"S":"1"},{"S":"2"}]}}},"o":{"S":"o"})");
  EXPECT_EQ(
      ok("GetItem",
         R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ProjectionExpression":"#o, m.y[2], m.y[0], nope.x","ExpressionAttributeNames":{"#o":"o"}})"),
      R"({"Item":{"m":{"M":{"y":{"L":[{"S":"0"},{"S":"2"}]}}},"o":{"S":"o"}}})");
  EXPECT_EQ(ok("GetItem",
               R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ProjectionExpression":"nope"})"),
            R"({"Item":{}})");
}

TEST_F(ItemOperations, CapacityFollowsThePublishedRules) {
  const auto put_capacity = [&](std::string_view more) {
    return ok("PutItem", R"({"TableName":"main","ReturnConsumedCapacity":"INDEXES","Item":)" +
                             item("a", "1", more) + "}");
  };
  EXPECT_EQ(put_capacity(""),
            R"({"ConsumedCapacity":{"TableName":"main","CapacityUnits":1.0,"Table":{"CapacityUnits":1.0}}})");
  EXPECT_EQ(
      put_capacity(R"("g1p":{"S":"g"},"g1s":{"N":"1"})"),
      R"({"ConsumedCapacity":{"TableName":"main","CapacityUnits":2.0,"Table":{"CapacityUnits":1.0},"GlobalSecondaryIndexes":{"gsi1":{"CapacityUnits":1.0}}}})");
  // Nothing changes in the index; then its key; then it goes.
  EXPECT_EQ(put_capacity(R"("g1p":{"S":"g"},"g1s":{"N":"1"})"),
            R"({"ConsumedCapacity":{"TableName":"main","CapacityUnits":1.0,"Table":{"CapacityUnits":1.0}}})");
  EXPECT_EQ(
      put_capacity(R"("g1p":{"S":"g"},"g1s":{"N":"2"})"),
      R"({"ConsumedCapacity":{"TableName":"main","CapacityUnits":3.0,"Table":{"CapacityUnits":1.0},"GlobalSecondaryIndexes":{"gsi1":{"CapacityUnits":2.0}}}})");
  EXPECT_EQ(
      put_capacity(R"("big":{"S":")" + std::string(4096, 'x') + "\"}"),
      R"({"ConsumedCapacity":{"TableName":"main","CapacityUnits":6.0,"Table":{"CapacityUnits":5.0},"GlobalSecondaryIndexes":{"gsi1":{"CapacityUnits":1.0}}}})");
  EXPECT_EQ(
      ok("GetItem",
         R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ProjectionExpression":"pk","ReturnConsumedCapacity":"TOTAL"})"),
      R"({"Item":{"pk":{"S":"a"}},"ConsumedCapacity":{"TableName":"main","CapacityUnits":1.0}})");
  EXPECT_EQ(
      ok("GetItem",
         R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ProjectionExpression":"pk","ConsistentRead":true,"ReturnConsumedCapacity":"TOTAL"})"),
      R"({"Item":{"pk":{"S":"a"}},"ConsumedCapacity":{"TableName":"main","CapacityUnits":2.0}})");
  EXPECT_EQ(
      ok("GetItem",
         R"({"TableName":"main","Key":{"pk":{"S":"a"},"sk":{"S":"2"}},"ReturnConsumedCapacity":"TOTAL"})"),
      R"({"ConsumedCapacity":{"TableName":"main","CapacityUnits":0.5}})");
  // Overwriting a large item with a small one costs the large one.
  EXPECT_EQ(put_capacity(""),
            R"({"ConsumedCapacity":{"TableName":"main","CapacityUnits":5.0,"Table":{"CapacityUnits":5.0}}})");
}

}  // namespace
}  // namespace bao::local
