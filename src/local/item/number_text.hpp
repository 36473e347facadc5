#pragma once

#include <cstddef>
#include <string_view>

namespace bao::local {

// Numbers in items are kept as canonical text (core/value/number.hpp, Decimal::to_string): plain digits, no
// superfluous zeros. So equal numbers are equal texts, and an order needs no parsing.

/// -1, 0 or 1. Both are canonical.
[[nodiscard]] int compare_number_texts(std::string_view a, std::string_view b);

/// Bytes that DynamoDB counts for a number: one for every two significant digits, as pairs aligned at the
/// decimal point, one more, and one for a minus sign; 1 for zero.
[[nodiscard]] std::size_t number_size(std::string_view canonical);

}  // namespace bao::local
