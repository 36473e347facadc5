#include "local/http/request_head.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace bao::local {
namespace {

HeadResult result_of(const std::string& text) {
  RequestHead head;
  return parse_request_head(text, head);
}

TEST(RequestHead, ReadsWhatTheServerNeeds) {
  const std::string text =
      "POST /?x=1 HTTP/1.1\r\nHost: h\r\nX-AMZ-Target:  DynamoDB_20120810.GetItem \r\ncontent-type: "
      "application/json\r\n"
      "Authorization: any\r\nOrigin: https://a.example\r\nExpect: 100-Continue\r\nContent-Length: "
      "12\r\n\r\n{}";
  RequestHead head;
  ASSERT_EQ(parse_request_head(text, head), HeadResult::complete);
  EXPECT_EQ(head.method, RequestHead::Method::post);
  EXPECT_EQ(head.path, "/?x=1");
  EXPECT_EQ(head.api_target, "DynamoDB_20120810.GetItem");
  EXPECT_EQ(head.content_type, "application/json");
  EXPECT_EQ(head.origin, "https://a.example");
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_EQ(head.size, text.size() - 2);
  EXPECT_TRUE(head.has_authorization && head.keep_alive && head.expects_continue);
}

TEST(RequestHead, TellsAChunkedBody) {
  RequestHead head;
  ASSERT_EQ(parse_request_head("POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n", head),
            HeadResult::complete);
  EXPECT_TRUE(head.is_chunked);
  ASSERT_EQ(parse_request_head("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n", head), HeadResult::complete);
  EXPECT_FALSE(head.is_chunked);
}

TEST(RequestHead, EveryBeginningIsIncomplete) {
  const std::string text = "POST / HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(result_of(text.substr(0, size)), HeadResult::incomplete) << size;
  }
  EXPECT_EQ(result_of(text), HeadResult::complete);
}

TEST(RequestHead, KeepsTheConnectionAsTheVersionAndTheHeaderSay) {
  const std::pair<const char*, bool> cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
  };
  for (const auto& [text, kept] : cases) {
    RequestHead head;
    ASSERT_EQ(parse_request_head(text, head), HeadResult::complete) << text;
    EXPECT_EQ(head.keep_alive, kept) << text;
  }
}

TEST(RequestHead, RefusesWhatIsDoubtful) {
  const std::pair<std::string, HeadResult> cases[] = {
      {"hello\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\nHost: h\n\n", HeadResult::bad_request},
      {"PO ST / HTTP/1.1\r\n\r\n", HeadResult::bad_request},
      {"POST  HTTP/1.1\r\n\r\n", HeadResult::bad_request},
      {"POST / SIP/1.1\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/2.0\r\n\r\n", HeadResult::version_not_supported},
      {"POST / HTTP/1.1\r\nno colon\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nName : x\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       HeadResult::bad_request},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", HeadResult::not_implemented},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: a;b=c ,\tx,CHUNKED\r\n\r\n", HeadResult::not_implemented},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", HeadResult::not_implemented},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", HeadResult::bad_request},
      // Without chunks at the end, nobody can tell where the body ends (RFC 9112, 6.3).
      {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked;a=b\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked,\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\nTransfer-Encoding:\r\n\r\n", HeadResult::bad_request},
      {"POST / HTTP/1.1\r\n\r\n", HeadResult::length_required},
      {"POST / HTTP/1.1\r\nExpect: tea\r\n\r\n", HeadResult::expectation_failed},
      {"POST / HTTP/1.1\r\nA: " + std::string(request_head_size_max, 'x'), HeadResult::too_large},
      {"POST / HTTP/1.1\r\nA: " + std::string(request_head_size_max, 'x') + "\r\n\r\n",
       HeadResult::too_large},
  };
  for (const auto& [text, result] : cases) EXPECT_EQ(result_of(text), result) << text.substr(0, 80);
}

}  // namespace
}  // namespace bao::local
