#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bao::core {

/// JavaScript's range of dates, in ms on either side of the epoch (ECMA-262, time values).
inline constexpr std::int64_t date_ms_max = 8'640'000'000'000'000;

/// Milliseconds since the epoch of a date in ISO 8601's extended form: 2024-05-31, 2024-05-31T12:00:00Z,
/// with a fraction of 1 to 9 digits (cut to ms) and Z or an offset (+02:00), which a time of day needs.
/// Nothing where the text is not such a date.
[[nodiscard]] std::optional<std::int64_t> iso_date_ms(std::string_view text);

}  // namespace bao::core
