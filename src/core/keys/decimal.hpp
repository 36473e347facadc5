#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bao::core {

/// The value of decimal number text: 0.DIGITS * 10^point. Zero has no digits and is never negative.
struct Decimal {
  bool negative = false;
  std::string digits;  ///< no zeros at either end
  int point = 0;

  [[nodiscard]] bool is_integer() const { return point >= static_cast<int>(digits.size()); }
};

/// "-12.50", "1e3", "+.5"; nothing where the text is not a number (or its exponent is beyond +-9999).
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

/// The text that JavaScript's String(number) gives for the same digits: plain from 1e-6 up to 21 digits,
/// otherwise "1.5e-7".
[[nodiscard]] std::string javascript_text(const Decimal& decimal);

/// What JavaScript's Number.prototype.toExponential(20) gives: exact digits, ties away from zero.
[[nodiscard]] std::string exponential_text(double value);

}  // namespace bao::core
