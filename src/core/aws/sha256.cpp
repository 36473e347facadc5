#include "core/aws/sha256.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace bao::core {

const std::array<std::uint32_t, 64> sha256_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

namespace {

constexpr std::size_t block_bytes = 64;

/// A word in the order of the standard's bytes, or back.
std::uint32_t big_endian(std::uint32_t word) {
  return std::endian::native == std::endian::little ? __builtin_bswap32(word) : word;
}

std::uint32_t load_big_endian(const std::byte* bytes) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return big_endian(word);
}

std::uint32_t small_sigma_0(std::uint32_t x) {
  return std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3);
}
std::uint32_t small_sigma_1(std::uint32_t x) {
  return std::rotr(x, 17) ^ std::rotr(x, 19) ^ (x >> 10);
}

/// One round; the caller rotates the roles of the eight words instead of moving them.
inline void round(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d, std::uint32_t e,
                  std::uint32_t f, std::uint32_t g, std::uint32_t& h, std::uint32_t input) {
  h += (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + (g ^ (e & (f ^ g))) + input;
  d += h;
  h += (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
}

Sha256Compress choose() {
  const Sha256Compress native = sha256_compress_native();
  return native != nullptr ? native : sha256_compress_portable;
}

void compress(std::uint32_t* state, const std::byte* blocks, std::size_t count) {
  static const Sha256Compress chosen = choose();
  chosen(state, blocks, count);
}

}  // namespace

void sha256_compress_portable(std::uint32_t* state, const std::byte* blocks, std::size_t count) {
  const std::array<std::uint32_t, 64>& k = sha256_constants;
  for (; count > 0; --count, blocks += block_bytes) {
    std::array<std::uint32_t, 16> w;
    for (std::size_t i = 0; i < 16; ++i) w[i] = load_big_endian(blocks + 4 * i);
    std::uint32_t a = state[0];
    std::uint32_t b = state[1];
    std::uint32_t c = state[2];
    std::uint32_t d = state[3];
    std::uint32_t e = state[4];
    std::uint32_t f = state[5];
    std::uint32_t g = state[6];
    std::uint32_t h = state[7];
    for (std::size_t i = 0; i < 64; i += 16) {
      if (i > 0) {
        for (std::size_t j = 0; j < 16; ++j) {
          w[j] += small_sigma_1(w[(j + 14) & 15]) + w[(j + 9) & 15] + small_sigma_0(w[(j + 1) & 15]);
        }
      }
      for (std::size_t j = 0; j < 16; j += 8) {
        round(a, b, c, d, e, f, g, h, k[i + j] + w[j]);
        round(h, a, b, c, d, e, f, g, k[i + j + 1] + w[j + 1]);
        round(g, h, a, b, c, d, e, f, k[i + j + 2] + w[j + 2]);
        round(f, g, h, a, b, c, d, e, k[i + j + 3] + w[j + 3]);
        round(e, f, g, h, a, b, c, d, k[i + j + 4] + w[j + 4]);
        round(d, e, f, g, h, a, b, c, k[i + j + 5] + w[j + 5]);
        round(c, d, e, f, g, h, a, b, k[i + j + 6] + w[j + 6]);
        round(b, c, d, e, f, g, h, a, k[i + j + 7] + w[j + 7]);
      }
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

void Sha256::update(std::string_view bytes) {
  total_ += bytes.size();
  const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
  std::size_t size = bytes.size();
  if (block_size_ > 0) {
    const std::size_t taken = std::min(size, block_bytes - block_size_);
    std::copy_n(data, taken, block_.begin() + static_cast<std::ptrdiff_t>(block_size_));
    block_size_ += taken;
    data += taken;
    size -= taken;
    if (block_size_ < block_bytes) return;
    compress(state_.data(), block_.data(), 1);
    block_size_ = 0;
  }
  if (const std::size_t whole = size / block_bytes; whole > 0) {
    compress(state_.data(), data, whole);
    data += whole * block_bytes;
    size -= whole * block_bytes;
  }
  std::copy_n(data, size, block_.begin());
  block_size_ = size;
}

Sha256Digest Sha256::finish() {
  // A one bit, zeros, and the length in bits as 64 bits: one or two blocks.
  std::array<std::byte, 2 * block_bytes> last{};
  std::copy_n(block_.begin(), block_size_, last.begin());
  last[block_size_] = std::byte{0x80};
  const std::size_t blocks = block_size_ + 9 > block_bytes ? 2 : 1;
  std::uint64_t bits = total_ * 8;
  for (std::size_t i = blocks * block_bytes; bits != 0; bits >>= 8) last[--i] = static_cast<std::byte>(bits);
  compress(state_.data(), last.data(), blocks);

  Sha256Digest digest;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    const std::uint32_t word = big_endian(state_[i]);
    std::memcpy(digest.data() + 4 * i, &word, sizeof word);
  }
  return digest;
}

Sha256Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

HmacSha256::HmacSha256(std::string_view key) {
  Sha256Digest shortened;
  if (key.size() > block_bytes) {
    shortened = sha256(key);
    key = bytes_of(shortened);
  }
  std::array<char, block_bytes> pad{};
  std::copy(key.begin(), key.end(), pad.begin());
  for (char& byte : pad) byte = static_cast<char>(byte ^ 0x36);
  inner_.update({pad.data(), pad.size()});
  for (char& byte : pad) byte = static_cast<char>(byte ^ 0x36 ^ 0x5c);
  outer_.update({pad.data(), pad.size()});
}

HmacSha256::HmacSha256(const Sha256Digest& key) : HmacSha256(bytes_of(key)) {}

Sha256Digest HmacSha256::mac(std::string_view message) const {
  Sha256 inner = inner_;
  inner.update(message);
  const Sha256Digest inside = inner.finish();
  Sha256 outer = outer_;
  outer.update(bytes_of(inside));
  return outer.finish();
}

void append_hex(std::string& out, const Sha256Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 2 * std::tuple_size_v<Sha256Digest>> text{};
  auto* at = text.data();
  for (const std::byte byte : digest) {
    *at++ = digits[std::to_integer<std::size_t>(byte) >> 4];
    *at++ = digits[std::to_integer<std::size_t>(byte) & 15];
  }
  out.append(text.data(), text.size());
}

std::string_view bytes_of(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace bao::core
