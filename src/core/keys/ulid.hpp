#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bao::core {

/// Makes ULIDs: 48 bits of milliseconds and 80 random bits in 26 characters of Crockford's base 32.
/// Monotonic: within one millisecond, or when the clock goes back, the last one plus 1.
class UlidGenerator {
 public:
  [[nodiscard]] std::string next(std::int64_t wall_ms, std::uint64_t random_high, std::uint64_t random_low);

 private:
  std::int64_t last_ms_ = -1;
  std::uint16_t last_high_ = 0;
  std::uint64_t last_low_ = 0;
};

/// The time of a ULID in ms since the epoch; nothing where the text is not a ULID (26 characters of the
/// alphabet, upper or lower case, first character 0..7).
[[nodiscard]] std::optional<std::int64_t> ulid_time_ms(std::string_view text);

}  // namespace bao::core
