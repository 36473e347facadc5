#include "core/value/number.hpp"

#include <gtest/gtest.h>

#include <bao/value.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace bao::core {
namespace {

std::string normal(std::string_view text) {
  const auto number = normalize_number(text);
  return number ? *number : number_error_text(number.error());
}

TEST(NumberText, NormalForm) {
  struct Case {
    const char* text;
    const char* normal;
  };
  for (const Case& c : std::vector<Case>{
           {"0", "0"},
           {"-0", "0"},
           {"-0.000", "0"},
           {"0e999", "0"},
           {"007", "7"},
           {"+5", "5"},
           {".5", "0.5"},
           {"5.", "5"},
           {"1.50", "1.5"},
           {"-12.5", "-12.5"},
           {"1e5", "100000"},
           {"1.25E1", "12.5"},
           {"12.5e-4", "0.00125"},
           {"1E-3", "0.001"},
           {"100", "100"},
           {"0.0000100", "0.00001"},
           {"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"}}) {
    EXPECT_EQ(normal(c.text), c.normal) << c.text;
    EXPECT_TRUE(is_valid_number(c.text)) << c.text;
    EXPECT_EQ(normal(c.normal), c.normal);
  }
  EXPECT_EQ(normal("1E125"), "1" + std::string(125, '0'));
  EXPECT_EQ(normal("1E-130"), "0." + std::string(129, '0') + "1");
  EXPECT_EQ(normal("-9.9999999999999999999999999999999999999E+125"),
            "-" + std::string(38, '9') + std::string(88, '0'));
  EXPECT_EQ(normal(std::string(500, '0') + "1." + std::string(500, '0')), "1");
  EXPECT_EQ(normal("0." + std::string(200, '0') + "1e150"), "0." + std::string(50, '0') + "1");
  EXPECT_EQ(normal("1" + std::string(200, '0') + "e-200"), "1");
}

TEST(NumberText, Refusals) {
  for (const char* text :
       {"",      "-",   "+",    ".",     "-.",  "e5",  "1e",  "1e+",      "1 ",  " 1",
        "1.2.3", "--1", "0x10", "1_000", "NaN", "nan", "inf", "Infinity", "1,5", "\xD9\xA1"}) {
    EXPECT_EQ(parse_number(text).error(), NumberError::syntax) << text;
    EXPECT_FALSE(is_valid_number(text)) << text;
  }
  EXPECT_EQ(parse_number("123456789012345678901234567890123456789").error(), NumberError::too_many_digits);
  EXPECT_EQ(parse_number("1.23456789012345678901234567890123456789e-5").error(),
            NumberError::too_many_digits);
  EXPECT_EQ(parse_number("1E126").error(), NumberError::overflow);
  EXPECT_EQ(parse_number("-1E126").error(), NumberError::overflow);
  EXPECT_EQ(parse_number("1e99999999999999999999999").error(), NumberError::overflow);
  EXPECT_EQ(parse_number("1" + std::string(126, '0')).error(), NumberError::overflow);
  EXPECT_EQ(parse_number("9E-131").error(), NumberError::underflow);
  EXPECT_EQ(parse_number("1e-99999999999999999999999").error(), NumberError::underflow);
  EXPECT_STREQ(number_error_text(NumberError::too_many_digits), "has more than 38 significant digits");
}

std::string sum(std::string_view a, std::string_view b) {
  const auto result = add(*parse_number(a), *parse_number(b));
  return result ? result->to_string() : number_error_text(result.error());
}

std::string difference(std::string_view a, std::string_view b) {
  const auto result = subtract(*parse_number(a), *parse_number(b));
  return result ? result->to_string() : number_error_text(result.error());
}

TEST(NumberArithmetic, Exact) {
  EXPECT_EQ(sum("0.1", "0.2"), "0.3");
  EXPECT_EQ(sum("0", "0"), "0");
  EXPECT_EQ(sum("5", "-5"), "0");
  EXPECT_EQ(sum("-5", "3"), "-2");
  EXPECT_EQ(sum("99", "1"), "100");
  EXPECT_EQ(sum("99999999999999999999999999999999999999", "1"), "1" + std::string(38, '0'));
  EXPECT_EQ(sum("1", "0.0000000000000000000000000000000000001"), "1." + std::string(36, '0') + "1");
  EXPECT_EQ(difference("10", "0.5"), "9.5");
  EXPECT_EQ(difference("0", "7"), "-7");
  EXPECT_EQ(difference("7", "0"), "7");
  EXPECT_EQ(difference("-1", "-1"), "0");
  EXPECT_EQ(difference("1E-130", "2E-130"), "-0." + std::string(129, '0') + "1");
}

TEST(NumberArithmetic, RefusesWhatCannotBeHeld) {
  EXPECT_EQ(sum("1E38", "0.1"), "has more than 38 significant digits");
  EXPECT_EQ(sum("1E125", "1E-130"), "has more than 38 significant digits");
  EXPECT_EQ(sum("9E125", "1E125"), "is larger than DynamoDB's numbers");
  EXPECT_EQ(difference("-9E125", "1E125"), "is larger than DynamoDB's numbers");
  EXPECT_EQ(difference("1.1E-130", "1E-130"), "is closer to zero than DynamoDB's numbers");
}

TEST(NumberArithmetic, AgreesWithIntegers) {
  std::mt19937_64 random(20240517);
  for (int i = 0; i < 20'000; ++i) {
    // All magnitudes, not just the large ones.
    const auto draw = [&] { return static_cast<std::int64_t>(random()) >> (2 + random() % 61); };
    const std::int64_t a = draw();
    const std::int64_t b = draw();
    const Decimal decimal_a = decimal_from_int64(a);
    const Decimal decimal_b = decimal_from_int64(b);
    ASSERT_EQ(decimal_a, *parse_number(std::to_string(a)));
    ASSERT_EQ(decimal_a.to_string(), std::to_string(a));
    ASSERT_EQ(add(decimal_a, decimal_b)->to_string(), std::to_string(a + b)) << a << " + " << b;
    ASSERT_EQ(subtract(decimal_a, decimal_b)->to_string(), std::to_string(a - b)) << a << " - " << b;
    ASSERT_EQ(decimal_a <=> decimal_b, a <=> b) << a << " <=> " << b;
  }
}

TEST(NumberConversion, Int64) {
  const auto min = std::numeric_limits<std::int64_t>::min();
  const auto max = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(number_to_int64("0"), 0);
  EXPECT_EQ(number_to_int64("-0.0"), 0);
  EXPECT_EQ(number_to_int64("1e3"), 1000);
  EXPECT_EQ(number_to_int64("5.0"), 5);
  EXPECT_EQ(number_to_int64("+5"), 5);
  EXPECT_EQ(number_to_int64("120e-1"), 12);
  EXPECT_EQ(number_to_int64("9223372036854775807"), max);
  EXPECT_EQ(number_to_int64("9223372036854775807.0"), max);
  EXPECT_EQ(number_to_int64("-9223372036854775808"), min);
  EXPECT_EQ(number_to_int64("-9223372036854775808.0"), min);
  for (const char* text : {"9223372036854775808", "9223372036854775808.0", "-9223372036854775809",
                           "-9223372036854775809.0", "1.5", "0.1", "1e19", "1e-1", "x", "", "1x"}) {
    EXPECT_EQ(number_to_int64(text), std::nullopt) << text;
  }
  EXPECT_EQ(decimal_from_int64(min).to_string(), "-9223372036854775808");
  EXPECT_EQ(decimal_from_int64(0), *parse_number("0"));
}

TEST(NumberConversion, Double) {
  EXPECT_EQ(number_to_double("0.1"), 0.1);
  EXPECT_EQ(number_to_double("+1e22"), 1e22);
  EXPECT_EQ(number_to_double("-12.5"), -12.5);
  EXPECT_EQ(number_to_double("0"), 0.0);
  EXPECT_EQ(number_to_double("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(number_to_double("1E-130"), 1e-130);
  EXPECT_EQ(number_to_double("x"), std::nullopt);
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-120, 120);
  for (int i = 0; i < 5'000; ++i) {
    const double value = std::pow(10.0, exponent(random)) * (i % 2 == 0 ? 1 : -1);
    ASSERT_EQ(number_to_double(double_to_text(value)), value) << double_to_text(value);
  }
}

TEST(NumberConversion, DoublesOfShortDecimalsAreTheNearestOnes) {
  for (const char* text : {".", "", "..5", "0.5.", "-", "1.-5", "1 "}) {
    EXPECT_EQ(number_to_double(text), std::nullopt) << text;
  }
  EXPECT_EQ(number_to_double("007.50"), 7.5);
  EXPECT_EQ(number_to_double(".5"), 0.5);
  EXPECT_EQ(number_to_double("5."), 5.0);
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t size = 1 + random() % 18; text.size() < size;) {
      text += static_cast<char>('0' + random() % 10);
    }
    if (i % 4 != 0) text.insert(random() % (text.size() + 1), 1, '.');
    ASSERT_EQ(number_to_double(text), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(NumberConversion, ValuesOfDoublesHaveTheShortestText) {
  EXPECT_EQ(Value(0.1), Value(Number{"0.1"}));
  EXPECT_EQ(Value(1.0), Value(Number{"1"}));
  EXPECT_EQ(Value(-0.0), Value(Number{"0"}));
  EXPECT_EQ(Value(1e22), Value(Number{"1e+22"}));
  EXPECT_EQ(Value(5e-324), Value(Number{"5e-324"}));
  EXPECT_EQ(Value(std::nan("")), Value(Number{"nan"}));
  EXPECT_EQ(Value(std::numeric_limits<double>::infinity()), Value(Number{"inf"}));
  EXPECT_EQ(Value(-std::numeric_limits<double>::infinity()), Value(Number{"-inf"}));
}

Decimal random_decimal(std::mt19937_64& random) {
  Decimal number;
  number.digit_count = static_cast<std::uint8_t>(random() % (number_digits_max + 1));
  if (number.digit_count == 0) {
    return number;
  }
  // Few distinct digits and exponents, so that numbers often share a prefix.
  for (std::size_t i = 0; i < number.digit_count; ++i) {
    constexpr std::array<std::uint8_t, 4> choices = {0, 1, 5, 9};
    number.digits[i] = choices[random() % choices.size()];
  }
  number.digits[0] = static_cast<std::uint8_t>(1 + random() % 2);
  number.digits[number.digit_count - 1U] = static_cast<std::uint8_t>(1 + random() % 2);
  const std::array<std::int16_t, 5> exponents = {-129, -1, 0, 1, 126};
  number.exponent =
      random() % 4 == 0 ? static_cast<std::int16_t>(random() % 256) - 129 : exponents[random() % 5];
  number.negative = random() % 2 == 0;
  return number;
}

TEST(NumberSortKey, OrderOfBytesIsOrderOfNumbers) {
  const char* ascending[] = {"-9.9999999999999999999999999999999999999E+125",
                             "-1E125",
                             "-100",
                             "-12.5",
                             "-12",
                             "-11.999",
                             "-1",
                             "-0.5",
                             "-1E-130",
                             "0",
                             "1E-130",
                             "0.01",
                             "0.1",
                             "0.11",
                             "0.5",
                             "1",
                             "1.01",
                             "9.99",
                             "10",
                             "12",
                             "12.5",
                             "100",
                             "1E125",
                             "9.9999999999999999999999999999999999999E+125"};
  std::string previous;
  for (const char* text : ascending) {
    const std::string key = *number_sort_key(std::string_view(text));
    EXPECT_LT(previous, key) << text;
    EXPECT_LE(key.size(), 22U);
    previous = key;
  }
  EXPECT_EQ(*number_sort_key("1.0"), *number_sort_key("1"));
  EXPECT_EQ(*number_sort_key("-0"), *number_sort_key("0"));
  EXPECT_EQ(number_sort_key("x").error(), NumberError::syntax);
}

TEST(NumberSortKey, HoldsForRandomNumbers) {
  std::mt19937_64 random(424242);
  for (int i = 0; i < 100'000; ++i) {
    const Decimal a = random_decimal(random);
    const Decimal b = random_decimal(random);
    const std::string key_a = number_sort_key(a);
    const std::string key_b = number_sort_key(b);
    ASSERT_EQ(a <=> b, key_a <=> key_b) << a.to_string() << " and " << b.to_string();
    ASSERT_EQ(a == b, key_a == key_b);
    if (a != b) {
      ASSERT_FALSE(key_a.starts_with(key_b)) << a.to_string() << " and " << b.to_string();
    }
    ASSERT_EQ(*parse_number(a.to_string()), a);
    ASSERT_LE(key_a.size(), 22U);
    const auto total = add(a, b);
    if (total) {
      // Exact arithmetic can be undone.
      ASSERT_EQ(*subtract(*total, b), a) << a.to_string() << " + " << b.to_string();
    }
  }
}

}  // namespace
}  // namespace bao::core
