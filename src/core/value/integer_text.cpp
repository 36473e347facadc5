#include "core/value/integer_text.hpp"

#include <array>
#include <limits>

namespace bao::core {

void append_integer(std::string& out, std::int64_t value) {
  std::array<char, 20> digits{};  // as long as the smallest int64
  char* const end = digits.data() + digits.size();
  char* begin = end;
  const bool negative = value < 0;
  std::uint64_t left = negative ? 0U - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  do {
    *--begin = static_cast<char>('0' + left % 10);
    left /= 10;
  } while (left != 0);
  if (negative) *--begin = '-';
  out.append(begin, static_cast<std::size_t>(end - begin));
}

std::string integer_text(std::int64_t value) {
  std::string text;
  append_integer(text, value);
  return text;
}

std::optional<std::int64_t> integer_from_text(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t magnitude = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || magnitude > max / 10) return std::nullopt;
    magnitude = magnitude * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (magnitude > max + (negative ? 1U : 0U)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0U - magnitude : magnitude);
}

}  // namespace bao::core
