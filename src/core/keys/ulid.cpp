#include "core/keys/ulid.hpp"

#include <algorithm>
#include <array>

namespace bao::core {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t ulid_size = 26;
constexpr std::size_t time_size = 10;
constexpr std::int64_t time_ms_max = (std::int64_t{1} << 48) - 1;
constexpr std::uint8_t no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    const auto upper = static_cast<unsigned char>(alphabet[i]);
    digits[upper] = static_cast<std::uint8_t>(i);
    if (upper >= 'A') digits[upper + ('a' - 'A')] = static_cast<std::uint8_t>(i);
  }
  return digits;
}

constexpr std::array<std::uint8_t, 256> digits_of = make_digits();

/// Writes the low `count` * 5 bits of `bits` as digits.
void write_digits(char* out, std::size_t count, std::uint64_t bits) {
  for (std::size_t i = count; i-- > 0;) {
    out[i] = alphabet[bits & 31];
    bits >>= 5;
  }
}

}  // namespace

std::string UlidGenerator::next(std::int64_t wall_ms, std::uint64_t random_high, std::uint64_t random_low) {
  wall_ms = std::clamp<std::int64_t>(wall_ms, 0, time_ms_max);
  if (wall_ms > last_ms_) {
    last_ms_ = wall_ms;
    last_high_ = static_cast<std::uint16_t>(random_high);
    last_low_ = random_low;
  } else if (++last_low_ == 0 && ++last_high_ == 0 && last_ms_ < time_ms_max) {
    // All 80 bits are used up: a new millisecond keeps the order.
    ++last_ms_;
    last_high_ = static_cast<std::uint16_t>(random_high);
    last_low_ = random_low;
  }
  // 80 bits are two groups of 40, 8 digits each.
  std::string text(ulid_size, '0');
  write_digits(text.data(), time_size, static_cast<std::uint64_t>(last_ms_));
  write_digits(text.data() + time_size, 8, (std::uint64_t{last_high_} << 24) | (last_low_ >> 40));
  write_digits(text.data() + time_size + 8, 8, last_low_);
  return text;
}

std::optional<std::int64_t> ulid_time_ms(std::string_view text) {
  if (text.size() != ulid_size) return std::nullopt;
  std::int64_t time = 0;
  for (std::size_t i = 0; i < ulid_size; ++i) {
    const std::uint8_t digit = digits_of[static_cast<unsigned char>(text[i])];
    if (digit == no_digit) return std::nullopt;
    if (i < time_size) time = time * 32 + digit;
  }
  // Ten digits hold 50 bits, the time has 48.
  if (time > time_ms_max) return std::nullopt;
  return time;
}

}  // namespace bao::core
