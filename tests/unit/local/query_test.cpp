#include <set>

#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

class Query : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    for (const std::string_view sk : {"a", "aa", "ab", "b", "c"}) put("p", sk);
    put("q", "a");
  }

  /// The sort keys of the items in an answer, joined.
  static std::string sort_keys(std::string_view answer) {
    std::string out;
    constexpr std::string_view marker = R"("sk":{"S":")";
    const std::size_t end = answer.find("LastEvaluatedKey");
    for (std::size_t at = answer.find(marker); at < end; at = answer.find(marker, at + 1)) {
      const std::size_t start = at + marker.size();
      if (!out.empty()) out += ' ';
      out += answer.substr(start, answer.find('"', start) - start);
    }
    return out;
  }

  static std::string body(std::string_view condition, std::string_view values, std::string_view more = "") {
    return R"({"TableName":"main","KeyConditionExpression":")" + std::string(condition) +
           R"(","ExpressionAttributeValues":{)" + std::string(values) + "}" + (more.empty() ? "" : ",") +
           std::string(more) + "}";
  }
  std::string of_p(std::string_view condition, std::string_view values, std::string_view more = "") {
    return sort_keys(ok(
        "Query", body("pk = :p" + std::string(condition), R"(":p":{"S":"p"})" + std::string(values), more)));
  }
};

TEST_F(Query, SortKeyConditions) {
  EXPECT_EQ(of_p("", ""), "a aa ab b c");
  EXPECT_EQ(of_p("", "", R"("ScanIndexForward":false)"), "c b ab aa a");
  EXPECT_EQ(of_p(" AND sk = :s", R"(,":s":{"S":"aa"})"), "aa");
  EXPECT_EQ(of_p(" AND sk < :s", R"(,":s":{"S":"ab"})"), "a aa");
  EXPECT_EQ(of_p(" AND sk <= :s", R"(,":s":{"S":"ab"})"), "a aa ab");
  EXPECT_EQ(of_p(" AND sk > :s", R"(,":s":{"S":"ab"})"), "b c");
  EXPECT_EQ(of_p(" AND :s < sk", R"(,":s":{"S":"ab"})"), "b c");
  EXPECT_EQ(of_p(" AND sk >= :s", R"(,":s":{"S":"ab"})"), "ab b c");
  EXPECT_EQ(of_p(" AND sk BETWEEN :s AND :t", R"(,":s":{"S":"aa"},":t":{"S":"b"})"), "aa ab b");
  EXPECT_EQ(of_p(" AND begins_with(sk, :s)", R"(,":s":{"S":"a"})"), "a aa ab");
  EXPECT_EQ(of_p(" AND begins_with(sk, :s)", R"(,":s":{"S":"a"})", R"("ScanIndexForward":false)"), "ab aa a");
}

TEST_F(Query, PagesWithLimitAndStartKey) {
  for (const bool forward : {true, false}) {
    std::string seen;
    std::string start;
    for (int page = 0; page < 10; ++page) {
      const std::string answer = ok("Query", body("pk = :p", R"(":p":{"S":"p"})",
                                                  R"("Limit":2,"ScanIndexForward":)" +
                                                      std::string(forward ? "true" : "false") + start));
      if (!seen.empty()) seen += '|';
      seen += sort_keys(answer);
      const std::size_t last = answer.find(R"("LastEvaluatedKey":)");
      if (last == std::string::npos) break;
      start = R"(,"ExclusiveStartKey":)" + answer.substr(last + 19, answer.find("}}", last) + 2 - last - 19);
    }
    EXPECT_EQ(seen, forward ? "a aa|ab b|c" : "c b|ab aa|a");
  }
}

TEST_F(Query, FiltersCountWhatTheyExamine) {
  put("p", "b", R"("v":{"N":"1"})");
  EXPECT_EQ(
      ok("Query", body("pk = :p", R"(":p":{"S":"p"},":v":{"N":"1"})",
                       R"("FilterExpression":"v = :v","ReturnConsumedCapacity":"TOTAL")")),
      R"({"Items":[{"pk":{"S":"p"},"sk":{"S":"b"},"v":{"N":"1"}}],"Count":1,"ScannedCount":5,"ConsumedCapacity":{"TableName":"main","CapacityUnits":0.5}})");
  EXPECT_EQ(ok("Query", body("pk = :p", R"(":p":{"S":"p"})", R"("Select":"COUNT","Limit":3)")),
            R"({"Count":3,"ScannedCount":3,"LastEvaluatedKey":{"pk":{"S":"p"},"sk":{"S":"ab"}}})");
  EXPECT_EQ(ok("Query", body("pk = :p", R"(":p":{"S":"nobody"})")),
            R"({"Items":[],"Count":0,"ScannedCount":0})");
}

TEST_F(Query, PagesEndAtOneMegabyte) {
  const std::string big = R"("v":{"S":")" + std::string(300 * 1024, 'x') + "\"}";
  for (const std::string_view sk : {"1", "2", "3", "4", "5"}) put("big", sk, big);
  const std::string answer =
      ok("Query", body("pk = :p", R"(":p":{"S":"big"})",
                       R"("ProjectionExpression":"sk","ReturnConsumedCapacity":"TOTAL")"));
  EXPECT_EQ(sort_keys(answer), "1 2 3 4");
  EXPECT_NE(answer.find(R"("LastEvaluatedKey":{"pk":{"S":"big"},"sk":{"S":"4"}})"), std::string::npos);
  EXPECT_NE(answer.find(R"("CapacityUnits":150.5)"), std::string::npos) << answer;
}

TEST_F(Query, IndexesAreSparseOrderedAndProjected) {
  put("i", "1", R"("g1p":{"S":"g"},"g1s":{"N":"10"},"ip":{"S":"x"},"extra":{"S":"e"},"other":{"S":"o"})");
  put("i", "2", R"("g1p":{"S":"g"},"g1s":{"N":"-5"},"ip":{"S":"x"})");
  put("i", "3", R"("g1p":{"S":"g"},"g1s":{"N":"9"})");
  put("i", "4", R"("g1p":{"S":"g"})");
  const auto in_gsi1 = [&](std::string_view condition, std::string_view values) {
    return sort_keys(ok("Query", body("g1p = :g" + std::string(condition),
                                      R"(":g":{"S":"g"})" + std::string(values), R"("IndexName":"gsi1")")));
  };
  EXPECT_EQ(in_gsi1("", ""), "2 3 1");
  EXPECT_EQ(in_gsi1(" AND g1s > :n", R"(,":n":{"N":"-5"})"), "3 1");
  EXPECT_EQ(in_gsi1(" AND g1s BETWEEN :n AND :m", R"(,":n":{"N":"-5"},":m":{"N":"9"})"), "2 3");
  EXPECT_EQ(ok("Query", body("ip = :g", R"(":g":{"S":"x"})", R"("IndexName":"iter","Select":"COUNT")")),
            R"({"Count":2,"ScannedCount":2})");
  EXPECT_EQ(
      ok("Query", body("ip = :g AND sk = :s", R"(":g":{"S":"x"},":s":{"S":"1"})",
                       R"("IndexName":"part","ReturnConsumedCapacity":"INDEXES")")),
      R"({"Items":[{"pk":{"S":"i"},"sk":{"S":"1"},"ip":{"S":"x"},"extra":{"S":"e"}}],"Count":1,"ScannedCount":1,"ConsumedCapacity":)"
      R"({"TableName":"main","CapacityUnits":0.5,"Table":{"CapacityUnits":0.0},"GlobalSecondaryIndexes":{"part":{"CapacityUnits":0.5}}}})");
  // Moves and leaves with its keys.
  ok("UpdateItem",
     R"({"TableName":"main","Key":{"pk":{"S":"i"},"sk":{"S":"2"}},"UpdateExpression":"SET g1s = :n","ExpressionAttributeValues":{":n":{"N":"9.5"}}})");
  ok("UpdateItem",
     R"({"TableName":"main","Key":{"pk":{"S":"i"},"sk":{"S":"3"}},"UpdateExpression":"REMOVE g1p"})");
  EXPECT_EQ(in_gsi1("", ""), "2 1");
  ok("DeleteItem", R"({"TableName":"main","Key":{"pk":{"S":"i"},"sk":{"S":"1"}}})");
  EXPECT_EQ(in_gsi1("", ""), "2");
}

TEST_F(Query, RefusesWhatTheServiceRefuses) {
  const auto refused = [&](std::string_view condition, std::string_view values, std::string_view more = "") {
    return invalid("Query", body(condition, values, more));
  };
  const std::string_view v = R"(":v":{"S":"x"})";
  EXPECT_EQ(invalid("Query", R"({"TableName":"main"})"),
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  EXPECT_EQ(refused("sk = :v", v), "Query condition missed key schema element: pk");
  EXPECT_EQ(refused("pk = :v AND zz = :v", v), "Query condition missed key schema element: sk");
  EXPECT_EQ(refused("pk > :v", v), "Query key condition not supported");
  EXPECT_EQ(refused("begins_with(pk, :v)", v), "Query key condition not supported");
  EXPECT_EQ(refused("pk = :v OR sk = :v", v), "Invalid operator used in KeyConditionExpression: OR");
  EXPECT_EQ(refused("pk = :v AND sk <> :v", v), "Invalid operator used in KeyConditionExpression: <>");
  EXPECT_EQ(refused("pk = :v AND sk IN (:v)", v), "Invalid operator used in KeyConditionExpression: IN");
  EXPECT_EQ(refused("pk = :v AND contains(sk, :v)", v),
            "Invalid operator used in KeyConditionExpression: contains");
  EXPECT_EQ(refused("pk = :v AND NOT sk = :v", v), "Invalid operator used in KeyConditionExpression: NOT");
  EXPECT_EQ(refused("pk = :v AND pk = :v", v),
            "KeyConditionExpressions must only contain one condition per key");
  EXPECT_EQ(refused("pk = :v AND sk = :v AND zz = :v", v), "Conditions can be of length 1 or 2 only");
  EXPECT_EQ(refused("size(pk) = :v", v), "KeyConditionExpressions cannot contain nested operations");
  EXPECT_EQ(
      refused("pk.x = :v", v),
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk");
  EXPECT_EQ(refused("pk = :v", R"(":v":{"N":"1"})"),
            "One or more parameter values were invalid: Condition parameter type does not match schema type");
  EXPECT_EQ(refused("pk = :v", R"(":v":{"S":""})"),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
            "contain an empty string value. Key: pk");
  EXPECT_EQ(refused("pk = :v", v, R"("FilterExpression":"sk = :v")"),
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk");
  EXPECT_EQ(refused("pk = :v", v, R"("IndexName":"nope")"),
            "The table does not have the specified index: nope");
  EXPECT_EQ(refused("ip = :v", v, R"("IndexName":"iter","ConsistentRead":true)"),
            "Consistent reads are not supported on global secondary indexes");
  EXPECT_EQ(refused("ip = :v", v, R"("IndexName":"iter","Select":"ALL_ATTRIBUTES")"),
            "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for "
            "global secondary index iter because its projection type is not ALL");
  EXPECT_EQ(
      refused("ip = :v", v, R"("IndexName":"iter","ProjectionExpression":"pk, foo, bar")"),
      "One or more parameter values were invalid: Global secondary index iter does not project [foo, bar]");
  EXPECT_EQ(refused("pk = :v", v, R"("Select":"ALL_PROJECTED_ATTRIBUTES")"),
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  EXPECT_EQ(refused("pk = :v", v, R"("Select":"COUNT","ProjectionExpression":"pk")"),
            "Cannot specify the ProjectionExpression when choosing to get only the Count");
  EXPECT_EQ(
      refused("pk = :v", v, R"("Select":"SPECIFIC_ATTRIBUTES")"),
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  EXPECT_EQ(refused("pk = :v", v, R"("Limit":0)"),
            "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must "
            "have value greater than or equal to 1");
  EXPECT_EQ(refused("pk = :v", v, R"("ExclusiveStartKey":{"pk":{"S":"x"}})"),
            "The provided starting key is invalid: The provided key element does not match the schema");
  EXPECT_EQ(refused("pk = :v", v, R"("ExclusiveStartKey":{"pk":{"S":"y"},"sk":{"S":"1"}})"),
            "The provided starting key is outside query boundaries based on provided conditions");
}

TEST_F(Query, ScansSeeEverythingOnceInSegmentsAndPages) {
  for (int i = 0; i < 200; ++i) put("s" + std::to_string(i), "x");
  for (const int total : {1, 2, 3, 7}) {
    std::set<std::string> seen;
    std::size_t count = 0;
    for (int segment = 0; segment < total; ++segment) {
      std::string start;
      for (int page = 0; page < 100; ++page) {
        const std::string answer =
            ok("Scan", R"({"TableName":"main","Limit":17,"Segment":)" + std::to_string(segment) +
                           R"(,"TotalSegments":)" + std::to_string(total) + start + "}");
        const std::size_t last = answer.find(R"("LastEvaluatedKey":)");
        const std::string_view items = std::string_view(answer).substr(0, last);
        for (std::size_t at = items.find(R"({"pk":)"); at != std::string_view::npos;
             at = items.find(R"({"pk":)", at + 1)) {
          seen.insert(std::string(items.substr(at, items.find("}}", at) - at)));
          ++count;
        }
        if (last == std::string::npos) break;
        start =
            R"(,"ExclusiveStartKey":)" + answer.substr(last + 19, answer.find("}}", last) + 2 - last - 19);
      }
    }
    EXPECT_EQ(count, 206U) << total;
    EXPECT_EQ(seen.size(), 206U) << total;
  }
  EXPECT_EQ(invalid("Scan", R"({"TableName":"main","Segment":2,"TotalSegments":2})"),
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 "
            "is not less than TotalSegments: 2");
  EXPECT_EQ(invalid("Scan", R"({"TableName":"main","Segment":2})"),
            "The TotalSegments parameter is required but was not present in the request when Segment "
            "parameter is present");
  EXPECT_EQ(invalid("Scan", R"({"TableName":"main","TotalSegments":2})"),
            "The Segment parameter is required but was not present in the request when parameter "
            "TotalSegments is present");
  EXPECT_EQ(
      ok("Scan",
         R"({"TableName":"main","FilterExpression":"sk = :s","ExpressionAttributeValues":{":s":{"S":"ab"}},"Select":"COUNT"})"),
      R"({"Count":1,"ScannedCount":206})");
}

}  // namespace
}  // namespace bao::local
