#include "core/aws/sha256.hpp"

#if defined(__x86_64__) && !defined(__wasm__)

#include <cpuid.h>
#include <immintrin.h>

namespace bao::core {
namespace {

bool has_sha_instructions() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  const bool ssse3 = (c & (1U << 9)) != 0;
  const bool sse41 = (c & (1U << 19)) != 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  const bool sha = (b & (1U << 29)) != 0;
  return ssse3 && sse41 && sha;
}

#define BAO_SHA __attribute__((target("sha,sse4.1,ssse3")))

BAO_SHA inline __m128i load(const void* bytes) {
  return _mm_loadu_si128(static_cast<const __m128i*>(bytes));
}

BAO_SHA inline void store(void* bytes, __m128i value) {
  _mm_storeu_si128(static_cast<__m128i*>(bytes), value);
}

/// The instructions keep the eight words as (a b e f) and (c d g h), four rounds at a time; `w` are the last
/// sixteen words of the message schedule.
BAO_SHA void compress_sha(std::uint32_t* state, const std::byte* blocks, std::size_t count) {
  const __m128i byte_order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  const __m128i cdab = _mm_shuffle_epi32(load(state), 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(load(state + 4), 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);

  for (; count > 0; --count, blocks += 64) {
    const __m128i abef_before = abef;
    const __m128i cdgh_before = cdgh;
    __m128i w[4];
    for (int i = 0; i < 4; ++i) w[i] = _mm_shuffle_epi8(load(blocks + 16 * i), byte_order);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < 16; ++i) {
      const std::size_t now = i & 3;
      if (i >= 4) {
        const __m128i minus_7 = _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4);
        const __m128i partial = _mm_add_epi32(_mm_sha256msg1_epu32(w[now], w[(i + 1) & 3]), minus_7);
        w[now] = _mm_sha256msg2_epu32(partial, w[(i + 3) & 3]);
      }
      const __m128i input = _mm_add_epi32(w[now], load(sha256_constants.data() + 4 * i));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, input);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(input, 0x0E));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }

  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  store(state, _mm_blend_epi16(feba, dchg, 0xF0));
  store(state + 4, _mm_alignr_epi8(dchg, feba, 8));
}

#undef BAO_SHA

}  // namespace

Sha256Compress sha256_compress_native() {
  return has_sha_instructions() ? compress_sha : nullptr;
}

}  // namespace bao::core

#else

namespace bao::core {

Sha256Compress sha256_compress_native() {
  return nullptr;
}

}  // namespace bao::core

#endif
