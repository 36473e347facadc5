#include "core/value/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace bao::core {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080U;

unsigned byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

bool is_continuation(unsigned byte) {
  return (byte & 0xC0U) == 0x80U;
}

}  // namespace

std::size_t utf8_sequence_size(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80U) {
    return 1;
  }
  std::size_t size = 0;
  // The second byte's range excludes overlong forms, surrogates and what is above U+10FFFF (RFC 3629, 4).
  unsigned second_min = 0x80U;
  unsigned second_max = 0xBFU;
  if (lead >= 0xC2U && lead <= 0xDFU) {
    size = 2;
  } else if (lead >= 0xE0U && lead <= 0xEFU) {
    size = 3;
    if (lead == 0xE0U) {
      second_min = 0xA0U;
    } else if (lead == 0xEDU) {
      second_max = 0x9FU;
    }
  } else if (lead >= 0xF0U && lead <= 0xF4U) {
    size = 4;
    if (lead == 0xF0U) {
      second_min = 0x90U;
    } else if (lead == 0xF4U) {
      second_max = 0x8FU;
    }
  }
  if (size == 0 || text.size() < size) {
    return 0;
  }
  const unsigned second = byte_at(text, 1);
  if (second < second_min || second > second_max) {
    return 0;
  }
  for (std::size_t i = 2; i < size; ++i) {
    if (!is_continuation(byte_at(text, i))) {
      return 0;
    }
  }
  return size;
}

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (text.size() - i >= sizeof(std::uint64_t)) {
      std::uint64_t chunk = 0;
      std::memcpy(&chunk, text.data() + i, sizeof chunk);
      if ((chunk & high_bits) == 0) {
        i += sizeof chunk;
        continue;
      }
    }
    const std::size_t size = utf8_sequence_size(text.substr(i));
    if (size == 0) {
      return i;
    }
    i += size;
  }
  return std::string_view::npos;
}

std::size_t utf16_size(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const unsigned byte = static_cast<unsigned char>(c);
    units += is_continuation(byte) ? 0U : 1U;
    units += byte >= 0xF0U ? 1U : 0U;  // beyond U+FFFF: a surrogate pair
  }
  return units;
}

std::size_t code_point_count(std::string_view text) {
  std::size_t points = 0;
  for (const char c : text) {
    points += is_continuation(static_cast<unsigned char>(c)) ? 0U : 1U;
  }
  return points;
}

}  // namespace bao::core
