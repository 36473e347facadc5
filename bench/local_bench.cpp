// The embedded engine in the process: through the same JSON that goes over the wire, and typed
// (bao/embedded.hpp).

#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/value/document.hpp"
#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace {

constexpr int items = 100'000;

std::string key_of(int number) {
  return R"("_pk":{"S":"u#01HZX3V7Q2T8K9M4N5P6R)" + std::to_string(100'000 + number) +
         R"("},"_sk":{"S":"u"})";
}

std::string put_body(int number, int version) {
  const std::string text = std::to_string(number);
  return R"({"TableName":"bench","Item":{)" + key_of(number) + R"(,"userId":{"S":"01HZX3V7Q2T8K9M4N5P6R)" +
         text + R"("},"name":{"S":"Ada Lovelace"},"email":{"S":"ada)" + text +
         R"(@example.com"},"age":{"N":"36"},)" +
         R"("active":{"BOOL":true},"createdAt":{"N":"1767225600123"},"_gsi1_pk":{"S":"u#gsi1#u"},"_gsi1_sk":{"S":")" +
         std::to_string(1'000'000 + version) + R"("}}})";
}

bao::local::LocalEngine filled_engine(bool with_index) {
  bao::local::LocalEngine engine(bao::local::make_memory_store(), {.now_ms = [] { return std::int64_t{0}; }});
  std::string table = R"({"TableName":"bench","BillingMode":"PAY_PER_REQUEST",
    "KeySchema":[{"AttributeName":"_pk","KeyType":"HASH"},{"AttributeName":"_sk","KeyType":"RANGE"}],
    "AttributeDefinitions":[{"AttributeName":"_pk","AttributeType":"S"},{"AttributeName":"_sk","AttributeType":"S"})";
  if (with_index) {
    table +=
        R"(,{"AttributeName":"_gsi1_pk","AttributeType":"S"},{"AttributeName":"_gsi1_sk","AttributeType":"S"}],
      "GlobalSecondaryIndexes":[{"IndexName":"gsi1","KeySchema":[{"AttributeName":"_gsi1_pk","KeyType":"HASH"},
      {"AttributeName":"_gsi1_sk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}})";
  }
  (void)engine.handle("CreateTable", table + "]}");
  for (int i = 0; i < items; ++i) (void)engine.handle("PutItem", put_body(i, i));
  return engine;
}

/// Numbers spread over the items, the same in every run.
int spread(std::uint64_t step) {
  return static_cast<int>(step * 7919 % items);
}

void run(benchmark::State& state, bao::local::LocalEngine& engine, std::string_view operation,
         const std::vector<std::string>& bodies) {
  std::uint64_t step = 0;
  for (auto _ : state) {
    const auto answer = engine.handle(operation, bodies[step++ % bodies.size()]);
    if (answer.status != 200) {
      state.SkipWithError(answer.body.c_str());
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void get_item(benchmark::State& state) {
  auto engine = filled_engine(true);
  std::vector<std::string> bodies;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    bodies.push_back(R"({"TableName":"bench","Key":{)" + key_of(spread(i)) + "}}");
  }
  run(state, engine, "GetItem", bodies);
}
BENCHMARK(get_item);

void put_item(benchmark::State& state) {
  auto engine = filled_engine(state.range(0) != 0);
  std::vector<std::string> bodies;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    bodies.push_back(put_body(spread(i), static_cast<int>(i * 31 % 1'000'000)));
  }
  run(state, engine, "PutItem", bodies);
}
BENCHMARK(put_item)->ArgName("index")->Arg(0)->Arg(1);

bao::Value::Map key_values(int number) {
  return {{"_pk", "u#01HZX3V7Q2T8K9M4N5P6R" + std::to_string(100'000 + number)}, {"_sk", "u"}};
}

/// The item of put_body().
bao::Value::Map item_values(int number, int version) {
  const std::string text = std::to_string(number);
  bao::Value::Map item = key_values(number);
  item.emplace("userId", "01HZX3V7Q2T8K9M4N5P6R" + text);
  item.emplace("name", "Ada Lovelace");
  item.emplace("email", "ada" + text + "@example.com");
  item.emplace("age", 36);
  item.emplace("active", true);
  item.emplace("createdAt", bao::Number{"1767225600123"});
  item.emplace("_gsi1_pk", "u#gsi1#u");
  item.emplace("_gsi1_sk", std::to_string(1'000'000 + version));
  return item;
}

// Below: what a caller spends who has values and wants values. Requests are made in the loop, by each form.

void get_item_typed(benchmark::State& state) {
  auto engine = filled_engine(true);
  std::uint64_t step = 0;
  for (auto _ : state) {
    const auto reply = engine.get_item({.table = "bench", .key = key_values(spread(step++ % 10'000))});
    if (!reply || !reply->item) {
      state.SkipWithError("no item");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(get_item_typed);

void get_item_decoded(benchmark::State& state) {
  auto engine = filled_engine(true);
  std::uint64_t step = 0;
  for (auto _ : state) {
    std::string body = R"({"TableName":"bench","Key":)";
    bao::core::JsonWriter(body).item(key_values(spread(step++ % 10'000)));
    bao::core::Document document;
    document.text = engine.handle("GetItem", body + "}").body;
    bao::core::JsonReader reader(document.text);
    std::string_view member;
    std::uint32_t index = 0;
    if (!reader.enter_object() || !reader.next_member(member) || !reader.read_item(document, index)) {
      state.SkipWithError("no item");
      break;
    }
    benchmark::DoNotOptimize(bao::core::ValueView(document, index).to_value());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(get_item_decoded);

void put_item_typed(benchmark::State& state) {
  auto engine = filled_engine(state.range(0) != 0);
  std::uint64_t step = 0;
  for (auto _ : state) {
    const std::uint64_t i = step++ % 10'000;
    const auto reply = engine.put_item(
        {.table = "bench", .item = item_values(spread(i), static_cast<int>(i * 31 % 1'000'000))});
    if (!reply) {
      state.SkipWithError(reply.error().message.c_str());
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(put_item_typed)->ArgName("index")->Arg(0)->Arg(1);

void put_item_encoded(benchmark::State& state) {
  auto engine = filled_engine(state.range(0) != 0);
  std::uint64_t step = 0;
  for (auto _ : state) {
    const std::uint64_t i = step++ % 10'000;
    std::string body = R"({"TableName":"bench","Item":)";
    bao::core::JsonWriter(body).item(item_values(spread(i), static_cast<int>(i * 31 % 1'000'000)));
    const auto answer = engine.handle("PutItem", body + "}");
    if (answer.status != 200) {
      state.SkipWithError(answer.body.c_str());
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(put_item_encoded)->ArgName("index")->Arg(0)->Arg(1);

void update_item(benchmark::State& state) {
  auto engine = filled_engine(true);
  std::vector<std::string> bodies;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    bodies.push_back(
        R"({"TableName":"bench","Key":{)" + key_of(spread(i)) +
        R"(},"UpdateExpression":"SET #a = #a + :one","ConditionExpression":"attribute_exists(#p) ",)"
        R"("ExpressionAttributeNames":{"#a":"age","#p":"_pk"},"ExpressionAttributeValues":{":one":{"N":"1"}}})");
  }
  run(state, engine, "UpdateItem", bodies);
}
BENCHMARK(update_item);

void query_20(benchmark::State& state) {
  auto engine = filled_engine(true);
  std::vector<std::string> bodies;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    bodies.push_back(
        R"({"TableName":"bench","IndexName":"gsi1","Limit":20,"KeyConditionExpression":"#p = :p AND #s >= :s",)"
        R"("ExpressionAttributeNames":{"#p":"_gsi1_pk","#s":"_gsi1_sk"},"ExpressionAttributeValues":{":p":{"S":"u#gsi1#u"},":s":{"S":")" +
        std::to_string(1'000'000 + spread(i) / 2) + R"("}}})");
  }
  run(state, engine, "Query", bodies);
}
BENCHMARK(query_20);

void batch_get_100(benchmark::State& state) {
  auto engine = filled_engine(true);
  std::vector<std::string> bodies;
  for (std::uint64_t i = 0; i < 100; ++i) {
    std::string keys;
    for (std::uint64_t j = 0; j < 100; ++j) {
      keys += std::string(j > 0 ? ",{" : "{") + key_of(spread(i * 100 + j)) + "}";
    }
    bodies.push_back(R"({"RequestItems":{"bench":{"Keys":[)" + keys + "]}}}");
  }
  run(state, engine, "BatchGetItem", bodies);
}
BENCHMARK(batch_get_100);

void transact_write_2(benchmark::State& state) {
  auto engine = filled_engine(true);
  std::vector<std::string> bodies;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const std::string first = put_body(spread(i), static_cast<int>(i));
    bodies.push_back(
        R"({"TransactItems":[{"Put":)" + first + R"(},{"ConditionCheck":{"TableName":"bench","Key":{)" +
        key_of(spread(i + 1)) +
        R"(},"ConditionExpression":"attribute_exists(#p) ","ExpressionAttributeNames":{"#p":"_pk"}}}]})");
  }
  run(state, engine, "TransactWriteItems", bodies);
}
BENCHMARK(transact_write_2);

}  // namespace

BENCHMARK_MAIN();
