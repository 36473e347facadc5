#include "core/keys/decimal.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

namespace bao::core {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads "[+-]digits" to the end of the text; nothing else may be there.
std::optional<int> parse_exponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
    if (value > 9999) return std::nullopt;
  }
  return negative ? -value : value;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal decimal;
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) decimal.negative = text[i++] == '-';
  bool seen_digit = false;
  bool seen_point = false;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !seen_point) {
      seen_point = true;
    } else if (is_digit(text[i])) {
      seen_digit = true;
      if (!seen_point && !(decimal.digits.empty() && text[i] == '0')) ++decimal.point;
      if (decimal.digits.empty() && text[i] == '0') {
        if (seen_point) --decimal.point;
      } else {
        decimal.digits.push_back(text[i]);
      }
    } else {
      break;
    }
  }
  if (!seen_digit) return std::nullopt;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    const auto exponent = parse_exponent(text.substr(i + 1));
    if (!exponent) return std::nullopt;
    decimal.point += *exponent;
  }
  while (!decimal.digits.empty() && decimal.digits.back() == '0') decimal.digits.pop_back();
  if (decimal.digits.empty()) return Decimal{};
  return decimal;
}

std::string javascript_text(const Decimal& decimal) {
  if (decimal.digits.empty()) return "0";
  std::string text = decimal.negative ? "-" : "";
  const int count = static_cast<int>(decimal.digits.size());
  const int point = decimal.point;
  if (count <= point && point <= 21) {
    return text.append(decimal.digits).append(static_cast<std::size_t>(point - count), '0');
  }
  if (0 < point && point <= 21) {
    const auto at = static_cast<std::size_t>(point);
    return text.append(decimal.digits, 0, at).append(".").append(decimal.digits, at);
  }
  if (-6 < point && point <= 0) {
    return text.append("0.").append(static_cast<std::size_t>(-point), '0').append(decimal.digits);
  }
  text.push_back(decimal.digits[0]);
  if (count > 1) text.append(".").append(decimal.digits, 1);
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
  int exponent = parse_exponent(printed.substr(e + 1)).value_or(0);
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
