#include "local/http/answer_head.hpp"

#include <charconv>
#include <cstddef>
#include <ctime>

#include "core/aws/fault.hpp"

namespace bao::local {

namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

// One step of SplitMix64: cheap, and every id differs.
std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t word = (state += 0x9E3779B97F4A7C15U);
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9U;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EBU;
  return word ^ (word >> 31);
}

}  // namespace

void AnswerHeads::set_time(std::int64_t seconds_since_epoch) {
  if (seconds_since_epoch == seconds_) return;
  seconds_ = seconds_since_epoch;
  const auto time = static_cast<std::time_t>(seconds_since_epoch);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[64];
  // No locale is ever set in the process, so the names are English as RFC 9110 wants them.
  const std::size_t size = std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
  date_line_.assign(text, size);
}

void AnswerHeads::append(std::string& out, const Parts& parts) {
  if (parts.status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
  } else {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(parts.status));
    out += ' ';
    out += reason(parts.status);
    out += "\r\n";
  }
  out += date_line_;
  out += "Content-Type: ";
  out += parts.content_type;
  if (parts.api) {
    out += "\r\nx-amzn-RequestId: ";
    append_request_id(out);
    out += "\r\nx-amz-crc32: ";
    append_number(out, core::crc32(parts.body));
  }
  out += "\r\nContent-Length: ";
  append_number(out, parts.body.size());
  out += parts.keep_alive ? "\r\nConnection: keep-alive\r\n" : "\r\nConnection: close\r\n";
  out += parts.more_headers;
  out += "\r\n";
}

void AnswerHeads::append_request_id(std::string& out) {
  static constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
  constexpr unsigned size = 52;  // as the service's
  constexpr unsigned characters_a_word = 12;
  char id[size];
  std::uint64_t word = 0;
  for (unsigned i = 0; i < size; ++i) {
    if (i % characters_a_word == 0) word = next_random(random_);
    id[i] = alphabet[word & 31];
    word >>= 5;
  }
  out.append(id, size);
}

}  // namespace bao::local
