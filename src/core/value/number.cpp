#include "core/value/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/value/double_digits.hpp"
#include "core/value/integer_text.hpp"

namespace bao::core {
namespace {

constexpr int exponent_min = -129;
constexpr int exponent_max = 126;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Compares absolute values.
std::strong_ordering compare_magnitude(const Decimal& a, const Decimal& b) {
  if (a.digit_count == 0 || b.digit_count == 0) {
    return a.digit_count <=> b.digit_count;
  }
  if (a.exponent != b.exponent) {
    return a.exponent <=> b.exponent;
  }
  // Digits past the end are zero, as Decimal{} leaves them.
  return std::lexicographical_compare_three_way(a.digits.begin(), a.digits.end(), b.digits.begin(),
                                                b.digits.end());
}

/// Where a text's digits are, leading and trailing zeros and all.
struct NumberShape {
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
  bool negative = false;
};

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

std::optional<NumberShape> parse_shape(std::string_view text) {
  NumberShape shape;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    shape.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  shape.whole = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    shape.fraction = take_digits(text);
  }
  if (shape.whole.empty() && shape.fraction.empty()) {
    return std::nullopt;
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    bool negative = false;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
      negative = text.front() == '-';
      text.remove_prefix(1);
    }
    const std::string_view digits = take_digits(text);
    if (digits.empty()) {
      return std::nullopt;
    }
    // Far beyond what any text of digits could bring back into range.
    constexpr std::int64_t bound = std::int64_t{1} << 40;
    for (const char c : digits) {
      shape.exponent = std::min(bound, shape.exponent * 10 + (c - '0'));
    }
    shape.exponent = negative ? -shape.exponent : shape.exponent;
  }
  if (!text.empty()) {
    return std::nullopt;
  }
  return shape;
}

/// A Decimal of the digits 0.d1d2... x 10^exponent, of which the outer ones may be zero.
std::expected<Decimal, NumberError> make_decimal(const std::uint8_t* digits, std::size_t count,
                                                 std::int64_t exponent, bool negative) {
  while (count > 0 && digits[count - 1] == 0) {
    --count;
  }
  while (count > 0 && *digits == 0) {
    ++digits;
    --count;
    --exponent;
  }
  if (count == 0) {
    return Decimal{};
  }
  if (count > number_digits_max) {
    return std::unexpected(NumberError::too_many_digits);
  }
  if (exponent > exponent_max) {
    return std::unexpected(NumberError::overflow);
  }
  if (exponent < exponent_min) {
    return std::unexpected(NumberError::underflow);
  }
  Decimal decimal;
  std::copy_n(digits, count, decimal.digits.begin());
  decimal.digit_count = static_cast<std::uint8_t>(count);
  decimal.exponent = static_cast<std::int16_t>(exponent);
  decimal.negative = negative;
  return decimal;
}

// A digit of a at 10^126 and one of b at 10^-130, and room for a carry.
constexpr int wide_digits = exponent_max - exponent_min + number_digits_max + 1;
using WideDigits = std::array<std::uint8_t, static_cast<std::size_t>(wide_digits)>;

/// Digit i of the result stands for 10^(exponent_max - i).
WideDigits widen(const Decimal& number) {
  WideDigits wide{};
  if (number.digit_count != 0) {
    const auto start = static_cast<std::size_t>(exponent_max - number.exponent + 1);
    std::copy_n(number.digits.begin(), number.digit_count, wide.begin() + static_cast<std::ptrdiff_t>(start));
  }
  return wide;
}

}  // namespace

const char* number_error_text(NumberError error) {
  switch (error) {
    case NumberError::syntax:
      return "is not a decimal number";
    case NumberError::too_many_digits:
      return "has more than 38 significant digits";
    case NumberError::overflow:
      return "is larger than DynamoDB's numbers";
    case NumberError::underflow:
      return "is closer to zero than DynamoDB's numbers";
  }
  return "is not a number";
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (a.negative != b.negative) {
    return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.negative ? compare_magnitude(b, a) : compare_magnitude(a, b);
}

std::string Decimal::to_string() const {
  if (digit_count == 0) {
    return "0";
  }
  std::string text;
  text.reserve(static_cast<std::size_t>(std::abs(exponent)) + digit_count + 3U);
  if (negative) {
    text += '-';
  }
  const auto put = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      text += i < digit_count ? static_cast<char>('0' + digits[static_cast<std::size_t>(i)]) : '0';
    }
  };
  if (exponent <= 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-exponent), '0');
    put(0, digit_count);
  } else {
    put(0, exponent);
    if (digit_count > exponent) {
      text += '.';
      put(exponent, digit_count);
    }
  }
  return text;
}

std::expected<Decimal, NumberError> parse_number(std::string_view text) {
  std::optional<NumberShape> shape = parse_shape(text);
  if (!shape) {
    return std::unexpected(NumberError::syntax);
  }
  std::string_view whole = shape->whole;
  std::string_view fraction = shape->fraction;
  std::int64_t exponent = shape->exponent + static_cast<std::int64_t>(whole.size());
  // Zeros at either end carry no information, however many there are.
  while (!whole.empty() && whole.front() == '0') {
    whole.remove_prefix(1);
    --exponent;
  }
  if (whole.empty()) {
    while (!fraction.empty() && fraction.front() == '0') {
      fraction.remove_prefix(1);
      --exponent;
    }
  }
  while (!fraction.empty() && fraction.back() == '0') {
    fraction.remove_suffix(1);
  }
  if (fraction.empty()) {
    while (!whole.empty() && whole.back() == '0') {
      whole.remove_suffix(1);
    }
  }
  if (whole.size() + fraction.size() > number_digits_max) {
    return std::unexpected(NumberError::too_many_digits);
  }
  std::array<std::uint8_t, number_digits_max> digits{};
  std::size_t count = 0;
  for (const std::string_view part : {whole, fraction}) {
    for (const char c : part) {
      digits[count++] = static_cast<std::uint8_t>(c - '0');
    }
  }
  return make_decimal(digits.data(), count, exponent, shape->negative);
}

Decimal decimal_from_int64(std::int64_t value) {
  Decimal decimal;
  auto rest = static_cast<std::uint64_t>(value);
  if (value < 0) {
    rest = 0U - rest;
  }
  std::array<std::uint8_t, 20> reversed{};
  std::size_t count = 0;
  for (; rest != 0; rest /= 10U) {
    reversed[count++] = static_cast<std::uint8_t>(rest % 10U);
  }
  decimal.exponent = static_cast<std::int16_t>(count);
  decimal.negative = value < 0;
  std::size_t last = 0;  // of the trailing zeros
  while (last < count && reversed[last] == 0) {
    ++last;
  }
  for (std::size_t i = count; i > last; --i) {
    decimal.digits[decimal.digit_count++] = reversed[i - 1];
  }
  return decimal;
}

std::expected<Decimal, NumberError> add(const Decimal& a, const Decimal& b) {
  const WideDigits wide_a = widen(a);
  const WideDigits wide_b = widen(b);
  WideDigits sum{};
  // exponent of 0.d1d2... where d1 is the digit for 10^exponent_max
  constexpr int wide_exponent = exponent_max + 1;
  if (a.negative == b.negative) {
    unsigned carry = 0;
    for (std::size_t i = sum.size(); i-- > 0;) {
      const unsigned digit = unsigned{wide_a[i]} + wide_b[i] + carry;
      carry = digit >= 10U ? 1U : 0U;
      sum[i] = static_cast<std::uint8_t>(digit - carry * 10U);
    }
    return make_decimal(sum.data(), sum.size(), wide_exponent, a.negative);
  }
  const bool a_larger = compare_magnitude(a, b) >= 0;
  const WideDigits& larger = a_larger ? wide_a : wide_b;
  const WideDigits& smaller = a_larger ? wide_b : wide_a;
  int borrow = 0;
  for (std::size_t i = sum.size(); i-- > 0;) {
    const int digit = int{larger[i]} - int{smaller[i]} - borrow;
    borrow = digit < 0 ? 1 : 0;
    sum[i] = static_cast<std::uint8_t>(digit + borrow * 10);
  }
  return make_decimal(sum.data(), sum.size(), wide_exponent, a_larger ? a.negative : b.negative);
}

std::expected<Decimal, NumberError> subtract(const Decimal& a, const Decimal& b) {
  Decimal opposite = b;
  opposite.negative = b.digit_count != 0 && !b.negative;
  return add(a, opposite);
}

bool is_valid_number(std::string_view text) {
  const std::string_view digits = !text.empty() && text.front() == '-' ? text.substr(1) : text;
  if (!digits.empty() && digits.size() <= number_digits_max && std::ranges::all_of(digits, is_digit)) {
    return true;
  }
  return parse_number(text).has_value();
}

std::expected<std::string, NumberError> normalize_number(std::string_view text) {
  const auto number = parse_number(text);
  if (!number) {
    return std::unexpected(number.error());
  }
  return number->to_string();
}

std::optional<std::int64_t> number_to_int64(std::string_view text) {
  if (const std::optional<std::int64_t> value = integer_from_text(text)) return value;
  const auto number = parse_number(text);
  if (!number || number->digit_count > number->exponent || number->exponent > 19) {
    return number && number->digit_count == 0 ? std::optional<std::int64_t>(0) : std::nullopt;
  }
  std::uint64_t magnitude = 0;  // at most 19 digits: no overflow
  for (int i = 0; i < number->exponent; ++i) {
    magnitude = magnitude * 10U + number->digits[static_cast<std::size_t>(i)];
  }
  constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > max + (number->negative ? 1U : 0U)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number->negative ? 0U - magnitude : magnitude);
}

#if !defined(__wasm__)  // where size counts, and speed is there without it
namespace {

/// The value of at most 15 digits, with a point among them or not, as 0.5 or 1234; nothing for other texts.
/// Both operands of the division are exact then, so that the result is the nearest double.
std::optional<double> short_decimal_to_double(std::string_view text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  std::int64_t digits = 0;
  std::int64_t divisor = 1;
  std::size_t count = 0;
  bool after_point = false;
  for (const char c : text) {
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!is_digit(c) || ++count > 15) return std::nullopt;
    digits = digits * 10 + (c - '0');
    if (after_point) divisor *= 10;
  }
  if (count == 0) return std::nullopt;
  return static_cast<double>(digits) / static_cast<double>(divisor);
}

}  // namespace
#endif

std::optional<double> number_to_double(std::string_view text) {
#if !defined(__wasm__)
  if (const std::optional<double> value = short_decimal_to_double(text)) return value;
#endif
  const auto number = parse_number(text);
  if (!number) {
    return std::nullopt;
  }
#if defined(__cpp_lib_to_chars)
  std::string plain = number->negative ? "-0." : "0.";
  for (std::size_t i = 0; i < number->digit_count; ++i) {
    plain += static_cast<char>('0' + number->digits[i]);
  }
  plain += 'e';
  plain += std::to_string(number->exponent);
  double value = 0;
  std::from_chars(plain.data(), plain.data() + plain.size(), value);
  return value;
#else
  const double magnitude = double_of_digits({number->digits.data(), number->digit_count}, number->exponent);
  return number->negative ? -magnitude : magnitude;
#endif
}

std::string double_to_text(double value) {
  if (std::isnan(value)) {
    return "nan";
  }
  if (std::isinf(value)) {
    return value < 0 ? "-inf" : "inf";
  }
  if (value == 0) {
    return "0";
  }
#if defined(__cpp_lib_to_chars)
  std::array<char, 32> buffer{};  // 17 digits, sign, point, and an exponent of three digits
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string();
#else
  return shortest_text(value);
#endif
}

std::string number_sort_key(const Decimal& number) {
  if (number.digit_count == 0) {
    return "\x80";
  }
  std::string key;
  key += static_cast<char>(number.negative ? 0x40 : 0xC0);
  key += static_cast<char>(number.exponent - exponent_min);
  for (std::size_t i = 0; i < number.digit_count; i += 2) {
    // An odd number of digits ends in a 0 that the array holds past digit_count.
    const int pair = number.digits[i] * 10 + (i + 1 < number.digit_count ? number.digits[i + 1] : 0);
    key += static_cast<char>(pair + 1);
  }
  key += '\0';
  if (number.negative) {
    for (std::size_t i = 1; i < key.size(); ++i) {
      key[i] = static_cast<char>(~key[i]);
    }
  }
  return key;
}

std::expected<std::string, NumberError> number_sort_key(std::string_view text) {
  const auto number = parse_number(text);
  if (!number) {
    return std::unexpected(number.error());
  }
  return number_sort_key(*number);
}

}  // namespace bao::core
