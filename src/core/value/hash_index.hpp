#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace bao::core {

/// Finds numbers, as a rule the positions of things in a list of the caller's, by a hash of the things. One
/// class for every kind of thing: each std::unordered_map is a kilobyte of the WebAssembly modules.
class HashIndex {
 public:
  /// The number of a thing with this hash for which `is_it(number)` holds; nothing where there is none.
  template <class IsIt>
  [[nodiscard]] std::optional<std::uint32_t> find(std::size_t hash, const IsIt& is_it) const {
    if (slots_.empty()) return std::nullopt;
    const auto wanted = static_cast<std::uint32_t>(hash);
    for (std::size_t at = wanted & mask(); slots_[at].number != none; at = (at + 1) & mask()) {
      if (slots_[at].hash == wanted && is_it(slots_[at].number)) return slots_[at].number;
    }
    return std::nullopt;
  }

  /// Adds a number that is not there.
  void insert(std::size_t hash, std::size_t number);
  /// Drops a number that is there.
  void erase(std::size_t hash, std::size_t number);

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = none;
  };

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  void put(Slot slot);

  std::vector<Slot> slots_;  // none, or a power of two of them, a half of it free at least
  std::size_t size_ = 0;
};

}  // namespace bao::core
