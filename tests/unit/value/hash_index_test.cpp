#include "core/value/hash_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace bao::core {
namespace {

TEST(HashIndex, IsEmptyAtFirst) {
  const HashIndex index;
  EXPECT_EQ(index.find(7, [](std::uint32_t) { return true; }), std::nullopt);
}

TEST(HashIndex, AsksForEachNumberOfTheHash) {
  HashIndex index;
  index.insert(7, 1);
  index.insert(7, 2);
  index.insert(8, 3);
  EXPECT_EQ(index.find(7, [](std::uint32_t number) { return number == 2; }), 2U);
  EXPECT_EQ(index.find(7, [](std::uint32_t number) { return number == 3; }), std::nullopt);
  EXPECT_EQ(index.find(8, [](std::uint32_t) { return true; }), 3U);
}

// Few hashes for many numbers, so that runs of slots form, meet, and wrap around the end.
TEST(HashIndex, HoldsWhatAMapHoldsAfterAnyInsertsAndErases) {
  for (const std::uint32_t hashes : {1U, 3U, 40U, 100'000U}) {
    HashIndex index;
    std::map<std::uint32_t, std::uint32_t> hash_of;
    std::mt19937 random(hashes);
    for (int step = 0; step < 3000; ++step) {
      const std::uint32_t number = random() % 100;
      const auto found = hash_of.find(number);
      if (found == hash_of.end()) {
        const std::uint32_t hash = random() % hashes - 2;
        hash_of.emplace(number, hash);
        index.insert(hash, number);
      } else {
        index.erase(found->second, number);
        hash_of.erase(found);
      }
      if (step % 50 != 0) continue;
      for (std::uint32_t each = 0; each < 100; ++each) {
        const auto there = hash_of.find(each);
        const auto is_it = [each](std::uint32_t one) { return one == each; };
        if (there != hash_of.end()) {
          ASSERT_EQ(index.find(there->second, is_it), each);
          continue;
        }
        for (std::uint32_t hash = 0; hash < std::min(hashes, 40U); ++hash) {
          ASSERT_EQ(index.find(hash - 2, is_it), std::nullopt);
        }
      }
    }
  }
}

}  // namespace
}  // namespace bao::core
