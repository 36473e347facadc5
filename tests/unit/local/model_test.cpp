#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "unit/local/engine_fixture.hpp"

namespace bao::local {
namespace {

/// Random puts, updates and deletes beside a plain map; after each, a query that must agree.
class AgainstAModel : public EngineTest {
 protected:
  struct Item {
    int value = 0;
    int index_sort = 0;
    bool indexed = false;
  };
  using Key = std::pair<std::string, std::string>;

  static std::string json(const Key& key, const Item& stored) {
    std::string more = R"("v":{"N":")" + std::to_string(stored.value) + "\"}";
    if (stored.indexed)
      more += R"(,"g1p":{"S":"g"},"g1s":{"N":")" + std::to_string(stored.index_sort) + "\"}";
    return item(key.first, key.second, more);
  }
};

TEST_F(AgainstAModel, TableAndIndexFollowEveryWrite) {
  const std::uint64_t seed = 20'261'123;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::map<Key, Item> model;
  const auto below = [&](std::uint64_t limit) { return static_cast<int>(random() % limit); };
  for (int step = 0; step < 4000; ++step) {
    const Key key{std::string(1, static_cast<char>('a' + below(4))),
                  std::string(static_cast<std::size_t>(1 + below(3)), static_cast<char>('a' + below(6)))};
    const int action = below(10);
    if (action < 6) {
      const Item stored{below(100), below(40) - 20, below(2) == 0};
      const bool must_be_new = below(4) == 0;
      const Answer answer = engine_.handle(
          "PutItem", R"({"TableName":"main","Item":)" + json(key, stored) +
                         (must_be_new ? R"(,"ConditionExpression":"attribute_not_exists(pk) "})" : "}"));
      const bool expected = !must_be_new || !model.contains(key);
      ASSERT_EQ(answer.status == 200, expected) << step << answer.body;
      if (expected) model[key] = stored;
    } else if (action < 8) {
      ok("DeleteItem", R"({"TableName":"main","Key":)" + item(key.first, key.second) + "}");
      model.erase(key);
    } else if (model.contains(key)) {
      ok("UpdateItem",
         R"({"TableName":"main","Key":)" + item(key.first, key.second) +
             R"(,"UpdateExpression":"ADD v :one REMOVE g1p, g1s","ExpressionAttributeValues":{":one":{"N":"1"}}})");
      Item& stored = model[key];
      stored.value += 1;
      stored.indexed = false;
    }

    const bool forward = below(2) == 0;
    const std::string direction = std::string(R"(,"ScanIndexForward":)") + (forward ? "true" : "false");
    std::string expected;
    int count = 0;
    const auto add = [&](const std::string& text) {
      if (forward) {
        expected += (count > 0 ? "," : "") + text;
      } else {
        expected = text + (count > 0 ? "," : "") + expected;
      }
      ++count;
    };
    for (const auto& [at, stored] : model) {
      if (at.first == key.first && at.second >= key.second) add(json(at, stored));
    }
    ASSERT_EQ(
        ok("Query",
           R"({"TableName":"main","KeyConditionExpression":"pk = :p AND sk >= :s","ExpressionAttributeValues":{":p":{"S":")" +
               key.first + R"("},":s":{"S":")" + key.second + "\"}}" + direction + "}"),
        R"({"Items":[)" + expected + R"(],"Count":)" + std::to_string(count) + R"(,"ScannedCount":)" +
            std::to_string(count) + "}")
        << "step " << step;
    if (step % 20 != 0) continue;
    // The index holds the same items, ordered by its own sort key.
    const std::string answer = ok(
        "Query",
        R"({"TableName":"main","IndexName":"gsi1","KeyConditionExpression":"g1p = :g","ExpressionAttributeValues":{":g":{"S":"g"}}})");
    std::size_t indexed = 0;
    for (const auto& [at, stored] : model) {
      if (!stored.indexed) continue;
      ++indexed;
      ASSERT_NE(answer.find(json(at, stored)), std::string::npos) << "step " << step;
    }
    ASSERT_NE(answer.find(R"("Count":)" + std::to_string(indexed) + ","), std::string::npos)
        << "step " << step;
    int last = -1000;
    constexpr std::string_view marker = R"("g1s":{"N":")";
    for (std::size_t found = answer.find(marker); found != std::string::npos;
         found = answer.find(marker, found + 1)) {
      const int sort = std::stoi(answer.substr(found + marker.size(), 4));
      ASSERT_LE(last, sort) << "step " << step;
      last = sort;
    }
  }
  const std::string described = ok("DescribeTable", R"({"TableName":"main"})");
  EXPECT_NE(described.find(R"("ItemCount":)" + std::to_string(model.size()) + ","), std::string::npos);
}

}  // namespace
}  // namespace bao::local
