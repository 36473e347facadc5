#include "core/value/hash_index.hpp"

#include <bit>
#include <utility>

namespace bao::core {

void HashIndex::put(Slot slot) {
  std::size_t at = slot.hash & mask();
  while (slots_[at].number != none) at = (at + 1) & mask();
  slots_[at] = slot;
}

void HashIndex::insert(std::size_t hash, std::size_t number) {
  if (++size_ * 2 > slots_.size()) {
    const std::vector<Slot> full = std::exchange(slots_, std::vector<Slot>(std::bit_ceil(size_ * 4)));
    for (const Slot& slot : full) {
      if (slot.number != none) put(slot);
    }
  }
  put({.hash = static_cast<std::uint32_t>(hash), .number = static_cast<std::uint32_t>(number)});
}

void HashIndex::erase(std::size_t hash, std::size_t number) {
  std::size_t hole = static_cast<std::uint32_t>(hash) & mask();
  while (slots_[hole].number != number) hole = (hole + 1) & mask();
  // What stands behind it may have been put there because its place was taken: it moves up.
  for (std::size_t at = (hole + 1) & mask(); slots_[at].number != none; at = (at + 1) & mask()) {
    const std::size_t distance = (at - slots_[at].hash) & mask();
    if (distance < ((at - hole) & mask())) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
  --size_;
}

}  // namespace bao::core
