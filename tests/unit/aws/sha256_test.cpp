#include "core/aws/sha256.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "support/golden_rows.hpp"

namespace bao::core {
namespace {

std::string hex(const Sha256Digest& digest) {
  std::string text;
  append_hex(text, digest);
  return text;
}

TEST(Sha256, NistVectors) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(
      hex(sha256("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlm"
                 "nopqrsmnopqrstnopqrstu")),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, AroundTheBlockBoundaries) {
  const auto rows = golden_rows("signatures.tsv", "hash");
  ASSERT_EQ(rows.size(), 201U);
  for (const auto& row : rows) {
    const std::size_t size = std::stoul(row[0]);
    EXPECT_EQ(hex(sha256(std::string(size, 'a'))), row[1]) << size;
    EXPECT_EQ(hex(HmacSha256(std::string(size, 'k')).mac(std::string(size, 'a'))), row[2]) << size;
  }
}

TEST(Sha256, InPiecesIsTheSameAsAtOnce) {
  std::mt19937 random(1);
  std::string text(1000, '\0');
  for (char& c : text) c = static_cast<char>(random());
  for (int i = 0; i < 200; ++i) {
    Sha256 pieces;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = std::min<std::size_t>(random() % 150, text.size() - at);
      pieces.update(std::string_view(text).substr(at, size));
      at += size;
    }
    ASSERT_EQ(pieces.finish(), sha256(text));
  }
}

TEST(Sha256, NativeAndPortableAgree) {
  const Sha256Compress native = sha256_compress_native();
  if (native == nullptr) GTEST_SKIP() << "this processor has no SHA instructions";
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    std::array<std::byte, 192> blocks;
    for (std::byte& byte : blocks) byte = static_cast<std::byte>(random());
    std::array<std::uint32_t, 8> a;
    for (std::uint32_t& word : a) word = static_cast<std::uint32_t>(random());
    std::array<std::uint32_t, 8> b = a;
    const std::size_t count = random() % 4;
    native(a.data(), blocks.data(), count);
    sha256_compress_portable(b.data(), blocks.data(), count);
    ASSERT_EQ(a, b);
  }
}

struct HmacCase {
  std::string key;
  std::string message;
  const char* mac;
};

TEST(HmacSha256, Rfc4231) {
  std::string counted;
  for (char c = 1; c <= 25; ++c) counted.push_back(c);
  const std::vector<HmacCase> cases{
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {counted, std::string(50, '\xcd'), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
       "to "
       "be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const HmacCase& test : cases) {
    const HmacSha256 key(test.key);
    EXPECT_EQ(hex(key.mac(test.message)), test.mac);
    EXPECT_EQ(hex(key.mac(test.message)), test.mac) << "the second use of a key";
  }
  EXPECT_EQ(hex(HmacSha256(std::string(20, '\x0c')).mac("Test With Truncation")).substr(0, 32),
            "a3b6167473100ee06e0c796c2955552b");
}

}  // namespace
}  // namespace bao::core
