#include "native/http/response_parser.hpp"

#include <gmock/gmock.h>

#include <string>

namespace {

using bao::native::ResponseLimits;
using bao::native::ResponseParser;

/// Feeds `bytes` in pieces of `step`; returns how many were taken.
std::size_t feed(ResponseParser& parser, std::string_view bytes, std::size_t step) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !parser.done() && !parser.failed()) {
    taken += parser.feed(bytes.substr(taken, step));
  }
  return taken;
}

TEST(ResponseParser, ReadsAnswersHoweverTheyAreCut) {
  const std::string_view answers[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Other:\t a \r\n\r\nhello",
      "HTTP/1.1 200\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3\r\nhel\r\n0002;e=1\r\nlo\r\n0\r\nTrailer: "
      "x\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 "
      "OK\r\nContent-Length: 5\r\n\r\nhello",
  };
  for (const std::string_view answer : answers) {
    for (std::size_t step = 1; step <= answer.size(); ++step) {
      ResponseParser parser;
      EXPECT_FALSE(parser.started());
      EXPECT_EQ(feed(parser, std::string(answer) + "next", step), answer.size()) << answer;
      ASSERT_TRUE(parser.done()) << answer << " in steps of " << step << ": " << parser.failure();
      EXPECT_TRUE(parser.keep_alive());
      const bao::core::HttpResponse response = parser.take();
      EXPECT_EQ(response.status, 200);
      EXPECT_EQ(response.body, "hello");
    }
  }
}

TEST(ResponseParser, BodyMayBeReadInPlace) {
  ResponseParser parser;
  const std::string body(3'000'000, 'x');
  parser.feed("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\nxx");
  std::size_t got = 2;
  bool by_feeding = false;
  while (!parser.done()) {
    if (by_feeding) {
      got += parser.feed(std::string(1000, 'x'));
    } else {
      const std::span<char> space = parser.body_space();
      ASSERT_FALSE(space.empty());
      EXPECT_LE(space.size(), 1024U * 1024U);
      const std::size_t count = std::min<std::size_t>(space.size(), 100'000);
      std::fill_n(space.begin(), count, 'x');
      parser.commit(count);
      got += count;
    }
    by_feeding = !by_feeding;
  }
  EXPECT_GE(got, body.size());
  EXPECT_TRUE(parser.take().body == body);
}

TEST(ResponseParser, TellsWhetherTheConnectionStaysOpen) {
  const auto keeps = [](std::string_view head) {
    ResponseParser parser;
    parser.feed(std::string(head) + "Content-Length: 0\r\n\r\n");
    EXPECT_TRUE(parser.done()) << head;
    return parser.keep_alive();
  };
  EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: foo, Close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
}

TEST(ResponseParser, BodyWithoutALengthEndsWithTheConnection) {
  ResponseParser parser;
  parser.feed("HTTP/1.1 200 OK\r\n\r\nabc");
  EXPECT_FALSE(parser.done());
  parser.end_of_stream();
  EXPECT_TRUE(parser.done());
  EXPECT_FALSE(parser.keep_alive());
  EXPECT_EQ(parser.take().body, "abc");
}

TEST(ResponseParser, NoBodyAfter204) {
  ResponseParser parser;
  parser.feed("HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_TRUE(parser.done());
}

TEST(ResponseParser, EndOfStreamElsewhereIsAFailure) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "closed before an answer"},
      {"HTTP/1.1 20", "in the middle of an answer"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", "in the middle of an answer"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
       "in the middle of an answer"},
  };
  for (const auto& [bytes, reason] : cases) {
    ResponseParser parser;
    parser.feed(bytes);
    parser.end_of_stream();
    EXPECT_TRUE(parser.failed()) << bytes;
    EXPECT_THAT(parser.failure(), testing::HasSubstr(reason));
  }
}

TEST(ResponseParser, BreaksWithinALineAreRefusedWhereverTheyAre) {
  for (const std::string line :
       {"A: b", "Content-Length: 0", "X-Something-Longer: with a value of some length"}) {
    for (std::size_t at = 0; at <= line.size(); ++at) {
      for (const char c : {'\r', '\n', '\0'}) {
        std::string broken = line;
        broken.insert(at, 1, c);
        ResponseParser parser;
        parser.feed("HTTP/1.1 200 OK\r\n" + broken + "\r\nContent-Length: 0\r\n\r\n");
        EXPECT_TRUE(parser.failed()) << testing::PrintToString(broken);
        EXPECT_EQ(parser.failure(), "the answer has a malformed header") << testing::PrintToString(broken);
      }
    }
  }
}

TEST(ResponseParser, NamesOfHeadersHaveNoCase) {
  ResponseParser parser;
  parser.feed(
      "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\nX-Amzn-REQUESTID: r\r\nDaTe:\tSat, 28 Nov 2026 07:46:50 GMT "
      "\r\n"
      "X-AMZ-CRC32: 7\r\nContent-Lengths: 9\r\nConnection:CLOSE\r\n\r\n");
  ASSERT_TRUE(parser.done()) << parser.failure();
  EXPECT_FALSE(parser.keep_alive());
  const bao::core::HttpResponse response = parser.take();
  EXPECT_EQ(response.request_id, "r");
  EXPECT_EQ(response.date, "Sat, 28 Nov 2026 07:46:50 GMT");
  EXPECT_EQ(response.crc32, 7U);
}

TEST(ResponseParser, ChecksumOfEncodedBodiesIsDropped) {
  ResponseParser plain;
  plain.feed("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nx-amz-crc32: 7\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(plain.take().crc32, 7U);
  ResponseParser encoded;
  encoded.feed("HTTP/1.1 200 OK\r\nx-amz-crc32: 7\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(encoded.take().crc32, std::nullopt);
}

TEST(ResponseParser, RefusesWhatCouldHideTheBorderOfAnAnswer) {
  const std::pair<std::string, const char*> cases[] = {
      {"HTTP/2 200 OK\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/1.1 2x0 OK\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/1.1 -20 OK\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/1.1 2000 OK\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", "Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "other than chunked"},
      {"HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n", "malformed header"},
      {"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", "malformed header"},
      {"HTTP/1.1 200 OK\r\nA: b\nB: c\r\n\r\n", "malformed header"},
      {"HTTP/1.1 200 OK\r\nx-amz-crc32: many\r\n\r\n", "x-amz-crc32"},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "another protocol"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "malformed chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "malformed chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", "malformed chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\n", "malformed chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", "too large"},
  };
  for (const auto& [bytes, reason] : cases) {
    for (const std::size_t step : {std::size_t{1}, bytes.size()}) {
      ResponseParser parser;
      feed(parser, bytes, step);
      EXPECT_TRUE(parser.failed()) << bytes;
      EXPECT_THAT(parser.failure(), testing::HasSubstr(reason)) << bytes;
    }
  }
}

TEST(ResponseParser, LimitsHoldForEveryPart) {
  const ResponseLimits limits{.head_bytes_max = 100, .body_bytes_max = 10};
  const std::pair<std::string, const char*> cases[] = {
      {"HTTP/1.1 200 OK\r\nA: " + std::string(100, 'a') + "\r\n\r\n", "head"},
      {"HTTP/1.1 100 OK\r\n\r\nHTTP/1.1 100 OK\r\n\r\nHTTP/1.1 100 OK\r\n\r\nHTTP/1.1 100 OK\r\n\r\nHTTP/1.1 "
       "100 "
       "OK\r\n\r\nHTTP/1.1 100 OK\r\n\r\n",
       "head"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", "body"},
      {"HTTP/1.1 200 OK\r\n\r\n01234567890", "body"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n", "body"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: " + std::string(100, 'a'), "head"},
  };
  for (const auto& [bytes, reason] : cases) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
      ResponseParser parser(limits);
      feed(parser, bytes, step);
      EXPECT_TRUE(parser.failed()) << bytes;
      EXPECT_THAT(parser.failure(),
                  testing::HasSubstr("the " + std::string(reason) + " of the answer is too large"));
    }
  }
}

TEST(ResponseParser, CanBeUsedAgain) {
  ResponseParser parser;
  parser.feed("HTTP/1.1 200 OK\r\nConnection: close\r\nx-amz-crc32: 1\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(parser.take().body, "abc");
  parser.reset();
  parser.feed("HTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\nx");
  ASSERT_TRUE(parser.done());
  EXPECT_TRUE(parser.keep_alive());
  const bao::core::HttpResponse response = parser.take();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, "x");
  EXPECT_EQ(response.crc32, std::nullopt);
}

}  // namespace
