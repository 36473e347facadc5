#include "core/keys/javascript_number.hpp"

#include <cmath>
#include <cstddef>
#include <cstdlib>

#include "core/value/double_digits.hpp"
#include "core/value/integer_text.hpp"

namespace bao::core {

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
  return text.append(exponent < 0 ? "e-" : "e+").append(integer_text(std::abs(exponent)));
}

std::string exponential_text(double value) {
  constexpr std::size_t kept = 21;
  DoubleDigits exact{.digits = std::string(kept + 1, '0'), .exponent = 1};
  if (value != 0) exact = exact_digits(std::fabs(value), kept + 1);
  std::string& digits = exact.digits;
  // JavaScript rounds ties up, so that the next digit decides.
  const bool up = digits[kept] >= '5';
  digits.resize(kept);
  if (up) {
    std::size_t i = digits.size();
    while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
    if (i > 0) {
      ++digits[i - 1];
    } else {
      digits.insert(0, "1");
      digits.pop_back();
      ++exact.exponent;
    }
  }
  const int exponent = exact.exponent - 1;
  std::string text = value < 0 ? "-" : "";
  text.append(digits, 0, 1).append(".").append(digits, 1);
  return text.append(exponent < 0 ? "e-" : "e+").append(integer_text(std::abs(exponent)));
}

}  // namespace bao::core
