// Stores against std::map: the same random changes, then every way to read.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "local/lmdb/lmdb_store.hpp"
#include "local/store/memory_store.hpp"
#include "support/temporary_folder.hpp"

namespace bao::local {
namespace {

using Model = std::map<SpaceId, std::map<std::string, std::string>>;
constexpr SpaceId spaces = 3;

/// Keys that are short, long, beginnings of each other, and of the lengths at which LMDB's parts end.
std::string random_key(std::mt19937_64& random) {
  static const std::vector<std::size_t> sizes{1,    8,    300,  509,  510,  511,  512, 1011,
                                              1012, 1013, 1513, 1514, 2058, 3082, 7182};
  const std::size_t size = random() % 3 == 0 ? 1 + random() % 40 : sizes[random() % sizes.size()];
  std::string key(size, "aab\xFF"[random() % 4]);
  // Differ in few places, early, late, and around the cuts.
  for (std::size_t changes = random() % 3; changes > 0; --changes) {
    key[random() % 2 == 0 ? random() % size : size - 1 - random() % std::min<std::size_t>(size, 4)] =
        "ab\0\xFF"[random() % 4];
  }
  return key;
}

void change(std::mt19937_64& random, WriteBatch& batch, Model& model) {
  const auto space = static_cast<SpaceId>(random() % spaces);
  auto& contents = model[space];
  const std::uint64_t kind = random() % 100;
  if (kind < 1) {
    batch.drop_space(space);
    contents.clear();
  } else if (kind < 60 || contents.empty()) {
    const std::string key = random_key(random);
    const std::string value(random() % 20 == 0 ? random() % 9000 : random() % 60,
                            static_cast<char>(random() % 256));
    batch.put(space, key, value);
    contents[key] = value;
  } else {
    auto victim = contents.begin();
    std::advance(victim, static_cast<std::ptrdiff_t>(random() % contents.size()));
    const std::string key = random() % 10 == 0 ? random_key(random) : victim->first;
    batch.erase(space, key);
    contents.erase(key);
  }
}

void expect_at(const Cursor& cursor, bool found, bool expected,
               const std::pair<const std::string, std::string>* entry) {
  ASSERT_FALSE(cursor.error().has_value()) << cursor.error()->message;
  ASSERT_EQ(found, expected);
  if (!found) return;
  ASSERT_EQ(cursor.key(), entry->first);
  ASSERT_EQ(cursor.value(), entry->second);
}

void compare(std::mt19937_64& random, Store& store, const Model& model) {
  for (SpaceId space = 0; space < spaces; ++space) {
    const auto found = model.find(space);
    static const std::map<std::string, std::string> empty;
    const auto& contents = found == model.end() ? empty : found->second;
    const auto cursor = store.cursor(space);
    bool more = cursor->seek({});
    for (const auto& entry : contents) {
      expect_at(*cursor, more, true, &entry);
      if (testing::Test::HasFatalFailure()) return;
      more = cursor->next();
    }
    ASSERT_FALSE(more);
    more = cursor->seek_before({});
    for (auto entry = contents.rbegin(); entry != contents.rend(); ++entry) {
      expect_at(*cursor, more, true, &*entry);
      if (testing::Test::HasFatalFailure()) return;
      more = cursor->previous();
    }
    ASSERT_FALSE(more);
    for (int i = 0; i < 40; ++i) {
      const std::string key = random_key(random);
      const auto at = contents.lower_bound(key);
      const auto value = store.get(space, key);
      ASSERT_TRUE(value.has_value());
      const bool there = at != contents.end() && at->first == key;
      ASSERT_EQ(value->has_value(), there);
      if (there) {
        ASSERT_EQ(**value, at->second);
      }
      expect_at(*cursor, cursor->seek(key), at != contents.end(), at == contents.end() ? nullptr : &*at);
      if (testing::Test::HasFatalFailure()) return;
      const auto before = at == contents.begin() ? contents.end() : std::prev(at);
      expect_at(*cursor, cursor->seek_before(key), before != contents.end(),
                before == contents.end() ? nullptr : &*before);
      if (testing::Test::HasFatalFailure()) return;
      if (before != contents.end() && at != contents.end()) {
        expect_at(*cursor, cursor->next(), true, &*at);
        expect_at(*cursor, cursor->previous(), true, &*before);
      }
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

std::uint64_t seed() {
  const char* given = std::getenv("BAO_SEED");
  return given ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

/// `reopen` is asked now and then, and may replace the store by one of the same contents.
void run(std::unique_ptr<Store> store, const std::function<void(std::unique_ptr<Store>&)>& reopen) {
  const std::uint64_t used_seed = seed();
  SCOPED_TRACE("BAO_SEED=" + std::to_string(used_seed));
  std::mt19937_64 random(used_seed);
  Model model;
  for (int round = 0; round < 120; ++round) {
    WriteBatch batch;
    for (std::uint64_t changes = random() % 30; changes > 0; --changes) change(random, batch, model);
    const auto committed = store->commit(batch);
    ASSERT_TRUE(committed.has_value()) << committed.error().message;
    ASSERT_TRUE(batch.empty());
    if (random() % 3 == 0) {
      ASSERT_TRUE(store->settle(random() % 2 == 0).has_value());
    }
    if (random() % 10 == 0) reopen(store);
    compare(random, *store, model);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(StoreModel, MemoryIsAMap) {
  run(make_memory_store(), [](std::unique_ptr<Store>&) {});
}

class LmdbModel : public testing::TestWithParam<LmdbSync> {};

TEST_P(LmdbModel, IsAMapThatOutlivesItsProcess) {
  const TemporaryFolder folder;
  const auto open = [&] {
    auto store = open_lmdb_store(folder / "db", {.sync = GetParam(), .settle_ms = 5});
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return std::move(*store);
  };
  run(open(), [&](std::unique_ptr<Store>& store) {
    store.reset();
    store = open();
  });
}

INSTANTIATE_TEST_SUITE_P(EverySync, LmdbModel,
                         testing::Values(LmdbSync::full, LmdbSync::normal, LmdbSync::off));

}  // namespace
}  // namespace bao::local
