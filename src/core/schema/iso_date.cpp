#include "core/schema/iso_date.hpp"

#include <cstddef>

namespace bao::core {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  bool take(char c) {
    if (at_end() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  /// Exactly `count` digits.
  std::optional<int> digits(std::size_t count) {
    if (text_.size() - position_ < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = text_[position_ + i];
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    position_ += count;
    return value;
  }
  /// 1 to 9 digits of a second's fraction, as whole ms.
  std::optional<int> fraction_ms() {
    int ms = 0;
    std::size_t count = 0;
    for (int unit = 100; !at_end() && text_[position_] >= '0' && text_[position_] <= '9';
         ++position_, ++count) {
      ms += (text_[position_] - '0') * unit;
      unit /= 10;
    }
    if (count < 1 || count > 9) return std::nullopt;
    return ms;
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(int year, int month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Days from 1970-01-01, in the proleptic Gregorian calendar.
std::int64_t days_from_epoch(int year, int month, int day) {
  std::int64_t days = day - 1;
  for (int m = 1; m < month; ++m) days += days_in_month(year, m);
  // Leap days of the years 1..past; the year 0, before them, is itself leap.
  const auto leap_days = [](std::int64_t past) { return past < 0 ? -1 : past / 4 - past / 100 + past / 400; };
  const std::int64_t past = std::int64_t{year} - 1;
  constexpr std::int64_t past_epoch = 1969;
  return days + (past - past_epoch) * 365 + leap_days(past) - leap_days(past_epoch);
}

}  // namespace

std::optional<std::int64_t> iso_date_ms(std::string_view text) {
  Scanner scan(text);
  const auto year = scan.digits(4);
  if (!year || !scan.take('-')) return std::nullopt;
  const auto month = scan.digits(2);
  if (!month || *month < 1 || *month > 12 || !scan.take('-')) return std::nullopt;
  const auto day = scan.digits(2);
  if (!day || *day < 1 || *day > days_in_month(*year, *month)) return std::nullopt;
  std::int64_t ms = days_from_epoch(*year, *month, *day) * 86'400'000;
  if (scan.at_end()) return ms;

  if (!scan.take('T') && !scan.take(' ')) return std::nullopt;
  const auto hour = scan.digits(2);
  if (!hour || *hour > 23 || !scan.take(':')) return std::nullopt;
  const auto minute = scan.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  ms += (*hour * 60 + *minute) * std::int64_t{60'000};
  if (scan.take(':')) {
    const auto second = scan.digits(2);
    if (!second || *second > 59) return std::nullopt;
    ms += *second * std::int64_t{1000};
    if (scan.take('.')) {
      const auto fraction = scan.fraction_ms();
      if (!fraction) return std::nullopt;
      ms += *fraction;
    }
  }
  if (scan.take('Z')) return scan.at_end() ? std::optional(ms) : std::nullopt;

  const bool east = scan.take('+');
  if (!east && !scan.take('-')) return std::nullopt;
  const auto offset_hours = scan.digits(2);
  if (!offset_hours || *offset_hours > 23 || !scan.take(':')) return std::nullopt;
  const auto offset_minutes = scan.digits(2);
  if (!offset_minutes || *offset_minutes > 59 || !scan.at_end()) return std::nullopt;
  const std::int64_t offset_ms = (*offset_hours * 60 + *offset_minutes) * std::int64_t{60'000};
  return east ? ms - offset_ms : ms + offset_ms;
}

}  // namespace bao::core
