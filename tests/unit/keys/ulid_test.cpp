#include "core/keys/ulid.hpp"

#include <gtest/gtest.h>

#include <random>

namespace bao::core {
namespace {

constexpr std::uint64_t all_ones = ~std::uint64_t{0};

TEST(Ulid, KnownTexts) {
  // The specification's own example has this time part.
  EXPECT_EQ(UlidGenerator().next(1469918176385, 0, 0), "01ARYZ6S410000000000000000");
  EXPECT_EQ(UlidGenerator().next(0, 0, 1), "00000000000000000000000001");
  EXPECT_EQ(UlidGenerator().next((std::int64_t{1} << 48) - 1, all_ones, all_ones),
            "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
  EXPECT_EQ(UlidGenerator().next(0, 0x1234, 0x56789ABCDEF01234), "000000000028T5CY4TQKFF04HM");
}

TEST(Ulid, TimeRoundTrips) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1000; ++i) {
    const auto time = static_cast<std::int64_t>(random() >> 16);
    EXPECT_EQ(ulid_time_ms(UlidGenerator().next(time, random(), random())), time);
  }
}

TEST(Ulid, GrowsWithinAMillisecondAndWhenTheClockGoesBack) {
  UlidGenerator generator;
  std::mt19937_64 random(9);
  std::string last;
  std::int64_t time = 1'700'000'000'000;
  for (int i = 0; i < 10'000; ++i) {
    time += static_cast<std::int64_t>(random() % 5) - 2;
    std::string next = generator.next(time, random(), random());
    ASSERT_LT(last, next);
    last = std::move(next);
  }
}

TEST(Ulid, CarriesWhenItsRandomBitsAreUsedUp) {
  UlidGenerator generator;
  EXPECT_EQ(generator.next(5, 1, all_ones), "0000000005000ZZZZZZZZZZZZZ");
  EXPECT_EQ(generator.next(5, 0, 0), "00000000050010000000000000");
  UlidGenerator full;
  EXPECT_EQ(full.next(5, all_ones, all_ones), "0000000005ZZZZZZZZZZZZZZZZ");
  EXPECT_EQ(full.next(5, 0, 3), "00000000060000000000000003");
}

TEST(Ulid, TimesOutsideFortyEightBits) {
  EXPECT_EQ(UlidGenerator().next(-5, 0, 0), "00000000000000000000000000");
  EXPECT_EQ(UlidGenerator().next(std::int64_t{1} << 60, 0, 0), "7ZZZZZZZZZ0000000000000000");
}

TEST(Ulid, OnlyUlidsHaveATime) {
  EXPECT_EQ(ulid_time_ms("01ARYZ6S41TSV4RRFFQ69G5FAV"), 1469918176385);
  EXPECT_EQ(ulid_time_ms("01aryz6s41tsv4rrffq69g5fav"), 1469918176385);
  for (const char* bad :
       {"", "01ARYZ6S41TSV4RRFFQ69G5FA", "01ARYZ6S41TSV4RRFFQ69G5FAVV", "81ARYZ6S41TSV4RRFFQ69G5FAV",
        "01ARYZ6S41TSV4RRFFQ69G5FAI", "01ARYZ6S41TSV4RRFFQ69G5FAL", "01ARYZ6S41TSV4RRFFQ69G5FAO",
        "01ARYZ6S41TSV4RRFFQ69G5FAU", "01ARYZ6S41TSV4RRFFQ69G5F V"}) {
    EXPECT_EQ(ulid_time_ms(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace bao::core
