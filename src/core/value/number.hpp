#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace bao::core {

inline constexpr int number_digits_max = 38;

/// Why a text is not a DynamoDB number, or a sum cannot be one.
enum class NumberError : std::uint8_t {
  syntax,           ///< not decimal text: `-12`, `0.5`, `.5`, `5.`, `+1`, `1e3`, `1E-3` are
  too_many_digits,  ///< more than 38 significant digits: nothing is ever rounded
  overflow,         ///< magnitude above 9.9999999999999999999999999999999999999E+125
  underflow,        ///< magnitude below 1E-130, and not zero
};

/// One plain sentence part: "has more than 38 significant digits".
[[nodiscard]] const char* number_error_text(NumberError error);

/// A DynamoDB number: 0.d1d2d3... x 10^exponent, d1 and the last digit not 0; no digits for zero.
struct Decimal {
  std::array<std::uint8_t, number_digits_max> digits{};
  std::uint8_t digit_count = 0;
  std::int16_t exponent = 0;  ///< -129 to 126; 0 for zero
  bool negative = false;      ///< false for zero

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

  /// DynamoDB's own form: plain digits without exponent, superfluous zeros or `+`, up to the limits of the
  /// range: "0.001", "-12.5", "100000", and 126 digits for the largest numbers.
  [[nodiscard]] std::string to_string() const;
};

[[nodiscard]] std::expected<Decimal, NumberError> parse_number(std::string_view text);
[[nodiscard]] Decimal decimal_from_int64(std::int64_t value);

/// Exact, or an error where the exact result is no DynamoDB number.
[[nodiscard]] std::expected<Decimal, NumberError> add(const Decimal& a, const Decimal& b);
[[nodiscard]] std::expected<Decimal, NumberError> subtract(const Decimal& a, const Decimal& b);

/// Whether parse_number would accept the text; fast for integers.
[[nodiscard]] bool is_valid_number(std::string_view text);

/// parse_number(text)->to_string().
[[nodiscard]] std::expected<std::string, NumberError> normalize_number(std::string_view text);

/// Nothing where the number is no integer or does not fit. "1e3" and "5.0" are integers.
[[nodiscard]] std::optional<std::int64_t> number_to_int64(std::string_view text);

/// The nearest double; nothing where the text is no DynamoDB number.
[[nodiscard]] std::optional<double> number_to_double(std::string_view text);

/// The shortest decimal text that reads back as the same double, like bao::Value(double): "0.1", "1e+22",
/// "0" for -0; "nan", "inf" and "-inf", which are no DynamoDB numbers.
[[nodiscard]] std::string double_to_text(double value);

/// Bytes whose order (as of memcmp) is the order of the numbers, equal for equal numbers, and none a prefix
/// of another, so that more key bytes may follow. At most 22 bytes:
///   zero      80
///   positive  C0, exponent + 129, then two digits a byte (each pair + 1), then 00
///   negative  40, then the bytes that follow C0 of its absolute value, inverted
[[nodiscard]] std::string number_sort_key(const Decimal& number);
[[nodiscard]] std::expected<std::string, NumberError> number_sort_key(std::string_view text);

}  // namespace bao::core
