#include "local/item/number_text.hpp"

namespace bao::local {

namespace {

int sign_of(std::string_view text) {
  if (text == "0") return 0;
  return text.front() == '-' ? -1 : 1;
}

int compare_magnitudes(std::string_view a, std::string_view b) {
  const std::size_t whole_a = a.substr(0, a.find('.')).size();
  const std::size_t whole_b = b.substr(0, b.find('.')).size();
  if (whole_a != whole_b) return whole_a < whole_b ? -1 : 1;
  const int order = a.compare(b);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

}  // namespace

int compare_number_texts(std::string_view a, std::string_view b) {
  const int sign_a = sign_of(a);
  const int sign_b = sign_of(b);
  if (sign_a != sign_b) return sign_a < sign_b ? -1 : 1;
  if (sign_a == 0) return 0;
  return sign_a > 0 ? compare_magnitudes(a, b) : compare_magnitudes(b.substr(1), a.substr(1));
}

std::size_t number_size(std::string_view canonical) {
  if (canonical == "0") return 1;
  std::size_t size = 1;
  if (canonical.front() == '-') {
    ++size;
    canonical.remove_prefix(1);
  }
  const std::size_t point = canonical.find('.');
  std::string_view whole = canonical.substr(0, point);
  std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : canonical.substr(point + 1);
  if (whole == "0") whole = {};
  std::size_t whole_pairs = (whole.size() + 1) / 2;
  std::size_t fraction_pairs = (fraction.size() + 1) / 2;
  if (fraction.empty()) {
    // Pairs of trailing zeros carry no digits.
    std::size_t zeros = 0;
    while (zeros < whole.size() && whole[whole.size() - 1 - zeros] == '0') ++zeros;
    whole_pairs -= zeros / 2;
  } else if (whole.empty()) {
    std::size_t zeros = 0;
    while (zeros < fraction.size() && fraction[zeros] == '0') ++zeros;
    fraction_pairs -= zeros / 2;
  }
  return size + whole_pairs + fraction_pairs;
}

}  // namespace bao::local
