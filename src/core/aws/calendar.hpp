#pragma once

#include <cstdint>

namespace bao::core {

/// A moment in UTC.
struct CivilTime {
  std::int64_t year = 1970;
  int month = 1;  ///< 1..12
  int day = 1;    ///< 1..31
  int hour = 0;
  int minute = 0;
  int second = 0;

  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

[[nodiscard]] CivilTime civil_time(std::int64_t epoch_ms);
[[nodiscard]] std::int64_t epoch_ms(const CivilTime& time);

}  // namespace bao::core
