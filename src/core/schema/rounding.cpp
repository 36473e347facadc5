#include "core/schema/rounding.hpp"

namespace bao::core {

std::expected<Decimal, NumberError> round_decimal(const Decimal& value, int decimals) {
  // The value is 0.d1d2d3... x 10^exponent, so that this many of its digits stay.
  const int kept = value.exponent + decimals;
  if (kept >= value.digit_count) return value;
  if (kept < 0) return Decimal{};

  Decimal cut = value;
  cut.digit_count = static_cast<std::uint8_t>(kept);
  for (int i = kept; i < value.digit_count; ++i) cut.digits[static_cast<std::size_t>(i)] = 0;
  // Its last digit must not be 0.
  while (cut.digit_count > 0 && cut.digits[cut.digit_count - 1U] == 0) --cut.digit_count;
  if (cut.digit_count == 0) cut = Decimal{};
  if (value.digits[static_cast<std::size_t>(kept)] < 5) return cut;

  Decimal unit;  // one in the last place kept: 10^-decimals
  unit.digits[0] = 1;
  unit.digit_count = 1;
  unit.exponent = static_cast<std::int16_t>(1 - decimals);
  unit.negative = value.negative;
  return add(cut, unit);
}

}  // namespace bao::core
