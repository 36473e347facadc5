#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace bao::codegen {

/// Columns of UTF-8 text.
[[nodiscard]] inline std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace bao::codegen
