// Arbitrary bytes as a request of any operation never crash the embedded engine: it answers 200 or an error
// in JSON, and an answer of 500 would mean that the engine itself is at fault.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "core/value/json_reader.hpp"
#include "local/faults.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace {

using namespace bao::local;

constexpr std::string_view operations[] = {
    "GetItem",     "PutItem",       "UpdateItem",         "DeleteItem",         "Query",
    "Scan",        "BatchGetItem",  "BatchWriteItem",     "TransactWriteItems", "TransactGetItems",
    "CreateTable", "UpdateTable",   "DescribeTable",      "ListTables",         "UpdateTimeToLive",
    "TagResource", "UntagResource", "DescribeTimeToLive", "DeleteTable",        "ListTagsOfResource"};

constexpr std::string_view table =
    R"({"TableName":"tab","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},)"
    R"({"AttributeName":"s","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},)"
    R"({"AttributeName":"s","AttributeType":"N"},{"AttributeName":"g","AttributeType":"B"}],"GlobalSecondaryIndexes":)"
    R"([{"IndexName":"gsi","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]})";
constexpr std::string_view item =
    R"({"TableName":"tab","Item":{"p":{"S":"a"},"s":{"N":"1"},"g":{"B":"AA=="},"m":{"M":{"x":{"L":[{"N":"1.5"}]}}},"ss":{"SS":["a","b"]}}})";

std::unique_ptr<LocalEngine> fresh_engine() {
  auto engine = std::make_unique<LocalEngine>(
      make_memory_store(), LocalEngineOptions{.now_ms = [] { return std::int64_t{1'767'225'600'000}; }});
  if (engine->handle("CreateTable", std::string(table)).status != 200) std::abort();
  if (engine->handle("PutItem", std::string(item)).status != 200) std::abort();
  return engine;
}

void check_answer(const Answer& answer) {
  if (answer.status != 200 && answer.status != 400) std::abort();
  if (answer.body.empty()) return;
  std::string text = answer.body;
  bao::core::JsonReader reader(text, {.bytes_max = std::size_t{64} << 20, .depth_max = 200});
  if (!reader.skip_value() || !reader.finish()) std::abort();
}

}  // namespace

// The first byte chooses the operation; several requests, one a line, meet each other's items.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto engine = fresh_engine();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)parse_fault_plan(std::string(input));
  for (int requests = 0; !input.empty() && requests < 8; ++requests) {
    const auto operation = static_cast<unsigned char>(input.front()) % std::size(operations);
    input.remove_prefix(1);
    const std::size_t end = input.find('\n');
    check_answer(engine->handle(operations[operation], std::string(input.substr(0, end))));
    input = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  }
  return 0;
}
