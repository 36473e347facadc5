#pragma once

#include <cstddef>
#include <string_view>

namespace bao::core {

/// The length (1 to 4) of the well-formed UTF-8 sequence at the start of `text`; 0 where there is none.
/// Strict as RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] std::size_t utf8_sequence_size(std::string_view text);

/// The offset of the first byte that does not start a well-formed sequence; npos where all are.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text);

[[nodiscard]] inline bool is_valid_utf8(std::string_view text) {
  return find_invalid_utf8(text) == std::string_view::npos;
}

/// UTF-16 code units that well-formed UTF-8 text has in JavaScript (`"...".length`).
[[nodiscard]] std::size_t utf16_size(std::string_view text);

/// Unicode code points of well-formed UTF-8 text.
[[nodiscard]] std::size_t code_point_count(std::string_view text);

}  // namespace bao::core
