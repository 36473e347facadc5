#include "wasm/heap.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace bao::wasm {
namespace {

// One region, given out in pieces; each piece ends where the next one starts, as WebAssembly's memory does.
struct Region {
  static constexpr std::size_t units = 4096;
  static inline std::byte* start = nullptr;
  static inline std::size_t given = 0;
  static inline std::size_t limit = units;

  static void* more(std::size_t& wanted) {
    wanted = wanted < 64 ? 64 : wanted;
    if (given + wanted > limit) return nullptr;
    std::byte* piece = start + given * Heap::unit_size;
    given += wanted;
    return piece;
  }
};

class HeapTest : public testing::Test {
 protected:
  HeapTest() {
    Region::start =
        static_cast<std::byte*>(std::aligned_alloc(Heap::unit_size, Region::units * Heap::unit_size));
    Region::given = 0;
    Region::limit = Region::units;
  }
  ~HeapTest() override { std::free(Region::start); }

  Heap heap_{Region::more};
};

TEST_F(HeapTest, BlocksOfEverySizeAreAlignedAndHoldWhatWasAskedFor) {
  for (std::size_t size = 0; size < 9000; ++size) {
    void* block = heap_.allocate(size);
    ASSERT_NE(block, nullptr) << size;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0U) << size;
    EXPECT_GE(Heap::size_of(block), size);
    // At most a third of a small block is lost, at most a unit of a large one.
    EXPECT_LE(Heap::size_of(block), size + size / 2 + Heap::unit_size / (size > 2032 ? 1 : 256)) << size;
    std::memset(block, 0xff, size);
    heap_.release(block);
  }
  EXPECT_LE(Region::given, 128U);
}

TEST_F(HeapTest, BlocksInUseDoNotOverlapAndKeepTheirBytes) {
  struct Used {
    unsigned char* block;
    std::size_t size;
    unsigned char fill;
  };
  std::mt19937 random(11);
  std::vector<Used> used;
  const auto check_and_release = [&](std::size_t position) {
    const Used one = used[position];
    for (std::size_t i = 0; i < one.size; ++i) ASSERT_EQ(one.block[i], one.fill);
    heap_.release(one.block);
    used[position] = used.back();
    used.pop_back();
  };
  for (int round = 0; round < 40'000; ++round) {
    if (!used.empty() && (random() % 2 == 0 || used.size() > 600)) {
      check_and_release(random() % used.size());
    } else {
      const std::size_t size = random() % 20 == 0 ? random() % 40'000 : random() % 700;
      const auto fill = static_cast<unsigned char>(random());
      auto* block = static_cast<unsigned char*>(heap_.allocate(size));
      ASSERT_NE(block, nullptr);
      std::memset(block, fill, size);
      used.push_back({block, size, fill});
    }
  }
  while (!used.empty()) check_and_release(used.size() - 1);
}

TEST_F(HeapTest, FreedRunsJoinSoThatALargerBlockFits) {
  std::vector<void*> blocks;
  for (int i = 0; i < 15; ++i) blocks.push_back(heap_.allocate(4 * Heap::unit_size - 16));
  const std::size_t given = Region::given;
  // Every order of neighbours: the one before, the one behind, both.
  for (const std::size_t i : {3U, 1U, 2U, 0U, 14U, 12U, 13U, 5U, 4U, 11U, 6U, 10U, 7U, 9U, 8U}) {
    heap_.release(blocks[i]);
  }
  void* large = heap_.allocate(64 * Heap::unit_size - 16);
  EXPECT_NE(large, nullptr);
  EXPECT_EQ(Region::given, given);
}

TEST_F(HeapTest, NothingIsGivenWhereNoMemoryIsLeft) {
  EXPECT_EQ(heap_.allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(heap_.allocate(SIZE_MAX - 5000), nullptr);
  EXPECT_EQ(heap_.allocate((Region::units + 1) * Heap::unit_size), nullptr);
  Region::limit = 0;
  EXPECT_EQ(heap_.allocate(1), nullptr);
  Region::limit = Region::units;
  void* block = heap_.allocate(1);
  EXPECT_NE(block, nullptr);
  heap_.release(nullptr);
  heap_.release(block);
}

}  // namespace
}  // namespace bao::wasm
