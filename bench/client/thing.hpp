// The model of the client benchmark and what its users do with it; thing.mjs is the same for the npm
// packages.
#pragma once

#include <bao/bao.hpp>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bench {

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
inline std::string id_of(const char* kind, int number) {
  return std::string(kind) + "-" + std::to_string(number);
}

inline ThingFields thing(std::string id, std::string owner) {
  return {.thingId = std::move(id),
          .owner = std::move(owner),
          .title = "A title of some forty characters, or so it is",
          .content = std::string(120, 'c'),
          .size = std::int64_t{123456},
          .active = true};
}

inline void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(std::string("bao_client: wrong result: ") + what);
}

inline Task<int> seed() {
  for (int number = 0; number < 100; ++number) {
    const auto made = co_await Thing::create(thing(id_of("seed", number), "seed-owner")).as_result();
    require(made || made.error().code() == bao::ErrorCode::conditional, "seed");
  }
  co_return 100;
}

inline Task<int> find(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const Thing found = co_await Thing::find(id_of("seed", round % 100));
    require(found.exists() && found->size == 123456, "find");
  }
  co_return rounds;
}

// Sixteen finds on their way at any time, each a GetItem of its own: what a busy service does.
inline Task<int> find16(int rounds) {
  std::vector<Task<int>> loops;
  for (int loop = 0; loop < 16; ++loop) loops.push_back(find(rounds));
  int finds = 0;
  for (const int of_loop : co_await bao::all(std::move(loops))) finds += of_loop;
  co_return finds;
}

inline Task<int> find100(int rounds) {
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

inline Task<int> query100(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const auto page = co_await Thing::query_by_index("byOwner", bao::Value("seed-owner"), {}, {.limit = 100});
    require(page.items.size() == 100, "query100");
    for (const Thing& one : page.items) require(one->size == 123456, "query100 item");
  }
  co_return rounds * 100;
}

inline Task<int> create(int rounds) {
  const std::string run = std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
  for (int round = 0; round < rounds; ++round) {
    co_await Thing::create(thing("bao-" + run + "-" + std::to_string(round), "bao-owner"));
  }
  co_return rounds;
}

// Loads an item, changes a field and saves it.
inline Task<int> update(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    Thing loaded = co_await Thing::find(id_of("seed", round % 100));
    loaded->title = "A title of some forty characters, number " + std::to_string(round);
    co_await loaded.save();
  }
  co_return rounds;
}

inline Task<int> run(const std::string& operation, int rounds) {
  if (operation == "seed") return seed();
  if (operation == "find") return find(rounds);
  if (operation == "find16") return find16(rounds);
  if (operation == "find100") return find100(rounds);
  if (operation == "query100") return query100(rounds);
  if (operation == "create") return create(rounds);
  if (operation == "update") return update(rounds);
  throw std::runtime_error("bao_client: unknown operation " + operation);
}

inline bao::Client client_of(const std::string& endpoint, const std::string& table) {
  return bao::init_models({.models = {&Thing::model_info()},
                           .aws = {.region = "us-west-2",
                                   .credentials = bao::Credentials{"bench", "bench", ""},
                                   .endpoint = endpoint},
                           .db = {.table_name = table}});
}

}  // namespace bench
