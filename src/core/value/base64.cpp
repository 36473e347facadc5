#include "core/value/base64.hpp"

#include <array>
#include <cstdint>

namespace bao::core {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}

constexpr std::array<std::uint8_t, 256> digits = make_digits();

unsigned digit(char c) {
  return digits[static_cast<unsigned char>(c)];
}

std::size_t padding(std::string_view text) {
  if (text.size() >= 2 && text.ends_with("==")) {
    return 2;
  }
  return text.ends_with('=') ? 1 : 0;
}

}  // namespace

void append_base64(std::string& out, std::span<const std::byte> bytes) {
  const std::size_t start = out.size();
  out.resize(start + (bytes.size() + 2) / 3 * 4);
  char* to = out.data() + start;
  const auto put = [&to](unsigned sextet) { *to++ = alphabet[sextet & 63U]; };
  std::size_t i = 0;
  for (; bytes.size() - i >= 3; i += 3) {
    const unsigned group = std::to_integer<unsigned>(bytes[i]) << 16U |
                           std::to_integer<unsigned>(bytes[i + 1]) << 8U |
                           std::to_integer<unsigned>(bytes[i + 2]);
    put(group >> 18U);
    put(group >> 12U);
    put(group >> 6U);
    put(group);
  }
  const std::size_t rest = bytes.size() - i;
  if (rest == 1) {
    const unsigned group = std::to_integer<unsigned>(bytes[i]) << 16U;
    put(group >> 18U);
    put(group >> 12U);
    *to++ = '=';
    *to++ = '=';
  } else if (rest == 2) {
    const unsigned group =
        std::to_integer<unsigned>(bytes[i]) << 16U | std::to_integer<unsigned>(bytes[i + 1]) << 8U;
    put(group >> 18U);
    put(group >> 12U);
    put(group >> 6U);
    *to++ = '=';
  }
}

std::string encode_base64(std::span<const std::byte> bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

std::size_t find_invalid_base64(std::string_view text) {
  const std::size_t pad = padding(text);
  const std::size_t count = text.size() - pad;
  for (std::size_t i = 0; i < count; ++i) {
    if (digit(text[i]) == no_digit) {
      return i;
    }
  }
  if (text.size() % 4 != 0) {
    // Padding that comes too early is at fault itself; a text without padding ends too early.
    return pad != 0 ? count : text.size();
  }
  if (pad == 1 && (digit(text[count - 1]) & 3U) != 0) {
    return count - 1;
  }
  if (pad == 2 && (digit(text[count - 1]) & 15U) != 0) {
    return count - 1;
  }
  return std::string_view::npos;
}

std::size_t base64_decoded_size(std::string_view text) {
  return text.size() / 4 * 3 - padding(text);
}

std::optional<Binary> decode_base64(std::string_view text) {
  if (find_invalid_base64(text) != std::string_view::npos) {
    return std::nullopt;
  }
  Binary bytes;
  bytes.reserve(base64_decoded_size(text));
  const std::size_t count = text.size() - padding(text);
  unsigned bits = 0;
  unsigned bit_count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bits = (bits << 6U | digit(text[i])) & 0xFFFU;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes.push_back(static_cast<std::byte>(bits >> bit_count & 0xFFU));
    }
  }
  return bytes;
}

}  // namespace bao::core
