#include "core/value/sort.hpp"

#include <cstddef>
#include <utility>

namespace bao::core::detail {

// A heap sort: it has no bad case, and is small.
void sort_numbers(std::vector<std::uint32_t>& numbers,
                  bool (*before)(const void* context, std::uint32_t a, std::uint32_t b),
                  const void* context) {
  std::size_t size = numbers.size();
  std::size_t unheaped = size / 2;  // what stands at or behind it is a heap
  while (size > 1) {
    if (unheaped > 0) {
      --unheaped;
    } else {
      std::swap(numbers[0], numbers[--size]);
    }
    std::size_t parent = unheaped;
    for (std::size_t child = 2 * parent + 1; child < size; child = 2 * parent + 1) {
      if (child + 1 < size && before(context, numbers[child], numbers[child + 1])) ++child;
      if (!before(context, numbers[parent], numbers[child])) break;
      std::swap(numbers[parent], numbers[child]);
      parent = child;
    }
  }
}

}  // namespace bao::core::detail
