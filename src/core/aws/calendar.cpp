#include "core/aws/calendar.hpp"

namespace bao::core {
namespace {

constexpr std::int64_t day_seconds = 86'400;
/// Days from 0000-03-01 to 1970-01-01: with years that begin in March the leap day comes last.
constexpr std::int64_t epoch_day = 719'468;
/// Days in 400 years.
constexpr std::int64_t cycle_days = 146'097;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

CivilTime civil_time(std::int64_t epoch_ms) {
  const std::int64_t seconds = floor_divide(epoch_ms, 1000);
  const std::int64_t day = floor_divide(seconds, day_seconds);
  const auto second_of_day = static_cast<int>(seconds - day * day_seconds);

  const std::int64_t cycle = floor_divide(day + epoch_day, cycle_days);
  const std::int64_t of_cycle = day + epoch_day - cycle * cycle_days;
  const std::int64_t year =
      (of_cycle - of_cycle / 1460 + of_cycle / 36'524 - of_cycle / (cycle_days - 1)) / 365;
  const auto of_year = static_cast<int>(of_cycle - (365 * year + year / 4 - year / 100));
  const int month_from_march = (5 * of_year + 2) / 153;
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return CivilTime{.year = cycle * 400 + year + (month <= 2 ? 1 : 0),
                   .month = month,
                   .day = of_year - (153 * month_from_march + 2) / 5 + 1,
                   .hour = second_of_day / 3600,
                   .minute = second_of_day / 60 % 60,
                   .second = second_of_day % 60};
}

std::int64_t epoch_ms(const CivilTime& time) {
  const std::int64_t march_year = time.year - (time.month <= 2 ? 1 : 0);
  const std::int64_t cycle = floor_divide(march_year, 400);
  const std::int64_t of_cycle = march_year - cycle * 400;
  const int month_from_march = time.month > 2 ? time.month - 3 : time.month + 9;
  const std::int64_t of_year = (153 * month_from_march + 2) / 5 + time.day - 1;
  const std::int64_t day =
      cycle * cycle_days + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - epoch_day;
  return (day * day_seconds + time.hour * 3600 + time.minute * 60 + time.second) * 1000;
}

}  // namespace bao::core
