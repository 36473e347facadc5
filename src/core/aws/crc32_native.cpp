#include "core/aws/crc32_native.hpp"

#if defined(__x86_64__) && !defined(__wasm__)

#include <cpuid.h>
#include <immintrin.h>

namespace bao::core {
namespace {

bool has_carryless_multiplication() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  const bool pclmulqdq = (c & (1U << 1)) != 0;
  const bool sse41 = (c & (1U << 19)) != 0;
  return pclmulqdq && sse41;
}

#define BAO_CLMUL __attribute__((target("pclmul,sse4.1")))

BAO_CLMUL inline __m128i load(const char* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

/// `value` moved ahead of `next` by the distance that the two factors stand for.
BAO_CLMUL inline __m128i fold(__m128i value, __m128i factors, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(value, factors, 0x00);
  const __m128i high = _mm_clmulepi64_si128(value, factors, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/// Folding by four registers, then one, then Barrett's reduction: "Fast CRC Computation for Generic
/// Polynomials Using PCLMULQDQ Instruction" (Intel, 2009), whose constants for the bit-reflected polynomial
/// 0x04C11DB7 these are: powers of x modulo the polynomial.
BAO_CLMUL std::uint32_t crc32_clmul(std::uint32_t crc, const char* bytes, std::size_t size) {
  const __m128i by_64_bytes = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i by_16_bytes = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  const __m128i by_8_bytes = _mm_set_epi64x(0, 0x0163cd6124);
  const __m128i barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  const __m128i low_word = _mm_set_epi32(0, -1, 0, -1);

  __m128i x[4];
  for (int i = 0; i < 4; ++i) x[i] = load(bytes + 16 * i);
  x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128(static_cast<int>(crc)));
  bytes += 64;
  size -= 64;
  for (; size >= 64; size -= 64, bytes += 64) {
    for (int i = 0; i < 4; ++i) x[i] = fold(x[i], by_64_bytes, load(bytes + 16 * i));
  }
  __m128i sum = x[0];
  for (int i = 1; i < 4; ++i) sum = fold(sum, by_16_bytes, x[i]);
  for (; size >= 16; size -= 16, bytes += 16) sum = fold(sum, by_16_bytes, load(bytes));

  // 128 bits to 96, to 64.
  sum = _mm_xor_si128(_mm_srli_si128(sum, 8), _mm_clmulepi64_si128(sum, by_16_bytes, 0x10));
  const __m128i low = _mm_and_si128(sum, low_word);
  sum = _mm_xor_si128(_mm_srli_si128(sum, 4), _mm_clmulepi64_si128(low, by_8_bytes, 0x00));
  // 64 bits to 32.
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(sum, low_word), barrett, 0x10);
  quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low_word), barrett, 0x00);
  return static_cast<std::uint32_t>(_mm_extract_epi32(_mm_xor_si128(sum, quotient), 1));
}

}  // namespace

Crc32Blocks crc32_blocks_native() {
  return has_carryless_multiplication() ? crc32_clmul : nullptr;
}

}  // namespace bao::core

#else

namespace bao::core {

Crc32Blocks crc32_blocks_native() {
  return nullptr;
}

}  // namespace bao::core

#endif
