#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace bao::core {

// Between doubles and decimal digits, exactly, with plain big integers. libc++'s tables for the same would be
// a third of the WebAssembly module; natively they are faster and used instead, where numbers are many.

/// 0.d1d2d3... x 10^exponent, each digit '0' to '9', d1 not '0'.
struct DoubleDigits {
  std::string digits;
  int exponent = 0;
};

/// The fewest digits that read back as this double, which has to be finite and above 0; the nearest of those
/// where there are several.
[[nodiscard]] DoubleDigits shortest_digits(double value);
/// The first `count` digits of the double's exact value, cut off.
[[nodiscard]] DoubleDigits exact_digits(double value, std::size_t count);

/// What std::to_chars gives for a finite double that is not 0: "0.1", "1e+22", "-12".
[[nodiscard]] std::string shortest_text(double value);

/// The nearest double, ties to even. `digits` (0 to 9 each, at most 40) as above; the exponent within +-200.
[[nodiscard]] double double_of_digits(std::span<const unsigned char> digits, int exponent);

}  // namespace bao::core
