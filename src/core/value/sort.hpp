#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace bao::core {

namespace detail {
void sort_numbers(std::vector<std::uint32_t>& numbers,
                  bool (*before)(const void* context, std::uint32_t a, std::uint32_t b), const void* context);
}

/// Sorts numbers, as a rule the positions of what is to be sorted, by `before(a, b)`. In O(n log n), not
/// stable. One function serves every caller; std::sort would be three kilobytes for each.
template <class Before>
void sort_numbers(std::vector<std::uint32_t>& numbers, const Before& before) {
  detail::sort_numbers(
      numbers,
      [](const void* context, std::uint32_t a, std::uint32_t b) -> bool {
        return (*static_cast<const Before*>(context))(a, b);
      },
      &before);
}

/// The positions of `count` things in the order of `before(a, b)`, likewise.
template <class Before>
std::vector<std::uint32_t> sorted_positions(std::size_t count, const Before& before) {
  std::vector<std::uint32_t> positions(count);
  std::iota(positions.begin(), positions.end(), std::uint32_t{0});
  sort_numbers(positions, before);
  return positions;
}

}  // namespace bao::core
