#include "wasm/move_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace bao::wasm {
namespace {

std::vector<std::byte> numbered(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + 1);
  return bytes;
}

// Every size around what is moved in one piece, at every distance between the two places.
TEST(MoveBytes, MovesAnySizeToAnyPlaceAlsoWithinTheSource) {
  constexpr std::size_t room = 256;
  for (std::size_t size = 0; size <= 100; ++size) {
    for (std::size_t to = 0; to + size <= room && to <= 150; ++to) {
      constexpr std::size_t from = 77;
      std::vector<std::byte> bytes = numbered(room);
      std::vector<std::byte> expected = bytes;
      const std::vector<std::byte> moved(bytes.begin() + from,
                                         bytes.begin() + static_cast<std::ptrdiff_t>(from + size));
      std::ranges::copy(moved, expected.begin() + static_cast<std::ptrdiff_t>(to));
      move_bytes(bytes.data() + to, bytes.data() + from, size);
      ASSERT_EQ(bytes, expected) << size << " bytes to " << to;
    }
  }
}

TEST(FillBytes, FillsJustWhatItIsToFill) {
  for (std::size_t size = 0; size <= 70; ++size) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::vector<std::byte> bytes = numbered(100);
      std::vector<std::byte> expected = bytes;
      std::fill_n(expected.begin() + static_cast<std::ptrdiff_t>(at), size, std::byte{0xAB});
      fill_bytes(bytes.data() + at, std::byte{0xAB}, size);
      ASSERT_EQ(bytes, expected) << size << " bytes at " << at;
    }
  }
}

}  // namespace
}  // namespace bao::wasm
