// A table that grows to millions of items in a file of the embedded engine: is its latency flat?
//   bao_large_file FILE [ITEMS]      FILE must not exist and is removed at the end; default 10,000,000 items
// Items of about 300 bytes with one index, put in no order. At 1/100, 1/10, 3/10 and the whole of them the
// file is opened anew and 20,000 operations on items all over the table are timed, one by one. Loading runs
// with sync off, the timed operations with sync normal, settled 20 ms apart, as `bao local` does.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "local/lmdb/lmdb_store.hpp"
#include "local/local_engine.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using bao::local::LmdbSync;

constexpr std::uint64_t operations = 20'000;
constexpr std::uint64_t settle_every = 1'000;  // operations, while loading
constexpr std::chrono::milliseconds settle_after{20};

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "bao_large_file: %s\n", message.c_str());
  std::exit(1);
}

/// A permutation of 64-bit numbers (the finalizer of SplitMix64): keys in no order, the same in every run.
std::uint64_t scattered(std::uint64_t number) {
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

std::string text_of(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(scattered(number)));
  return text;
}

std::string key_of(std::uint64_t number) {
  return R"("_pk":{"S":"u#)" + text_of(number) + R"("},"_sk":{"S":"u"})";
}

std::string put_body(std::uint64_t number, std::uint64_t version) {
  const std::string text = text_of(number);
  return R"({"TableName":"bench","Item":{)" + key_of(number) + R"(,"userId":{"S":")" + text +
         R"("},"name":{"S":"Ada Lovelace"},"email":{"S":"ada)" + text +
         R"(@example.com"},"age":{"N":"36"},"active":{"BOOL":true},"createdAt":{"N":"1767225600123"},)"
         R"("_gsi1_pk":{"S":"u#gsi1#)" +
         text.substr(0, 3) + R"("},"_gsi1_sk":{"S":")" + text_of(version) + R"("}}})";
}

struct Open {
  std::unique_ptr<bao::local::LocalEngine> engine;
  bao::local::Store* store = nullptr;

  void settle(bool everything) const {
    if (const auto done = store->settle(everything); !done) fail(done.error().message);
  }
  void handle(std::string_view operation, const std::string& body) const {
    const bao::local::Answer answer = engine->handle(operation, body);
    if (answer.status != 200) fail(answer.body);
  }
};

Open open(const std::filesystem::path& file, LmdbSync sync) {
  auto store = bao::local::open_lmdb_store(file, {.sync = sync});
  if (!store) fail(store.error().message);
  Open opened{.engine = nullptr, .store = store->get()};
  opened.engine = std::make_unique<bao::local::LocalEngine>(
      std::move(*store), bao::local::LocalEngineOptions{.now_ms = [] { return std::int64_t{0}; }});
  if (!opened.engine->open_error().empty()) fail(opened.engine->open_error());
  return opened;
}

double microseconds(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

/// Median and 99th percentile of the operations' times, in us, as the columns of a table.
template <class Body>
std::string timed(const Open& table, std::string_view operation, std::uint64_t items, Body body) {
  std::vector<double> times;
  times.reserve(operations);
  Clock::time_point settled = Clock::now();
  for (std::uint64_t step = 0; step < operations; ++step) {
    const std::string request = body(scattered(step + items) % items, step);
    const Clock::time_point start = Clock::now();
    table.handle(operation, request);
    const Clock::time_point end = Clock::now();
    times.push_back(microseconds(end - start));
    if (end - settled > settle_after) {
      table.settle(false);
      settled = Clock::now();
    }
  }
  std::ranges::sort(times);
  char columns[64];
  std::snprintf(columns, sizeof columns, " %.1f | %.1f |", times[operations / 2],
                times[operations * 99 / 100]);
  return columns;
}

long resident_kb() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("RssAnon:")) return std::strtol(line.c_str() + 8, nullptr, 10);
  }
  return 0;
}

void load(const std::filesystem::path& file, std::uint64_t from, std::uint64_t to) {
  const Open table = open(file, LmdbSync::off);
  if (from == 0) {
    table.handle("CreateTable", R"({"TableName":"bench","BillingMode":"PAY_PER_REQUEST",
      "KeySchema":[{"AttributeName":"_pk","KeyType":"HASH"},{"AttributeName":"_sk","KeyType":"RANGE"}],
      "AttributeDefinitions":[{"AttributeName":"_pk","AttributeType":"S"},{"AttributeName":"_sk","AttributeType":"S"},
        {"AttributeName":"_gsi1_pk","AttributeType":"S"},{"AttributeName":"_gsi1_sk","AttributeType":"S"}],
      "GlobalSecondaryIndexes":[{"IndexName":"gsi1","KeySchema":[{"AttributeName":"_gsi1_pk","KeyType":"HASH"},
        {"AttributeName":"_gsi1_sk","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]})");
  }
  for (std::uint64_t number = from; number < to; ++number) {
    table.handle("PutItem", put_body(number, number));
    if (number % settle_every == 0) table.settle(false);
  }
  table.settle(true);
}

void measure(const std::filesystem::path& file, std::uint64_t items, double load_us) {
  const Clock::time_point start = Clock::now();
  const Open table = open(file, LmdbSync::normal);
  table.handle("GetItem", R"({"TableName":"bench","Key":{)" + key_of(0) + "}}");
  const double open_ms = microseconds(Clock::now() - start) / 1'000;
  const std::string get = timed(table, "GetItem", items, [](std::uint64_t number, std::uint64_t) {
    return R"({"TableName":"bench","Key":{)" + key_of(number) + "}}";
  });
  const std::string query = timed(table, "Query", items, [](std::uint64_t number, std::uint64_t) {
    return R"({"TableName":"bench","IndexName":"gsi1","Limit":20,"KeyConditionExpression":"#p = :p AND #s >= :s",)"
           R"("ExpressionAttributeNames":{"#p":"_gsi1_pk","#s":"_gsi1_sk"},"ExpressionAttributeValues":{":p":{"S":"u#gsi1#)" +
           text_of(number).substr(0, 3) + R"("},":s":{"S":")" + text_of(number).substr(0, 1) + R"("}}})";
  });
  const std::string put = timed(table, "PutItem", items, [items](std::uint64_t number, std::uint64_t step) {
    return put_body(number, items + step);
  });
  table.settle(true);
  const double megabytes = static_cast<double>(std::filesystem::file_size(file)) / 1e6;
  std::printf("| %llu | %.1f | %.1f |%s%s%s %.0f | %.1f |\n", static_cast<unsigned long long>(items), load_us,
              open_ms, get.c_str(), query.c_str(), put.c_str(), megabytes,
              static_cast<double>(resident_kb()) / 1e3);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t items = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000;
  if (argc < 2 || items < 1'000) fail("usage: bao_large_file FILE [ITEMS, at least 1000]");
  const std::filesystem::path file = argv[1];
  if (std::filesystem::exists(file)) fail(file.string() + " exists");
  std::printf(
      "| items | load, us an item | open, ms | get, us: median | 99%% | query: median | 99%% | put: median | "
      "99%% | file, MB | own memory, MB |\n"
      "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  std::uint64_t loaded = 0;
  for (const std::uint64_t size : {items / 100, items / 10, items * 3 / 10, items}) {
    const Clock::time_point start = Clock::now();
    load(file, loaded, size);
    measure(file, size, microseconds(Clock::now() - start) / static_cast<double>(size - loaded));
    loaded = size;
  }
  std::filesystem::remove(file);
  std::filesystem::remove(file.string() + "-lock");
  return 0;
}
