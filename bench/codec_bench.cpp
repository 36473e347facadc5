// The codec on its own: what each item of an answer or of a request costs.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"
#include "core/value/number.hpp"

namespace bao::core {
namespace {

/// Ten attributes, 300 bytes of names and values, as the guide's Post has them.
const std::string item =
    R"({"_pk":{"S":"p#01HZX3V7Q2M4N5P6R7S8T9V0W1"},"_sk":{"S":"p"},"postId":{"S":"01HZX3V7Q2M4N5P6R7S8T9V0W1"},)"
    R"("userId":{"S":"01HZX3V7Q2M4N5P6R7S8T9V0AA"},"title":{"S":"A title of a usual length for a post"},)"
    R"("content":{"S":"Some words of content that go on for a little while, as they do."},"likes":{"N":"42"},)"
    R"("published":{"BOOL":true},"createdAt":{"N":"1718000000000"},"_gsi1_pk":{"S":"p#gsi1#01HZX3V7Q2M4N5P6R7"}})";

std::string query_answer(int items) {
  std::string json = R"({"Count":)" + std::to_string(items) + R"(,"Items":[)";
  for (int i = 0; i < items; ++i) {
    json += i == 0 ? "" : ",";
    json += item;
  }
  return json + R"(],"ScannedCount":)" + std::to_string(items) + "}";
}

bool read_answer(Document& document) {
  JsonReader reader(document.text);
  std::string_view name;
  reader.enter_object();
  while (reader.next_member(name)) {
    if (name != "Items") {
      reader.skip_value();
      continue;
    }
    reader.enter_array();
    std::uint32_t index = 0;
    while (reader.next_element()) {
      reader.read_item(document, index);
    }
  }
  return reader.finish();
}

void parse_item(benchmark::State& state) {
  for (auto _ : state) {
    Document document{item, {}};  // one copy and one allocation for each of text and nodes, as an answer has
    JsonReader reader(document.text);
    std::uint32_t index = 0;
    if (!reader.read_item(document, index)) {
      state.SkipWithError("the item does not parse");
    }
    benchmark::DoNotOptimize(document.nodes.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(item.size()) * state.iterations());
}
BENCHMARK(parse_item);

void parse_page(benchmark::State& state) {
  const std::string json = query_answer(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    Document document{json, {}};
    if (!read_answer(document)) {
      state.SkipWithError("the page does not parse");
    }
    benchmark::DoNotOptimize(document.nodes.data());
  }
  state.SetItemsProcessed(state.range(0) * state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(json.size()) * state.iterations());
}
BENCHMARK(parse_page)->Arg(100)->Arg(1000);

void find_every_attribute(benchmark::State& state) {
  Document document{item, {}};
  JsonReader reader(document.text);
  std::uint32_t index = 0;
  reader.read_item(document, index);
  const ValueView view(document, index);
  for (auto _ : state) {
    for (const char* name : {"postId", "userId", "title", "content", "likes", "published", "createdAt"}) {
      benchmark::DoNotOptimize(view.find(name));
    }
  }
}
BENCHMARK(find_every_attribute);

void write_item(benchmark::State& state) {
  Document document{item, {}};
  JsonReader reader(document.text);
  std::uint32_t index = 0;
  reader.read_item(document, index);
  const Value value = ValueView(document, index).to_value();
  std::string out;
  for (auto _ : state) {
    out.clear();
    JsonWriter(out).attribute_value(value);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(out.size()) * state.iterations());
}
BENCHMARK(write_item);

void write_item_view(benchmark::State& state) {
  Document document{item, {}};
  JsonReader reader(document.text);
  std::uint32_t index = 0;
  reader.read_item(document, index);
  std::string out;
  for (auto _ : state) {
    out.clear();
    JsonWriter(out).item(ValueView(document, index));
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(out.size()) * state.iterations());
}
BENCHMARK(write_item_view);

void add_numbers(benchmark::State& state) {
  const Decimal likes = decimal_from_int64(41);
  const Decimal one = decimal_from_int64(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(add(likes, one));
  }
}
BENCHMARK(add_numbers);

void encode_sort_key(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(number_sort_key("1718000000000"));
  }
}
BENCHMARK(encode_sort_key);

}  // namespace
}  // namespace bao::core

BENCHMARK_MAIN();
