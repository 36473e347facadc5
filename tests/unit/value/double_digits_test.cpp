#include "core/value/double_digits.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/value/number.hpp"

namespace bao::core {
namespace {

std::string standard_text(double value) {
  char buffer[400];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end};
}

std::vector<double> samples() {
  std::vector<double> values{0.1,
                             0.5,
                             1,
                             2,
                             5e-324,
                             2.2250738585072014e-308,
                             std::numeric_limits<double>::max(),
                             9007199254740991.0,
                             9007199254740993.0,
                             1e21,
                             1e22,
                             1e23,
                             123456789012345680000.0,
                             4.35,
                             0.000001,
                             1e-7,
                             100,
                             1e15,
                             3.14159};
  for (int exponent = -1074; exponent <= 1023; ++exponent) values.push_back(std::ldexp(1.0, exponent));
  std::mt19937_64 random(7);
  while (values.size() < 10'000) {
    const double any = std::fabs(std::bit_cast<double>(random()));
    if (std::isfinite(any) && any != 0) values.push_back(any);
    values.push_back(static_cast<double>(random() % 100'000'000) / 1000 + 0.001);
  }
  return values;
}

TEST(DoubleDigits, ShortestTextIsThatOfTheStandardLibrary) {
  for (const double value : samples()) {
    ASSERT_EQ(shortest_text(value), standard_text(value));
    ASSERT_EQ(shortest_text(-value), standard_text(-value));
  }
}

TEST(DoubleDigits, ExactDigitsAreThoseOfPrintf) {
  for (const double value : samples()) {
    const DoubleDigits exact = exact_digits(value, 22);
    char printed[900];
    std::snprintf(printed, sizeof printed, "%.780e", value);
    std::string digits(1, printed[0]);
    digits.append(printed + 2, 21);
    ASSERT_EQ(exact.digits, digits) << printed;
    ASSERT_EQ(exact.exponent - 1,
              std::atoi(std::string(printed).substr(std::string(printed).find('e') + 1).c_str()));
  }
}

TEST(DoubleDigits, ReadsTheNearestDouble) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 10'000; ++i) {
    std::vector<unsigned char> digits(1 + random() % 38);
    std::string text = "0.";
    for (unsigned char& digit : digits) {
      digit = static_cast<unsigned char>(random() % 10);
      if (&digit == digits.data() && digit == 0) digit = 1;
      text += static_cast<char>('0' + digit);
    }
    const int exponent = static_cast<int>(random() % 256) - 129;
    text += "e" + std::to_string(exponent);
    double expected = 0;
    std::from_chars(text.data(), text.data() + text.size(), expected);
    ASSERT_EQ(double_of_digits(digits, exponent), expected) << text;
  }
  // A tie: halfway between two doubles, to the even one.
  const std::vector<unsigned char> tie{9, 0, 0, 7, 1, 9, 9, 2, 5, 4, 7, 4, 0, 9, 9, 3};
  EXPECT_EQ(double_of_digits(tie, 16), 9007199254740992.0);
  EXPECT_EQ(double_of_digits({}, 0), 0);
}

}  // namespace
}  // namespace bao::core
