#include "core/keys/javascript_number.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace bao::core {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string javascript_text(const Decimal& decimal) {
  if (decimal.digit_count == 0) return "0";
  std::string digits;
  for (std::size_t i = 0; i < decimal.digit_count; ++i)
    digits.push_back(static_cast<char>('0' + decimal.digits[i]));
  std::string text = decimal.negative ? "-" : "";
  const int count = decimal.digit_count;
  const int point = decimal.exponent;
  if (count <= point && point <= 21) {
    return text.append(digits).append(static_cast<std::size_t>(point - count), '0');
  }
  if (0 < point && point <= 21) {
    const auto at = static_cast<std::size_t>(point);
    return text.append(digits, 0, at).append(".").append(digits, at);
  }
  if (-6 < point && point <= 0) {
    return text.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  }
  text.push_back(digits[0]);
  if (count > 1) text.append(".").append(digits, 1);
  const int exponent = point - 1;
  return text.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
}

std::string exponential_text(double value) {
  // A double has at most 767 significant digits, so this is exact, and only the first 21 are kept. printf
  // would round ties to even where JavaScript rounds them up; its decimal point depends on the locale.
  std::array<char, 800> exact{};
  const int size = std::snprintf(exact.data(), exact.size(), "%.780e", std::fabs(value));
  const std::string_view printed(exact.data(), static_cast<std::size_t>(size));
  const std::size_t e = printed.find('e');
  std::string digits;
  for (const char c : printed.substr(0, e)) {
    if (is_digit(c)) digits.push_back(c);
  }
  int exponent = std::atoi(exact.data() + e + 1);
  const bool up = digits[21] >= '5';
  digits.resize(21);
  if (up) {
    std::size_t i = digits.size();
    while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
    if (i > 0) {
      ++digits[i - 1];
    } else {
      digits.insert(digits.begin(), '1');
      digits.pop_back();
      ++exponent;
    }
  }
  std::string text = value < 0 ? "-" : "";
  text.append(digits, 0, 1).append(".").append(digits, 1);
  return text.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
}

}  // namespace bao::core
