#include "local/store/btree.hpp"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "local/store/memory_store.hpp"

namespace bao::local {
namespace {

std::string some_key(std::mt19937_64& random) {
  // Few distinct bytes and short lengths: many shared prefixes, embedded zeros and repeated keys.
  std::string key;
  const std::size_t size = random() % 12;
  for (std::size_t i = 0; i < size; ++i)
    key += static_cast<char>(
        "\0\x01\xFF"
        "a"[random() % 4]);
  return key;
}

void expect_same(const BTree& tree, const std::map<std::string, std::string>& model) {
  ASSERT_EQ(tree.size(), model.size());
  BTree::Position at = tree.lower_bound({});
  for (const auto& [key, value] : model) {
    ASSERT_TRUE(at.valid());
    ASSERT_EQ(BTree::key(at), key);
    ASSERT_EQ(BTree::value(at), value);
    at = BTree::next(at);
  }
  ASSERT_FALSE(at.valid());
  at = tree.last();
  for (auto entry = model.rbegin(); entry != model.rend(); ++entry) {
    ASSERT_TRUE(at.valid());
    ASSERT_EQ(BTree::key(at), entry->first);
    at = BTree::previous(at);
  }
  ASSERT_FALSE(at.valid());
}

TEST(BTree, AgreesWithAnOrderedMap) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    BTree tree;
    std::map<std::string, std::string> model;
    for (int step = 0; step < 30'000; ++step) {
      const std::string key = some_key(random);
      // Grows, then shrinks, so that nodes split and empty.
      if (random() % 100 < (step < 15'000 ? 70U : 25U)) {
        const std::string value = std::to_string(random() % 1000);
        tree.put(key, value);
        model[key] = value;
      } else {
        ASSERT_EQ(tree.erase(key), model.erase(key) == 1);
      }
      const std::string probe = some_key(random);
      const auto expected = model.lower_bound(probe);
      const BTree::Position found = tree.lower_bound(probe);
      ASSERT_EQ(found.valid(), expected != model.end());
      if (found.valid()) ASSERT_EQ(BTree::key(found), expected->first);
      const std::string* value = tree.find(probe);
      ASSERT_EQ(value != nullptr, model.contains(probe));
    }
    expect_same(tree, model);
    while (!model.empty()) {
      ASSERT_TRUE(tree.erase(model.begin()->first));
      model.erase(model.begin());
    }
    expect_same(tree, model);
  }
}

TEST(BTree, TakesGrowingKeys) {
  BTree tree;
  std::map<std::string, std::string> model;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = std::to_string(1'000'000 + i);
    tree.put(key, key);
    model[key] = key;
  }
  expect_same(tree, model);
}

TEST(MemoryStore, CommitsInOrderAndSeeksBothWays) {
  const auto store = make_memory_store();
  WriteBatch batch;
  batch.put(3, "b", "1");
  batch.put(3, "d", "2");
  batch.put(3, "b", "3");
  batch.put(5, "x", "y");
  ASSERT_TRUE(store->commit(batch));
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(store->get(3, "b").value(), "3");
  EXPECT_EQ(store->get(3, "c").value(), std::nullopt);
  EXPECT_EQ(store->get(99, "c").value(), std::nullopt);

  const auto cursor = store->cursor(3);
  ASSERT_TRUE(cursor->seek("c"));
  EXPECT_EQ(cursor->key(), "d");
  EXPECT_FALSE(cursor->next());
  ASSERT_TRUE(cursor->seek_before("d"));
  EXPECT_EQ(cursor->key(), "b");
  EXPECT_FALSE(cursor->previous());
  ASSERT_TRUE(cursor->seek_before({}));
  EXPECT_EQ(cursor->key(), "d");
  ASSERT_TRUE(cursor->seek_before("z"));
  EXPECT_EQ(cursor->key(), "d");
  EXPECT_FALSE(cursor->seek_before("a"));
  EXPECT_FALSE(store->cursor(99)->seek({}));

  batch.drop_space(3);
  ASSERT_TRUE(store->commit(batch));
  EXPECT_FALSE(store->cursor(3)->seek({}));
  EXPECT_EQ(store->get(5, "x").value(), "y");
}

}  // namespace
}  // namespace bao::local
