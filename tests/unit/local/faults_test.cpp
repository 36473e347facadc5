#include <algorithm>

#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

TEST(FaultPlan, IsReadFromJson) {
  const auto plan = parse_fault_plan(
      R"({"seed":7,"rules":[{"fault":"throttle","operation":"PutItem","probability":0.25,"skip":2,"times":3},{"fault":"latency","delayMs":20}]})");
  ASSERT_TRUE(plan.has_value()) << plan.error();
  EXPECT_EQ(plan->seed, 7U);
  ASSERT_EQ(plan->rules.size(), 2U);
  EXPECT_EQ(plan->rules[0].kind, FaultKind::throttle);
  EXPECT_EQ(plan->rules[0].operation, "PutItem");
  EXPECT_EQ(plan->rules[0].probability, 0.25);
  EXPECT_EQ(plan->rules[0].skip, 2U);
  EXPECT_EQ(plan->rules[0].times, 3U);
  EXPECT_EQ(plan->rules[1].delay_ms, 20);
}

TEST(FaultPlan, MistakesAreNamed) {
  const auto mistake = [](std::string json) { return parse_fault_plan(std::move(json)).error(); };
  EXPECT_EQ(mistake(R"({"rules":[{"fault":"flood"}]})"), "Rule 1: unknown fault \"flood\"");
  EXPECT_EQ(mistake(R"({"rules":[{"fault":"throttle"},{"fault":"throttle","operation":"PutItm"}]})"),
            "Rule 2: unknown operation \"PutItm\"");
  EXPECT_EQ(mistake(R"({"rules":[{"fault":"throttle","operation":""}]})"), "Rule 1: unknown operation \"\"");
  EXPECT_EQ(mistake(R"({"rules":[{"fault":"unprocessed","operation":"PutItem"}]})"),
            "Rule 1: the fault strikes no PutItem");
  EXPECT_EQ(mistake(R"({"rules":[{}]})"), "Rule 1: \"fault\" is missing");
  EXPECT_EQ(mistake(R"({"rules":[{"fault":"throttle","probability":2}]})"),
            "Rule 1: \"probability\" must be a number from 0 to 1");
  EXPECT_EQ(mistake(R"({"rules":[{"fault":"throttle","times":-1}]})"),
            "Rule 1: \"times\" must be a whole number, 0 or more");
  EXPECT_EQ(mistake(R"({"rules":[{"fault":"latency"}]})"), "Rule 1: \"delayMs\" is missing");
  EXPECT_EQ(mistake(R"({"rules":[{"fault":"throttle","often":1}]})"), "Rule 1: unknown member \"often\"");
  EXPECT_EQ(mistake(R"({"rule":[]})"), "Unknown member \"rule\"; a fault plan has \"seed\" and \"rules\"");
  EXPECT_EQ(mistake(R"({"seed":"x"})"), "\"seed\" must be a whole number, 0 or more");
  EXPECT_TRUE(mistake("{").starts_with("Not a fault plan in JSON: "));
}

class FaultsTest : public EngineTest {
 protected:
  void strike(FaultRule rule) { engine_.set_faults({.seed = 1, .rules = {std::move(rule)}}); }
  Answer put_a() {
    return engine_.handle("PutItem", R"({"TableName":"main","Item":)" +
                                         item("a", "1", R"("g1p":{"S":"x"},"g1s":{"N":"1"})") + "}");
  }
  std::string count_index() {
    return ok(
        "Query",
        R"({"TableName":"main","IndexName":"gsi1","Select":"COUNT","KeyConditionExpression":"g1p = :p","ExpressionAttributeValues":{":p":{"S":"x"}}})");
  }
};

// The plan's list of operations is the engine's.
TEST_F(FaultsTest, EveryOperationOfTheEngineMayBeStruckAndNoOther) {
  for (const std::string name : {"BatchGetItem",
                                 "BatchWriteItem",
                                 "CreateTable",
                                 "DeleteItem",
                                 "DeleteTable",
                                 "DescribeEndpoints",
                                 "DescribeLimits",
                                 "DescribeTable",
                                 "DescribeTimeToLive",
                                 "GetItem",
                                 "ListTables",
                                 "ListTagsOfResource",
                                 "PutItem",
                                 "Query",
                                 "Scan",
                                 "TagResource",
                                 "TransactGetItems",
                                 "TransactWriteItems",
                                 "UntagResource",
                                 "UpdateItem",
                                 "UpdateTable",
                                 "UpdateTimeToLive",
                                 "ExecuteStatement",
                                 "CreateBackup",
                                 "DescribeStream",
                                 "BatchExecuteStatement"}) {
    const bool served = engine_.handle(name, "{}").body.find("UnknownOperation") == std::string::npos;
    const auto plan = parse_fault_plan(R"({"rules":[{"fault":"throttle","operation":")" + name + R"("}]})");
    EXPECT_EQ(plan.has_value(), served) << name;
  }
}

TEST_F(FaultsTest, BeforeTheCommitNothingIsDone) {
  strike({.kind = FaultKind::throttle, .operation = "PutItem", .times = 1});
  EXPECT_NE(put_a().body.find("ProvisionedThroughputExceededException"), std::string::npos);
  EXPECT_EQ(get("a", "1"), "{}");
  EXPECT_EQ(put_a().status, 200);
  ok("DeleteItem", R"({"TableName":"main","Key":)" + item("a", "1") + "}");
  strike({.kind = FaultKind::error_before, .operation = "PutItem", .times = 1});
  EXPECT_EQ(put_a().status, 500);
  EXPECT_EQ(get("a", "1"), "{}");
  strike({.kind = FaultKind::drop_before, .operation = "PutItem", .times = 1});
  EXPECT_TRUE(put_a().dropped);
  EXPECT_EQ(get("a", "1"), "{}");
}

TEST_F(FaultsTest, AfterTheCommitAllIsDone) {
  strike({.kind = FaultKind::error_after, .operation = "PutItem", .times = 1});
  EXPECT_EQ(put_a().status, 500);
  EXPECT_NE(get("a", "1"), "{}");
  ok("DeleteItem", R"({"TableName":"main","Key":)" + item("a", "1") + "}");
  strike({.kind = FaultKind::drop_after, .operation = "PutItem", .times = 1});
  EXPECT_TRUE(put_a().dropped);
  EXPECT_NE(get("a", "1"), "{}");
}

TEST_F(FaultsTest, LatencySkipAndTimes) {
  strike({.kind = FaultKind::latency, .operation = "PutItem", .skip = 1, .times = 2, .delay_ms = 30});
  std::vector<std::int64_t> delays;
  for (int i = 0; i < 5; ++i) delays.push_back(put_a().delay_ms);
  EXPECT_EQ(delays, (std::vector<std::int64_t>{0, 30, 30, 0, 0}));
}

TEST_F(FaultsTest, TheSameSeedStrikesTheSameRequests) {
  const auto strikes = [](std::uint64_t seed) {
    Faults faults({.seed = seed, .rules = {{.kind = FaultKind::throttle, .probability = 0.3}}});
    std::string out;
    for (int i = 0; i < 200; ++i) out += faults.decide("GetItem").throttle ? '1' : '0';
    return out;
  };
  EXPECT_EQ(strikes(5), strikes(5));
  EXPECT_NE(strikes(5), strikes(6));
  const std::string once = strikes(5);
  const auto struck = std::count(once.begin(), once.end(), '1');
  EXPECT_GT(struck, 30);
  EXPECT_LT(struck, 90);
}

TEST_F(FaultsTest, BatchesLeaveWork) {
  put("k0", "1");
  strike({.kind = FaultKind::unprocessed});
  const std::string keys = item("k0", "1") + "," + item("k1", "1") + "," + item("k2", "1");
  EXPECT_EQ(
      ok("BatchGetItem", R"({"RequestItems":{"main":{"Keys":[)" + keys + R"(],"AttributesToGet":["pk"]}}})"),
      R"({"Responses":{"main":[{"pk":{"S":"k0"}}]},"UnprocessedKeys":{"main":{"Keys":[{"pk":{"S":"k2"},"sk":{"S":"1"}}],"AttributesToGet":["pk"]}}})");
  EXPECT_EQ(ok("BatchWriteItem", R"({"RequestItems":{"main":[{"PutRequest":{"Item":)" + item("b0", "1") +
                                     R"(}},{"DeleteRequest":{"Key":)" + item("k0", "1") + "}}]}}"),
            R"({"UnprocessedItems":{"main":[{"DeleteRequest":{"Key":{"pk":{"S":"k0"},"sk":{"S":"1"}}}}]}})");
  engine_.set_faults({});
  EXPECT_NE(get("b0", "1"), "{}");
  EXPECT_NE(get("k0", "1"), "{}");
}

TEST_F(FaultsTest, IndexesLagBehind) {
  put_a();
  now_ms_ += 1000;
  strike({.kind = FaultKind::stale_index, .delay_ms = 500});
  EXPECT_EQ(count_index(), R"({"Count":1,"ScannedCount":1})");
  put("b", "1", R"("g1p":{"S":"x"},"g1s":{"N":"0"})");
  ok("DeleteItem", R"({"TableName":"main","Key":)" + item("a", "1") + "}");
  // The state of half a second ago: a is there, b is not.
  EXPECT_EQ(
      ok("Query",
         R"({"TableName":"main","IndexName":"gsi1","KeyConditionExpression":"g1p = :p","ExpressionAttributeValues":{":p":{"S":"x"}},"ProjectionExpression":"pk"})"),
      R"({"Items":[{"pk":{"S":"a"}}],"Count":1,"ScannedCount":1})");
  now_ms_ += 501;
  EXPECT_EQ(
      ok("Query",
         R"({"TableName":"main","IndexName":"gsi1","KeyConditionExpression":"g1p = :p","ExpressionAttributeValues":{":p":{"S":"x"}},"ProjectionExpression":"pk"})"),
      R"({"Items":[{"pk":{"S":"b"}}],"Count":1,"ScannedCount":1})");
}

TEST(GsiDelay, ShowsThePastInOrderBothWays) {
  std::int64_t now_ms = 1'000'000;
  LocalEngine engine(make_memory_store(), {.now_ms = [&now_ms] { return now_ms; }, .gsi_delay_ms = 100});
  ASSERT_EQ(engine.handle("CreateTable", std::string(main_table)).status, 200);
  const auto put = [&](int sort, int place) {
    const std::string key = std::to_string(sort);
    (void)engine.handle("PutItem", R"({"TableName":"main","Item":{"pk":{"S":"p"},"sk":{"S":")" + key +
                                       R"("},"g1p":{"S":"x"},"g1s":{"N":")" + std::to_string(place) +
                                       "\"}}}");
  };
  const auto keys = [&](bool forward) {
    const std::string body =
        engine
            .handle(
                "Query",
                R"({"TableName":"main","IndexName":"gsi1","KeyConditionExpression":"g1p = :p","ExpressionAttributeValues":{":p":{"S":"x"}},"ProjectionExpression":"sk","ScanIndexForward":)" +
                    std::string(forward ? "true" : "false") + "}")
            .body;
    std::string out;
    for (std::size_t at = body.find(R"("sk":{"S":")"); at != std::string::npos;
         at = body.find(R"("sk":{"S":")", at + 1))
      out += body[at + 11];
    return out;
  };
  for (int i = 1; i <= 5; ++i) put(i, i * 10);
  EXPECT_EQ(keys(true), "");
  now_ms += 101;
  EXPECT_EQ(keys(true), "12345");
  // 3 moves to the end, 1 to the middle; 9 is new.
  put(3, 99);
  put(1, 35);
  put(9, 25);
  EXPECT_EQ(keys(true), "12345");
  EXPECT_EQ(keys(false), "54321");
  now_ms += 101;
  EXPECT_EQ(keys(true),
            "29145"
            "3");
  EXPECT_EQ(keys(false), "354192");
}

}  // namespace
}  // namespace bao::local
