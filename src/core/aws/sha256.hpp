#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bao::core {

using Sha256Digest = std::array<std::byte, 32>;

/// FIPS 180-4. Copying one in the middle keeps what it has hashed so far.
class Sha256 {
 public:
  void update(std::string_view bytes);
  /// The digest of everything given to update; the object is used up.
  [[nodiscard]] Sha256Digest finish();

 private:
  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, 64> block_{};
  std::size_t block_size_ = 0;
  std::uint64_t total_ = 0;
};

[[nodiscard]] Sha256Digest sha256(std::string_view bytes);

/// RFC 2104 with SHA-256. The key's two blocks are hashed once, so that a short message costs two blocks.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);
  explicit HmacSha256(const Sha256Digest& key);

  [[nodiscard]] Sha256Digest mac(std::string_view message) const;

 private:
  Sha256 inner_;
  Sha256 outer_;
};

/// Appends the digest as 64 lower-case hex digits.
void append_hex(std::string& out, const Sha256Digest& digest);

[[nodiscard]] std::string_view bytes_of(const Sha256Digest& digest);

/// One implementation of the compression function: `count` blocks of 64 bytes into the state.
using Sha256Compress = void (*)(std::uint32_t* state, const std::byte* blocks, std::size_t count);

void sha256_compress_portable(std::uint32_t* state, const std::byte* blocks, std::size_t count);

/// The one that uses the processor's SHA instructions; nullptr where it has none.
[[nodiscard]] Sha256Compress sha256_compress_native();

/// FIPS 180-4, 4.2.2.
extern const std::array<std::uint32_t, 64> sha256_constants;

}  // namespace bao::core
