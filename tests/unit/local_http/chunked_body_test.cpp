#include "local/http/chunked_body.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace bao::local {
namespace {

using Result = ChunkedBody::Result;

constexpr std::size_t size_max = 100;

Result result_of(std::string_view text) {
  return ChunkedBody().read(text, size_max);
}

TEST(ChunkedBody, IsPutTogether) {
  const std::pair<std::string, std::string> cases[] = {
      {"0\r\n\r\n", ""},
      {"5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"5\r\nhello\r\n00B\r\n, my\r\nworld\r\n0\r\n\r\n", "hello, my\r\nworld"},
      {"a;name=\"value\"\r\n0123456789\r\n1 ; x\r\n!\r\n0;last\r\nDigest: x\r\nB: y\r\n\r\n", "0123456789!"},
      {"64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n", std::string(100, 'x')},
  };
  for (const auto& [text, body] : cases) {
    const std::string sent = text + "POST / HTTP/1.1\r\n";
    ChunkedBody whole;
    EXPECT_EQ(whole.read(sent, size_max), Result::complete) << text;
    EXPECT_EQ(whole.body(), body);
    EXPECT_EQ(whole.size(), text.size());
    ChunkedBody pieces;
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_EQ(pieces.read(std::string_view(sent).substr(0, size), size_max), Result::incomplete)
          << text << size;
    }
    EXPECT_EQ(pieces.read(sent, size_max), Result::complete) << text;
    EXPECT_EQ(pieces.body(), body);
    EXPECT_EQ(pieces.size(), text.size());
  }
}

TEST(ChunkedBody, IsRefused) {
  std::string small_chunks;
  for (int i = 0; i < 90; ++i) small_chunks += "1\r\nx\r\n";
  const std::pair<std::string, Result> cases[] = {
      {"\r\n", Result::malformed},
      {"hello\r\n", Result::malformed},
      {"-1\r\n", Result::malformed},
      {"0x5\r\nhello\r\n", Result::malformed},
      {"5 6\r\nhello\r\n", Result::malformed},
      {"5\nhello\r\n", Result::malformed},
      {"5\r\nhello!\r\n", Result::malformed},
      {"5\r\nhello\n0\r\n\r\n", Result::malformed},
      {"1;" + std::string(10'000, 'x'), Result::malformed},
      {"0\r\nA: " + std::string(10'000, 'x'), Result::malformed},
      {"65\r\n", Result::too_large},
      {"FFFFFFFFFFFFFFFF\r\n", Result::too_large},
      {"5\r\nhello\r\n60\r\n", Result::too_large},
      {small_chunks, Result::too_large},
      {"0\r\nA: " + std::string(size_max, 'x') + "\r\n", Result::too_large},
  };
  for (const auto& [text, result] : cases) EXPECT_EQ(result_of(text), result) << text.substr(0, 80);
}

}  // namespace
}  // namespace bao::local
