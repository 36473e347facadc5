#include "core/value/double_digits.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <compare>
#include <cstdint>
#include <cstdlib>

#include "core/value/integer_text.hpp"

namespace bao::core {
namespace {

/// An integer of at most 1,280 bits: 2^1076 x 10 and 2^53 x 10^325 fit.
class BigInteger {
 public:
  explicit BigInteger(std::uint64_t value = 0) : size_(2) {
    limbs_[0] = static_cast<std::uint32_t>(value);
    limbs_[1] = static_cast<std::uint32_t>(value >> 32U);
    trim();
  }

  void multiply(std::uint32_t factor) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      carry += std::uint64_t{limbs_[i]} * factor;
      limbs_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32U;
    }
    if (carry != 0) limbs_[size_++] = static_cast<std::uint32_t>(carry);
  }
  void multiply_by_power_of_10(int power) {
    for (; power >= 9; power -= 9) multiply(1'000'000'000);
    for (; power > 0; --power) multiply(10);
  }
  void shift_left(int bits) {
    for (; bits >= 31; bits -= 31) multiply(std::uint32_t{1} << 31U);
    multiply(std::uint32_t{1} << static_cast<unsigned>(bits));
  }
  void add(const BigInteger& other) {
    std::uint64_t carry = 0;
    const std::size_t count = std::max(size_, other.size_);
    for (std::size_t i = 0; i < count; ++i) {
      carry += std::uint64_t{limb(i)} + other.limb(i);
      limbs_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32U;
    }
    size_ = count;
    if (carry != 0) limbs_[size_++] = static_cast<std::uint32_t>(carry);
  }
  /// `other` is not greater.
  void subtract(const BigInteger& other) {
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      const std::uint64_t difference = std::uint64_t{limbs_[i]} - other.limb(i) - borrow;
      limbs_[i] = static_cast<std::uint32_t>(difference);
      borrow = difference >> 63U;
    }
    trim();
  }
  /// The quotient, which has to be small, by repeated subtraction; what is left stays here.
  unsigned divide(const BigInteger& divisor) {
    unsigned quotient = 0;
    for (; *this >= divisor; ++quotient) subtract(divisor);
    return quotient;
  }

  friend std::strong_ordering operator<=>(const BigInteger& a, const BigInteger& b) {
    if (a.size_ != b.size_) return a.size_ <=> b.size_;
    for (std::size_t i = a.size_; i-- > 0;) {
      if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] <=> b.limbs_[i];
    }
    return std::strong_ordering::equal;
  }
  friend bool operator==(const BigInteger& a, const BigInteger& b) { return (a <=> b) == 0; }
  [[nodiscard]] bool is_zero() const { return size_ == 0; }

 private:
  [[nodiscard]] std::uint32_t limb(std::size_t i) const { return i < size_ ? limbs_[i] : 0; }
  void trim() {
    while (size_ > 0 && limbs_[size_ - 1] == 0) --size_;
  }

  std::array<std::uint32_t, 40> limbs_{};
  std::size_t size_ = 0;
};

constexpr int mantissa_bits = 52;
constexpr int exponent_bias = 1075;  // of the mantissa as an integer

/// value = mantissa x 2^exponent.
struct Parts {
  std::uint64_t mantissa = 0;
  int exponent = 0;
  /// The gap to the next lower double is half of that to the next higher one.
  bool lower_is_nearer = false;
};

Parts parts_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int biased = static_cast<int>(bits >> mantissa_bits & 0x7ffU);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << mantissa_bits) - 1);
  if (biased == 0) return {.mantissa = fraction, .exponent = 1 - exponent_bias};
  return {.mantissa = fraction | std::uint64_t{1} << mantissa_bits,
          .exponent = biased - exponent_bias,
          .lower_is_nearer = fraction == 0 && biased > 1};
}

/// A power of ten that is at the most one too small for value < 10^power.
int estimated_power(const Parts& parts) {
  const int top_bit = static_cast<int>(std::bit_width(parts.mantissa)) - 1 + parts.exponent;
  return static_cast<int>(std::ceil(top_bit * 0.30102999566398120 - 1e-10));
}

// Steele and White, "How to Print Floating-Point Numbers Accurately" (1990), with the fix-up of Burger and
// Dybvig, "Printing Floating-Point Numbers Quickly and Accurately" (1996): value = remainder / scale, and
// every number between (remainder - low) / scale and (remainder + high) / scale reads back as the value.
struct Fraction {
  BigInteger remainder;
  BigInteger scale{1};
  BigInteger low{1};
  BigInteger high{1};

  void multiply_parts(std::uint32_t factor) {
    remainder.multiply(factor);
    low.multiply(factor);
    high.multiply(factor);
  }
};

Fraction fraction_of(const Parts& parts) {
  // Doubled, so that the half gaps are integers.
  Fraction fraction{.remainder = BigInteger(parts.mantissa)};
  const int extra = parts.lower_is_nearer ? 2 : 1;
  fraction.remainder.shift_left(extra);
  fraction.scale.shift_left(extra);
  if (parts.lower_is_nearer) fraction.high.shift_left(1);
  if (parts.exponent >= 0) {
    fraction.remainder.shift_left(parts.exponent);
    fraction.low.shift_left(parts.exponent);
    fraction.high.shift_left(parts.exponent);
  } else {
    fraction.scale.shift_left(-parts.exponent);
  }
  return fraction;
}

void scale_by_power_of_10(Fraction& fraction, int power) {
  if (power >= 0) {
    fraction.scale.multiply_by_power_of_10(power);
  } else {
    fraction.remainder.multiply_by_power_of_10(-power);
    fraction.low.multiply_by_power_of_10(-power);
    fraction.high.multiply_by_power_of_10(-power);
  }
}

bool reaches(const BigInteger& a, const BigInteger& b, bool inclusive) {
  return inclusive ? a >= b : a > b;
}

}  // namespace

DoubleDigits shortest_digits(double value) {
  const Parts parts = parts_of(value);
  const bool even = parts.mantissa % 2 == 0;  // then the bounds themselves read back as the value
  DoubleDigits result{.digits = {}, .exponent = estimated_power(parts)};
  Fraction fraction = fraction_of(parts);
  scale_by_power_of_10(fraction, result.exponent);
  const auto above = [&] {
    BigInteger sum = fraction.remainder;
    sum.add(fraction.high);
    return reaches(sum, fraction.scale, even);
  };
  if (above()) {
    ++result.exponent;
  } else {
    fraction.multiply_parts(10);
  }
  for (;;) {
    unsigned digit = fraction.remainder.divide(fraction.scale);
    const bool low_enough = reaches(fraction.low, fraction.remainder, even);
    const bool high_enough = above();
    if (low_enough || high_enough) {
      BigInteger twice = fraction.remainder;
      twice.multiply(2);
      if (high_enough &&
          (!low_enough || twice > fraction.scale || (twice == fraction.scale && digit % 2 == 1))) {
        ++digit;
      }
      result.digits.push_back(static_cast<char>('0' + digit));
      return result;
    }
    result.digits.push_back(static_cast<char>('0' + digit));
    fraction.multiply_parts(10);
  }
}

DoubleDigits exact_digits(double value, std::size_t count) {
  const Parts parts = parts_of(value);
  DoubleDigits result{.digits = {}, .exponent = estimated_power(parts)};
  Fraction fraction = fraction_of(parts);
  scale_by_power_of_10(fraction, result.exponent);
  if (fraction.remainder >= fraction.scale) {
    ++result.exponent;
  } else {
    fraction.remainder.multiply(10);
  }
  while (result.digits.size() < count) {
    result.digits.push_back(static_cast<char>('0' + fraction.remainder.divide(fraction.scale)));
    fraction.remainder.multiply(10);
  }
  return result;
}

std::string shortest_text(double value) {
  const double magnitude = std::fabs(value);
  DoubleDigits shortest = shortest_digits(magnitude);
  const int count = static_cast<int>(shortest.digits.size());
  const int point = shortest.exponent;
  const int power = point - 1;
  const std::string power_text = integer_text(std::abs(power));
  const int scientific_size =
      count + (count > 1 ? 1 : 0) + 2 + std::max(2, static_cast<int>(power_text.size()));
  const int fixed_size = point <= 0 ? 2 - point + count : point >= count ? point : count + 1;
  std::string text = value < 0 ? "-" : "";
  if (fixed_size > scientific_size) {
    text.append(shortest.digits, 0, 1);
    if (count > 1) text.append(".").append(shortest.digits, 1);
    text.append(power < 0 ? "e-" : "e+").append(power_text.size() < 2 ? "0" : "");
    return text.append(power_text);
  }
  if (point <= 0) {
    return text.append("0.").append(static_cast<std::size_t>(-point), '0').append(shortest.digits);
  }
  const auto whole = static_cast<std::size_t>(point);
  // The digits behind the shortest ones are those of the double, not zeros, as std::to_chars has it.
  if (point >= count) return text.append(exact_digits(magnitude, whole).digits);
  return text.append(shortest.digits, 0, whole).append(".").append(shortest.digits, whole);
}

double double_of_digits(std::span<const unsigned char> digits, int exponent) {
  constexpr std::size_t exact_digits_max = 15;
  constexpr int exact_power_max = 22;  // 10^22 is the largest power of ten that a double holds
  if (digits.empty()) return 0;
  const int power = exponent - static_cast<int>(digits.size());
  if (digits.size() <= exact_digits_max && std::abs(power) <= exact_power_max) {
    double value = 0;
    for (const unsigned char digit : digits) value = value * 10 + digit;
    double scale = 1;
    for (int i = 0; i < std::abs(power); ++i) scale *= 10;
    return power < 0 ? value / scale : value * scale;  // two exact numbers: rounded once
  }
  BigInteger numerator;
  BigInteger denominator(1);
  for (const unsigned char digit : digits) {
    numerator.multiply(10);
    numerator.add(BigInteger(digit));
  }
  (power < 0 ? denominator : numerator).multiply_by_power_of_10(std::abs(power));
  // numerator / denominator x 2^-shift, brought between 1 and 2.
  int shift = 0;
  for (; numerator < denominator; --shift) numerator.multiply(2);
  for (BigInteger doubled = denominator;; ++shift) {
    doubled.multiply(2);
    if (numerator < doubled) break;
    denominator = doubled;
  }
  std::uint64_t mantissa = 0;
  for (int bit = 0; bit <= mantissa_bits; ++bit) {
    mantissa = mantissa * 2 + numerator.divide(denominator);
    numerator.multiply(2);
  }
  if (numerator > denominator || (numerator == denominator && mantissa % 2 == 1)) ++mantissa;
  return std::ldexp(static_cast<double>(mantissa), shift - mantissa_bits);
}

}  // namespace bao::core
