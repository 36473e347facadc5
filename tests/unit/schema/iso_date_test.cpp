#include "core/schema/iso_date.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

namespace bao::core {
namespace {

TEST(IsoDate, AgreesWithTheCalendarOnEveryDay) {
  using namespace std::chrono;
  const sys_days last = year(9999) / December / 31;
  for (sys_days day = year(0) / January / 1; day <= last; day += days(1)) {
    const year_month_day date(day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    ASSERT_EQ(iso_date_ms(text), milliseconds(day.time_since_epoch()).count()) << text;
  }
}

TEST(IsoDate, ReadsTimesAndOffsets) {
  EXPECT_EQ(iso_date_ms("1970-01-01T00:00Z"), 0);
  EXPECT_EQ(iso_date_ms("1970-01-01 00:00:01Z"), 1000);
  EXPECT_EQ(iso_date_ms("1970-01-01T00:00:00.5Z"), 500);
  EXPECT_EQ(iso_date_ms("1970-01-01T00:00:00.123999999Z"), 123);
  EXPECT_EQ(iso_date_ms("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(iso_date_ms("1969-12-31T18:30:00-05:30"), 0);
  EXPECT_EQ(iso_date_ms("1969-12-31T23:59:59.999Z"), -1);
}

TEST(IsoDate, RefusesEverythingElse) {
  for (const char* text : {"",
                           "2024",
                           "2024-05",
                           "2024-5-1",
                           "2024-00-01",
                           "2024-13-01",
                           "2024-04-31",
                           "2023-02-29",
                           "1900-02-29",
                           "2024-05-31T",
                           "2024-05-31T12",
                           "2024-05-31T12:00",
                           "2024-05-31T12:00:00",
                           "2024-05-31T24:00Z",
                           "2024-05-31T12:60Z",
                           "2024-05-31T12:00:60Z",
                           "2024-05-31T12:00:00.Z",
                           "2024-05-31T12:00:00.0123456789Z",
                           "2024-05-31T12:00Zx",
                           "2024-05-31T12:00+24:00",
                           "2024-05-31T12:00+01",
                           "2024-05-31T12:00+01:60",
                           "2024-05-31T12:00+01:00x",
                           "20240531",
                           "-2024-05-31",
                           " 2024-05-31",
                           "2024-05-31 "}) {
    EXPECT_EQ(iso_date_ms(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace bao::core
