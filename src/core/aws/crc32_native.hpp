#pragma once

#include <cstddef>
#include <cstdint>

namespace bao::core {

/// Continues a CRC-32 (its register, not inverted) over `size` bytes: a multiple of 16, at least 64.
using Crc32Blocks = std::uint32_t (*)(std::uint32_t crc, const char* bytes, std::size_t size);

/// With the processor's carry-less multiplication; null where it has none.
[[nodiscard]] Crc32Blocks crc32_blocks_native();

}  // namespace bao::core
