#include "core/aws/calendar.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/aws/fault.hpp"

namespace bao::core {
namespace {

TEST(Calendar, KnownMoments) {
  EXPECT_EQ(civil_time(0), (CivilTime{}));
  EXPECT_EQ(civil_time(-1), (CivilTime{1969, 12, 31, 23, 59, 59}));
  EXPECT_EQ(civil_time(951'782'400'000), (CivilTime{2000, 2, 29, 0, 0, 0}));
  EXPECT_EQ(civil_time(1'763'928'137'999), (CivilTime{2025, 11, 23, 20, 2, 17}));
  EXPECT_EQ(civil_time(4'107'542'399'000), (CivilTime{2100, 2, 28, 23, 59, 59}));
  EXPECT_EQ(civil_time(4'107'542'400'000), (CivilTime{2100, 3, 1, 0, 0, 0}));
}

TEST(Calendar, RoundTrips) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 10'000; ++i) {
    // From about the year -6700 to 10600.
    const std::int64_t second = static_cast<std::int64_t>(random() % 546'000'000'000) - 273'000'000'000;
    EXPECT_EQ(epoch_ms(civil_time(second * 1000)), second * 1000);
  }
}

TEST(HttpDate, Parses) {
  EXPECT_EQ(parse_http_date_ms("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
  EXPECT_EQ(parse_http_date_ms("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777'000);
  EXPECT_EQ(parse_http_date_ms("Thu, 29 Feb 2024 23:59:59 GMT"), 1'709'251'199'000);
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const char* bad :
       {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 31 Apr 1994 08:49:37 GMT", "Sun, 29 Feb 2023 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nox 1994 08:49:37 GMT",
        "Sun, 06 anF 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 0x Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 -8:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    EXPECT_EQ(parse_http_date_ms(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace bao::core
