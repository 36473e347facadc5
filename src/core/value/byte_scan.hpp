#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

namespace bao::core {

// Finding the bytes of a JSON string that need work, 16 (or 8) at a time.

/// What ends a run of plain characters.
enum class ScanFor {
  ascii_stop,  ///< a quote, a backslash, a control character or a byte of a non-ASCII character
  escape,      ///< a quote, a backslash or a control character
};

template <ScanFor what>
[[nodiscard]] constexpr bool is_scan_stop(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20U || byte == '"' || byte == '\\' || (what == ScanFor::ascii_stop && byte >= 0x80U);
}

/// The first byte in [position, end) that ends the run; `end` where none does.
template <ScanFor what, class Char>
[[nodiscard]] inline Char* scan(Char* position, Char* end) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  while (end - position >= 16) {
    __m128i chunk;
    std::memcpy(&chunk, position, sizeof chunk);
    __m128i low;
    if constexpr (what == ScanFor::ascii_stop) {
      low = _mm_cmplt_epi8(chunk, _mm_set1_epi8(0x20));  // signed: bytes from 0x80 are negative
    } else {
      low = _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1F)), chunk);
    }
    const __m128i quoted = _mm_or_si128(_mm_cmpeq_epi8(chunk, quote), _mm_cmpeq_epi8(chunk, backslash));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, quoted)));
    if (mask != 0) {
      return position + __builtin_ctz(mask);
    }
    position += 16;
  }
  if (end - position >= 8) {
    // The upper half is zeros, which stop the run there.
    const __m128i chunk = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(position));
    const __m128i low = what == ScanFor::ascii_stop
                            ? _mm_cmplt_epi8(chunk, _mm_set1_epi8(0x20))
                            : _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1F)), chunk);
    const __m128i quoted = _mm_or_si128(_mm_cmpeq_epi8(chunk, quote), _mm_cmpeq_epi8(chunk, backslash));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, quoted)));
    position += __builtin_ctz(mask);
    if ((mask & 0xFFU) != 0) {
      return position;
    }
  }
#elif defined(__wasm_simd128__)
  while (end - position >= 16) {
    const v128_t chunk = wasm_v128_load(position);
    v128_t low;
    if constexpr (what == ScanFor::ascii_stop) {
      low = wasm_i8x16_lt(chunk, wasm_i8x16_splat(0x20));
    } else {
      low = wasm_u8x16_lt(chunk, wasm_u8x16_splat(0x20));
    }
    const v128_t quoted = wasm_v128_or(wasm_i8x16_eq(chunk, wasm_i8x16_splat('"')),
                                       wasm_i8x16_eq(chunk, wasm_i8x16_splat('\\')));
    const unsigned mask = wasm_i8x16_bitmask(wasm_v128_or(low, quoted));
    if (mask != 0) {
      return position + __builtin_ctz(mask);
    }
    position += 16;
  }
#else
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = 0x8080808080808080U;
  const auto has_zero = [](std::uint64_t word) { return (word - ones) & ~word; };
  while (end - position >= 8) {
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, position, sizeof chunk);
    std::uint64_t hit =
        ((chunk - ones * 0x20U) & ~chunk) | has_zero(chunk ^ ones * '"') | has_zero(chunk ^ ones * '\\');
    if constexpr (what == ScanFor::ascii_stop) {
      hit |= chunk;
    }
    if ((hit & highs) != 0) {
      break;  // within the next 8 bytes; a borrow cannot hide a hit, only add one behind it
    }
    position += 8;
  }
#endif
  while (position != end && !is_scan_stop<what>(*position)) {
    ++position;
  }
  return position;
}

}  // namespace bao::core
