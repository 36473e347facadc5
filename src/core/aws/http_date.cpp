#include <array>
#include <cstddef>
#include <string_view>

#include "core/aws/calendar.hpp"
#include "core/aws/fault.hpp"

namespace bao::core {
namespace {

/// The number of `count` digits at `at`; -1 where there are none.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::optional<std::int64_t> parse_http_date_ms(const std::string& date) {
  constexpr std::string_view shape = "ddd, 00 mmm 0000 00:00:00 GMT";
  const std::string_view text = date;
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool fixed = shape[i] != '0' && shape[i] != 'd' && shape[i] != 'm';
    if (fixed && text[i] != shape[i]) return std::nullopt;
  }
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const CivilTime time{.year = digits_at(text, 12, 4),
                       .month = static_cast<int>(month / 3) + 1,
                       .day = digits_at(text, 5, 2),
                       .hour = digits_at(text, 17, 2),
                       .minute = digits_at(text, 20, 2),
                       .second = digits_at(text, 23, 2)};
  const bool positive =
      time.year >= 0 && time.day > 0 && time.hour >= 0 && time.minute >= 0 && time.second >= 0;
  const std::int64_t ms = epoch_ms(time);
  // The 31st of April, or 25 hours, would come back as another moment.
  if (!positive || civil_time(ms) != time) return std::nullopt;
  return ms;
}

}  // namespace bao::core
