#pragma once

#include <lmdb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// LMDB's keys end at 511 bytes, the engine's do not. A key that is too long is cut: its first part stands in
// LMDB with a number as its value, and the rest is a key in the node of that number, cut again where that is
// too long. So each node is an ordered map of short keys, and what long keys have in common is stored once.
//
//   key in LMDB = 00 part               in the root
//               = 01 number part        in a node; the number has 8 bytes, big-endian
//
// A key of exactly 511 bytes in LMDB leads to a node; its part, being the longest that fits, comes in order
// behind every whole key that is a beginning of it.

namespace bao::local {

inline constexpr std::size_t lmdb_key_size_max = 511;

/// The number of a node; 0 is the root.
using KeyNode = std::uint64_t;

[[nodiscard]] inline std::uint64_t load_node(const void* bytes) {
  std::array<unsigned char, 8> b{};
  std::memcpy(b.data(), bytes, b.size());
  std::uint64_t number = 0;
  for (const unsigned char byte : b) number = number << 8U | byte;
  return number;
}

inline void store_node(void* bytes, KeyNode node) {
  std::array<unsigned char, 8> b{};
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<unsigned char>(node >> (8 * (7 - i)));
  std::memcpy(bytes, b.data(), b.size());
}

/// A key as LMDB has it, in a buffer of its own.
class ShortKey {
 public:
  [[nodiscard]] static constexpr std::size_t head_size(KeyNode node) { return node == 0 ? 1 : 9; }
  /// The longest part that a key of the node can have.
  [[nodiscard]] static constexpr std::size_t part_size_max(KeyNode node) {
    return lmdb_key_size_max - head_size(node);
  }

  /// `part` has part_size_max(node) bytes at most.
  ShortKey(KeyNode node, std::string_view part) : size_(head_size(node) + part.size()) {
    bytes_[0] = node == 0 ? 0 : 1;
    if (node != 0) store_node(bytes_.data() + 1, node);
    if (!part.empty()) std::memcpy(bytes_.data() + head_size(node), part.data(), part.size());
  }

  [[nodiscard]] MDB_val value() { return {size_, bytes_.data()}; }

 private:
  std::size_t size_;
  std::array<char, lmdb_key_size_max + 1> bytes_;
};

[[nodiscard]] inline std::string_view view(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

/// Whether the entry leads to a node instead of being a whole key.
[[nodiscard]] inline bool leads_to_node(const MDB_val& key) {
  return key.mv_size == lmdb_key_size_max;
}

/// Whether the entry belongs to the node.
[[nodiscard]] inline bool is_in_node(const MDB_val& key, KeyNode node) {
  const auto* bytes = static_cast<const char*>(key.mv_data);
  if (node == 0) return bytes[0] == 0;
  return bytes[0] == 1 && load_node(bytes + 1) == node;
}

[[nodiscard]] inline std::string_view part_of(const MDB_val& key, KeyNode node) {
  return view(key).substr(ShortKey::head_size(node));
}

}  // namespace bao::local
