#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "local/item/encoded.hpp"

namespace bao::local {

inline constexpr std::size_t item_size_max = 400 * 1024;

/// Bytes that DynamoDB counts for a value (Developer Guide, "DynamoDB item sizes and formats").
[[nodiscard]] std::size_t value_size(Encoded value);
/// Of an item: names and values of all attributes.
[[nodiscard]] std::size_t item_size(Encoded item);

/// The size kept at the front of a record.
[[nodiscard]] inline std::uint32_t record_size(std::string_view record) {
  return load_u32(record.data());
}

/// Writes an item attribute by attribute as a record.
class RecordWriter {
 public:
  explicit RecordWriter(std::string& out) : out_(out) { out_.assign(8, '\0'); }
  void attribute(std::string_view name, Encoded value) {
    append_bytes(out_, name);
    out_ += value.bytes();
    ++count_;
  }
  void finish();

 private:
  std::string& out_;
  std::uint32_t count_ = 0;
};

}  // namespace bao::local
