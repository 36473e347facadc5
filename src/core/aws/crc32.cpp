#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/aws/crc32_native.hpp"
#include "core/aws/fault.hpp"

namespace bao::core {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

/// tables[k][b]: the checksum of byte b followed by k zero bytes. Made at the first use: as constant data it
/// would be 8 KiB more of WebAssembly to load.
Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320U : 0U);
    tables[0][byte] = value;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 255];
    }
  }
  return tables;
}

std::uint32_t load_little_endian(const char* bytes) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap32(word);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  static const Tables t = make_tables();
  static const Crc32Blocks blocks = crc32_blocks_native();
  std::uint32_t crc = ~0U;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  if (blocks != nullptr && left >= 64) {
    const std::size_t whole = left & ~std::size_t{15};
    crc = blocks(crc, at, whole);
    at += whole;
    left -= whole;
  }
  for (; left >= 8; left -= 8, at += 8) {
    const std::uint32_t low = crc ^ load_little_endian(at);
    const std::uint32_t high = load_little_endian(at + 4);
    crc = t[7][low & 255] ^ t[6][(low >> 8) & 255] ^ t[5][(low >> 16) & 255] ^ t[4][low >> 24] ^
          t[3][high & 255] ^ t[2][(high >> 8) & 255] ^ t[1][(high >> 16) & 255] ^ t[0][high >> 24];
  }
  for (; left > 0; --left, ++at) crc = (crc >> 8) ^ t[0][(crc ^ static_cast<unsigned char>(*at)) & 255];
  return ~crc;
}

}  // namespace bao::core
