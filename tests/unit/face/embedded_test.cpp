#include <bao/embedded.hpp>

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "support/source_dir.hpp"
#include "support/temporary_folder.hpp"

// What docs/engine.md shows; a test below compares.
std::expected<std::string, std::string> count_a_visit() {
  auto engine = bao::embedded::Engine::open();  // in memory; {.file = "visits.db"} keeps the tables
  if (!engine) return std::unexpected(engine.error());
  const auto made = engine->handle("CreateTable", R"({"TableName": "visits", "BillingMode": "PAY_PER_REQUEST",
      "KeySchema": [{"AttributeName": "page", "KeyType": "HASH"}],
      "AttributeDefinitions": [{"AttributeName": "page", "AttributeType": "S"}]})");
  if (made.status != 200) return std::unexpected(made.body);

  const auto put =
      engine->put_item({.table = "visits",
                        .item = {{"page", "/"}, {"count", 1}, {"tags", bao::Value::StringSet{"start"}}},
                        .condition = "attribute_not_exists(page)"});
  if (!put) return std::unexpected(put.error().type + ": " + put.error().message);
  const auto got = engine->get_item({.table = "visits", .key = {{"page", "/"}}});
  if (!got || !got->item) return std::unexpected("no such page");
  return got->item->at("count").get_if<bao::Number>()->text;
}

namespace bao::embedded {
namespace {

constexpr const char* table = R"({"TableName":"visits","BillingMode":"PAY_PER_REQUEST",
    "KeySchema":[{"AttributeName":"page","KeyType":"HASH"}],
    "AttributeDefinitions":[{"AttributeName":"page","AttributeType":"S"}]})";

std::string text_of(const std::string& file) {
  std::ifstream in(testing_support::source_dir() + "/" + file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(EmbeddedEngine, DocumentedExampleIsTheOneThatRuns) {
  const auto counted = count_a_visit();
  ASSERT_TRUE(counted) << counted.error();
  EXPECT_EQ(*counted, "1");
  const std::string page = text_of("docs/engine.md");
  const std::string fence = "```cpp top\n#include <bao/embedded.hpp>\n\n";
  const std::size_t begin = page.find(fence);
  ASSERT_NE(begin, std::string::npos);
  const std::size_t code = begin + fence.size();
  const std::string shown = page.substr(code, page.find("```", code) - code);
  EXPECT_NE(text_of("tests/unit/face/embedded_test.cpp").find(shown), std::string::npos) << shown;
}

TEST(EmbeddedEngine, KeepsItsTablesInAFile) {
  const TemporaryFolder folder;
  const std::string file = (folder / "db").string();
  for (const Sync sync : {Sync::full, Sync::normal, Sync::off}) {
    const int number = static_cast<int>(sync);
    {
      auto engine = Engine::open({.file = file, .sync = sync});
      ASSERT_TRUE(engine) << engine.error();
      if (sync == Sync::full) ASSERT_EQ(engine->handle("CreateTable", table).status, 200);
      ASSERT_TRUE(engine->put_item({.table = "visits", .item = {{"page", "/"}, {"count", number}}}));
      EXPECT_TRUE(engine->settle());
      EXPECT_FALSE(Engine::open({.file = file}));  // it is in use
    }
    auto engine = Engine::open({.file = file});
    ASSERT_TRUE(engine) << engine.error();
    const auto got = engine->get_item({.table = "visits", .key = {{"page", "/"}}});
    ASSERT_TRUE(got && got->item);
    EXPECT_EQ(got->item->at("count"), Value(number));
  }
}

TEST(EmbeddedEngine, SaysWhyAFileCannotBeUsed) {
  const auto engine = Engine::open({.file = "/nowhere/db"});
  ASSERT_FALSE(engine);
  EXPECT_NE(engine.error().find("/nowhere/db"), std::string::npos);
}

TEST(EmbeddedEngine, TakesFaultsClockAndSweeps) {
  std::int64_t now_ms = 1'000'000;
  auto engine = Engine::open({.now_ms = [&now_ms] { return now_ms; }});
  ASSERT_TRUE(engine);
  ASSERT_EQ(engine->handle("CreateTable", table).status, 200);
  ASSERT_EQ(
      engine
          ->handle(
              "UpdateTimeToLive",
              R"({"TableName":"visits","TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})")
          .status,
      200);
  ASSERT_TRUE(engine->put_item({.table = "visits", .item = {{"page", "/"}, {"ttl", 2'000}}}));
  EXPECT_EQ(engine->sweep(100), 0U);
  now_ms = 3'000'000;
  EXPECT_EQ(engine->sweep(100), 1U);

  ASSERT_TRUE(
      engine->set_faults(R"({"rules":[{"fault":"drop_after","times":1},{"fault":"latency","delayMs":9}]})"));
  const auto lost = engine->put_item({.table = "visits", .item = {{"page", "/"}}});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().status, 0);
  EXPECT_EQ(lost.delay_ms, 9);
  const auto got = engine->get_item({.table = "visits", .key = {{"page", "/"}}});
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->item);
  EXPECT_EQ(engine->handle("ListTables", "{}").delay_ms, 9);
  ASSERT_TRUE(engine->set_faults("{}"));
  EXPECT_EQ(engine->handle("ListTables", "{}").delay_ms, 0);
  EXPECT_EQ(engine->set_faults(R"({"rules":[{}]})").error(), "Rule 1: \"fault\" is missing");
}

}  // namespace
}  // namespace bao::embedded
