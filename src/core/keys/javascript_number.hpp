#pragma once

#include <string>

#include "core/value/number.hpp"

namespace bao::core {

/// The text that JavaScript's String(number) gives for the same digits: plain from 1e-6 up to 21 digits,
/// otherwise "1.5e-7".
[[nodiscard]] std::string javascript_text(const Decimal& decimal);

/// What JavaScript's Number.prototype.toExponential(20) gives: exact digits, ties away from zero.
[[nodiscard]] std::string exponential_text(double value);

}  // namespace bao::core
