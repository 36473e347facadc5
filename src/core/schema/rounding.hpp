#pragma once

#include <expected>

#include "core/value/number.hpp"

namespace bao::core {

/// The nearest decimal with at most `decimals` digits after the point; halves away from zero. Works on the
/// decimal text, so that 1.005 with 2 decimals is 1.01, as its reader expects, and not the 1.00 of its
/// double.
[[nodiscard]] std::expected<Decimal, NumberError> round_decimal(const Decimal& value, int decimals);

}  // namespace bao::core
