// The C++ library as a client of a DynamoDB endpoint: what one item costs it, in CPU and in time.
//   bao_client ENDPOINT TABLE seed                         writes the items that every client reads
//   bao_client ENDPOINT TABLE find|find100|query100|create ROUNDS
// prints {"client": ..., "operation": ..., "items": N, "cpu_us": X, "wall_us": Y} for the whole loop.

#include <sys/resource.h>

#include <bao/bao.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace {

using bao::Task;

struct ThingFields {
  bao::Field<std::string> thingId{};
  bao::Field<std::string> owner{};
  bao::Field<std::string> title{};
  bao::Field<std::string> content{};
  bao::Field<std::int64_t> size{};
  bao::Field<bool> active{};
  bao::Field<bao::Timestamp> createdAt{};
};

class Thing : public bao::Model<Thing, ThingFields> {
 public:
  using Model::Model;
  static constexpr auto thingId = bao::field<&ThingFields::thingId>({.required = true});
  static constexpr auto owner = bao::field<&ThingFields::owner>({.required = true});
  static constexpr auto title = bao::field<&ThingFields::title>({.required = true});
  static constexpr auto content = bao::field<&ThingFields::content>();
  static constexpr auto size = bao::field<&ThingFields::size>();
  static constexpr auto active = bao::field<&ThingFields::active>();
  static constexpr auto createdAt = bao::create_date<&ThingFields::createdAt>();

  static bao::ModelInfo describe() {
    return bao::schema("Thing", "th")
        .fields(thingId, owner, title, content, size, active, createdAt)
        .primary_key(thingId)
        .index("byOwner", bao::gsi1, owner, createdAt);
  }
};

// Names its items apart from those of the other clients.
std::string id_of(const char* kind, int number) {
  return std::string(kind) + "-" + std::to_string(number);
}

ThingFields thing(std::string id, std::string owner) {
  return {.thingId = std::move(id),
          .owner = std::move(owner),
          .title = "A title of some forty characters, or so it is",
          .content = std::string(120, 'c'),
          .size = std::int64_t{123456},
          .active = true};
}

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(std::string("bao_client: wrong result: ") + what);
}

Task<int> seed() {
  for (int number = 0; number < 100; ++number) {
    const auto made = co_await Thing::create(thing(id_of("seed", number), "seed-owner")).as_result();
    require(made || made.error().code() == bao::ErrorCode::conditional, "seed");
  }
  co_return 100;
}

Task<int> find(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const Thing found = co_await Thing::find(id_of("seed", round % 100));
    require(found.exists() && found->size == 123456, "find");
  }
  co_return rounds;
}

Task<int> find100(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    co_await bao::run_with_batch_context([]() -> Task<void> {
      std::vector<decltype(Thing::find(""))> finds;
      finds.reserve(100);
      for (int number = 0; number < 100; ++number) finds.push_back(Thing::find(id_of("seed", number)));
      const auto things = co_await bao::all(std::move(finds));
      for (const Thing& one : things) require(one.exists() && one->size == 123456, "find100");
    });
  }
  co_return rounds * 100;
}

Task<int> query100(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const auto page = co_await Thing::query_by_index("byOwner", bao::Value("seed-owner"), {}, {.limit = 100});
    require(page.items.size() == 100, "query100");
    for (const Thing& one : page.items) require(one->size == 123456, "query100 item");
  }
  co_return rounds * 100;
}

Task<int> create(int rounds) {
  const std::string run = std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
  for (int round = 0; round < rounds; ++round) {
    co_await Thing::create(thing("bao-" + run + "-" + std::to_string(round), "bao-owner"));
  }
  co_return rounds;
}

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

Task<int> run(const std::string& operation, int rounds) {
  if (operation == "seed") return seed();
  if (operation == "find") return find(rounds);
  if (operation == "find100") return find100(rounds);
  if (operation == "query100") return query100(rounds);
  if (operation == "create") return create(rounds);
  throw std::runtime_error("bao_client: unknown operation " + operation);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: bao_client ENDPOINT TABLE OPERATION [ROUNDS]\n");
    return 2;
  }
  try {
    const std::string operation = argv[3];
    const int rounds = argc > 4 ? std::atoi(argv[4]) : 1;
    bao::Client client = bao::init_models({.models = {&Thing::model_info()},
                                           .aws = {.region = "us-west-2",
                                                   .credentials = bao::Credentials{"bench", "bench", ""},
                                                   .endpoint = argv[1]},
                                           .db = {.table_name = argv[2]}});
    if (operation != "seed") bao::sync_wait(client, run(operation, rounds / 10 + 1));  // warms up
    const double cpu_before = cpu_us();
    const auto before = std::chrono::steady_clock::now();
    const int items = bao::sync_wait(client, run(operation, rounds));
    const double wall_us =
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - before).count();
    std::printf(
        "{\"client\": \"bao (C++)\", \"operation\": \"%s\", \"items\": %d, \"cpu_us\": %.0f, \"wall_us\": "
        "%.0f}\n",
        operation.c_str(), items, cpu_us() - cpu_before, wall_us);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
