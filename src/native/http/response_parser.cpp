#include "native/http/response_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <utility>

namespace bao::native {
namespace {

/// A body of known length is given room in steps, so that a length that lies does not take memory.
constexpr std::size_t body_step_bytes = 1024 * 1024;
/// A chunk's size, with extensions that nobody reads.
constexpr std::size_t chunk_line_bytes_max = 1024;

/// `lower_case` is made of lower case letters, digits and hyphens, and `text` holds no control characters:
/// then the bit that tells the cases apart is all that may differ.
template <std::size_t Size>
bool same_ignoring_case(std::string_view text, const char (&lower_case)[Size]) {
  if (text.size() != Size - 1) return false;
  // All of them, wherever the first difference is: compilers compare many at a time then.
  int differences = 0;
  for (std::size_t i = 0; i < Size - 1; ++i) differences |= (text.data()[i] | 0x20) ^ lower_case[i];
  return differences == 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <class Integer>
bool parse_whole(std::string_view text, Integer& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

/// What the name of a header is made of (RFC 9110, 5.6.2), for each byte.
constexpr std::array<bool, 256> token_bytes = [] {
  std::array<bool, 256> bytes{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) {
    bytes[c] = std::string_view("\"(),/:;<=>?@[\\]{}").find(static_cast<char>(c)) == std::string_view::npos;
  }
  return bytes;
}();

/// False where no byte is below 0x0e, as carriage returns, line feeds and NULs are.
bool may_hold_breaks(std::string_view line) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  const auto is_low = [](std::uint64_t word) { return ((word - ones * 0x0e) & ~word & ones * 0x80) != 0; };
  const auto word_at = [line](std::size_t offset) {
    std::uint64_t word = 0;
    std::memcpy(&word, line.data() + offset, sizeof word);
    return word;
  };
  if (line.size() < sizeof(std::uint64_t)) return true;
  const std::size_t last = line.size() - sizeof(std::uint64_t);
  for (std::size_t offset = 0; offset < last; offset += sizeof(std::uint64_t)) {
    if (is_low(word_at(offset))) return true;
  }
  return is_low(word_at(last));
}

constexpr std::string_view head_end_mark = "\r\n\r\n";

/// Where the mark at the end of a head begins, at `from` or behind it.
std::size_t find_head_end(std::string_view bytes, std::size_t from) {
  // Line by line: the mark's second byte is what is searched for.
  for (std::size_t at = bytes.find('\n', from + 1); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    if (bytes.substr(at - 1).starts_with(head_end_mark)) return at - 1;
  }
  return std::string_view::npos;
}

/// Whether a comma separated list holds a word.
template <std::size_t Size>
bool list_holds(std::string_view list, const char (&word)[Size]) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (same_ignoring_case(trimmed(list.substr(0, comma)), word)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace

void ResponseParser::reset() {
  state_ = State::head;
  started_ = false;
  keep_alive_ = true;
  chunked_ = false;
  encoded_ = false;
  has_length_ = false;
  remaining_ = 0;
  head_bytes_ = 0;
  body_filled_ = 0;
  pending_.clear();
  failure_.clear();
  response_ = {};
}

bool ResponseParser::fail(std::string reason) {
  state_ = State::failed;
  failure_ = std::move(reason);
  return false;
}

std::size_t ResponseParser::feed(std::string_view bytes) {
  std::size_t taken = 0;
  if (!bytes.empty()) started_ = true;
  while (taken < bytes.size() && state_ != State::done && state_ != State::failed) {
    const std::string_view rest = bytes.substr(taken);
    switch (state_) {
      case State::head:
        taken += feed_head(rest);
        break;
      case State::body_length:
      case State::body_until_close:
      case State::chunk_data:
        taken += feed_body(rest);
        break;
      default:
        taken += feed_line(rest);
        break;
    }
  }
  return taken;
}

std::size_t ResponseParser::feed_head(std::string_view bytes) {
  if (pending_.empty()) {
    const std::size_t end = find_head_end(bytes, 0);
    if (end != std::string_view::npos) {
      head_bytes_ += end + head_end_mark.size();
      if (head_bytes_ > limits_.head_bytes_max) {
        fail("the head of the answer is too large");
      } else if (parse_head(bytes.substr(0, end + 2))) {
        choose_body();
      }
      return end + head_end_mark.size();
    }
  }
  // The mark may lie across the border of two pieces.
  const std::size_t before = pending_.size();
  pending_.append(bytes.substr(0, std::min(bytes.size(), limits_.head_bytes_max + 1)));
  const std::size_t end = find_head_end(pending_, before < 3 ? 0 : before - 3);
  if (end == std::string::npos) {
    if (head_bytes_ + pending_.size() > limits_.head_bytes_max) fail("the head of the answer is too large");
    return bytes.size();
  }
  head_bytes_ += end + head_end_mark.size();
  if (head_bytes_ > limits_.head_bytes_max) {
    fail("the head of the answer is too large");
    return bytes.size();
  }
  const std::string head = std::exchange(pending_, {});
  if (parse_head(std::string_view(head).substr(0, end + 2))) choose_body();
  return end + head_end_mark.size() - before;
}

bool ResponseParser::parse_head(std::string_view head) {
  std::size_t line_end = head.find("\r\n");
  const std::string_view status_line = head.substr(0, line_end);
  // "HTTP/1.1 200 OK"; the reason may be missing.
  if (status_line.size() < 12 || !status_line.starts_with("HTTP/1.") ||
      (status_line[7] != '0' && status_line[7] != '1') || status_line[8] != ' ' ||
      (status_line.size() > 12 && status_line[12] != ' ') ||
      !parse_whole(status_line.substr(9, 3), response_.status) || response_.status < 100) {
    return fail("the answer is not HTTP/1.1");
  }
  keep_alive_ = status_line[7] == '1';
  std::size_t position = line_end + 2;
  while (position < head.size()) {
    line_end = head.find('\n', position);
    // Without a carriage return before the line feed, the line has a line feed in it.
    const std::string_view line =
        head.substr(position, line_end - position - (head[line_end - 1] == '\r' ? 1 : 0));
    std::size_t colon = 0;
    while (token_bytes[static_cast<unsigned char>(line.data()[colon])]) ++colon;  // ends at the line feed
    if (colon == 0 || line.data()[colon] != ':' || head[line_end - 1] != '\r' ||
        (may_hold_breaks(line) &&
         line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)) {
      return fail("the answer has a malformed header");
    }
    if (!parse_header(line.substr(0, colon), trimmed(line.substr(colon + 1)))) return false;
    position = line_end + 1;
  }
  return true;
}

bool ResponseParser::parse_header(std::string_view name, std::string_view value) {
  // Lengths first: most headers end here.
  switch (name.size()) {
    case 4:
      if (same_ignoring_case(name, "date")) response_.date = value;
      break;
    case 10:
      if (same_ignoring_case(name, "connection")) {
        if (list_holds(value, "close")) {
          keep_alive_ = false;
        } else if (list_holds(value, "keep-alive")) {
          keep_alive_ = true;
        }
      }
      break;
    case 11:
      if (same_ignoring_case(name, "x-amz-crc32")) {
        std::uint32_t crc = 0;
        if (!parse_whole(value, crc)) return fail("the answer has a malformed x-amz-crc32 header");
        response_.crc32 = crc;
      }
      break;
    case 14:
      if (same_ignoring_case(name, "content-length")) {
        std::uint64_t length = 0;
        if (!parse_whole(value, length) || (has_length_ && length != remaining_)) {
          return fail("the answer has a malformed Content-Length");
        }
        has_length_ = true;
        remaining_ = length;
      }
      break;
    case 16:
      if (same_ignoring_case(name, "x-amzn-requestid")) {
        response_.request_id = value;
      } else if (same_ignoring_case(name, "content-encoding")) {
        encoded_ = !same_ignoring_case(value, "identity");
      }
      break;
    case 17:
      if (same_ignoring_case(name, "transfer-encoding")) {
        if (chunked_ || !same_ignoring_case(value, "chunked")) {
          return fail("the answer has a Transfer-Encoding other than chunked");
        }
        chunked_ = true;
      }
      break;
    default:
      break;
  }
  return true;
}

void ResponseParser::choose_body() {
  if (response_.status < 200) {
    if (response_.status == 101) {
      fail("the answer switches to another protocol");
      return;
    }
    // Informational: the real answer follows. What both heads take counts against one limit.
    const std::size_t head_bytes = head_bytes_;
    reset();
    head_bytes_ = head_bytes;
    started_ = true;
    return;
  }
  if (encoded_) response_.crc32.reset();
  if (chunked_ && has_length_) {
    fail("the answer has both a Content-Length and a Transfer-Encoding");
  } else if (response_.status == 204 || response_.status == 304) {
    state_ = State::done;
  } else if (chunked_) {
    state_ = State::chunk_size;
  } else if (has_length_) {
    if (remaining_ > limits_.body_bytes_max) {
      fail("the body of the answer is too large");
    } else {
      state_ = remaining_ == 0 ? State::done : State::body_length;
      response_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, body_step_bytes)));
    }
  } else {
    keep_alive_ = false;
    state_ = State::body_until_close;
  }
}

std::size_t ResponseParser::feed_body(std::string_view bytes) {
  if (state_ == State::body_until_close) {
    if (bytes.size() > limits_.body_bytes_max - response_.body.size()) {
      fail("the body of the answer is too large");
    } else {
      response_.body.append(bytes);
    }
    return bytes.size();
  }
  const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
  if (state_ == State::body_length) response_.body.resize(body_filled_);
  response_.body.append(bytes.substr(0, count));
  body_filled_ = response_.body.size();
  remaining_ -= count;
  if (remaining_ == 0) state_ = state_ == State::body_length ? State::done : State::chunk_end;
  return count;
}

std::span<char> ResponseParser::body_space() {
  if (state_ != State::body_length) return {};
  if (response_.body.size() == body_filled_) {
    const std::uint64_t step = std::min<std::uint64_t>(remaining_, body_step_bytes);
    response_.body.resize(body_filled_ + static_cast<std::size_t>(step));
  }
  return std::span(response_.body).subspan(body_filled_);
}

void ResponseParser::commit(std::size_t bytes) {
  body_filled_ += bytes;
  remaining_ -= bytes;
  if (remaining_ == 0) {
    response_.body.resize(body_filled_);
    state_ = State::done;
  }
}

std::size_t ResponseParser::feed_line(std::string_view bytes) {
  const std::size_t newline = bytes.find('\n');
  const std::size_t count = newline == std::string_view::npos ? bytes.size() : newline + 1;
  pending_.append(bytes.substr(0, count));
  if (state_ == State::trailers) {
    head_bytes_ += count;
    if (head_bytes_ > limits_.head_bytes_max) {
      fail("the head of the answer is too large");
      return count;
    }
  } else if (pending_.size() > chunk_line_bytes_max) {
    fail("the answer has a malformed chunk");
    return count;
  }
  if (newline == std::string_view::npos) return count;
  const std::string line = std::exchange(pending_, {});
  if (!line.ends_with("\r\n")) {
    fail("the answer has a malformed chunk");
    return count;
  }
  const std::string_view text = std::string_view(line).substr(0, line.size() - 2);
  switch (state_) {
    case State::chunk_size:
      parse_chunk_size(text);
      break;
    case State::chunk_end:
      if (text.empty()) {
        state_ = State::chunk_size;
      } else {
        fail("the answer has a malformed chunk");
      }
      break;
    default:  // trailers: nothing in them is used
      if (text.empty()) state_ = State::done;
      break;
  }
  return count;
}

bool ResponseParser::parse_chunk_size(std::string_view line) {
  const std::string_view digits = trimmed(line.substr(0, line.find(';')));
  if (digits.empty() || digits.size() > 16 || !parse_whole(digits, remaining_, 16)) {
    return fail("the answer has a malformed chunk");
  }
  if (remaining_ > limits_.body_bytes_max - response_.body.size()) {
    return fail("the body of the answer is too large");
  }
  state_ = remaining_ == 0 ? State::trailers : State::chunk_data;
  return true;
}

void ResponseParser::end_of_stream() {
  if (state_ == State::done || state_ == State::failed) return;
  if (state_ == State::body_until_close) {
    state_ = State::done;
  } else {
    fail(started_ ? "the connection was closed in the middle of an answer"
                  : "the connection was closed before an answer");
  }
}

}  // namespace bao::native
