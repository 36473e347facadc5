#include "core/value/sort.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace bao::core {
namespace {

TEST(SortNumbers, AgreesWithTheStandardLibraryAtEverySize) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 200; ++size) {
    for (const std::uint32_t range : {2U, 10U, 1'000'000U}) {
      std::vector<std::uint32_t> numbers(size);
      for (std::uint32_t& number : numbers) number = random() % range;
      std::vector<std::uint32_t> expected = numbers;
      std::ranges::sort(expected);
      sort_numbers(numbers, [](std::uint32_t a, std::uint32_t b) { return a < b; });
      EXPECT_EQ(numbers, expected) << size << " numbers below " << range;
    }
  }
}

TEST(SortNumbers, SortsPositionsByWhatStandsThere) {
  const std::vector<int> values = {30, 10, 20, 10};
  std::vector<std::uint32_t> order = {0, 1, 2, 3};
  sort_numbers(order, [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  EXPECT_EQ(order, (std::vector<std::uint32_t>{1, 3, 2, 0}));
}

}  // namespace
}  // namespace bao::core
