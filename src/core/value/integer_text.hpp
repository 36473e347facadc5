#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bao::core {

// One function each way, for every kind of integer: std::to_string and std::from_chars are one for each, and
// larger, where size counts (WebAssembly modules).

/// The integer in decimal, behind `out`.
void append_integer(std::string& out, std::int64_t value);

/// The same alone.
[[nodiscard]] std::string integer_text(std::int64_t value);

/// The integer that the whole text is, in decimal, with a minus sign or without a sign; nothing for other
/// texts, and for integers of more than 64 bits.
[[nodiscard]] std::optional<std::int64_t> integer_from_text(std::string_view text);

}  // namespace bao::core
