#include "core/value/integer_text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace bao::core {
namespace {

constexpr std::int64_t min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t max = std::numeric_limits<std::int64_t>::max();

TEST(IntegerText, WritesAndReadsEveryInteger) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{7}, std::int64_t{-1}, std::int64_t{10}, max, max - 1, min, min + 1}) {
    EXPECT_EQ(integer_text(value), std::to_string(value));
    EXPECT_EQ(integer_from_text(std::to_string(value)), value);
  }
}

TEST(IntegerText, WritesBehindWhatIsThere) {
  std::string text = "n";
  append_integer(text, -12);
  EXPECT_EQ(text, "n-12");
}

TEST(IntegerText, ReadsLeadingZeros) {
  EXPECT_EQ(integer_from_text("00000000000000000000000012"), 12);
  EXPECT_EQ(integer_from_text("-007"), -7);
}

TEST(IntegerText, RefusesWhatIsNoIntegerOf64Bits) {
  for (const char* text : {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "--1", "9223372036854775808",
                           "-9223372036854775809", "99999999999999999999", "92233720368547758070"}) {
    EXPECT_EQ(integer_from_text(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace bao::core
