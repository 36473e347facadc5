#include "local/http/request_head.hpp"

#include <array>
#include <cstring>

namespace bao::local {

namespace {

// RFC 9110, 5.6.2: the characters of a token.
constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto is_token_character = make_token_table();

bool is_token(std::string_view text) {
  for (const char c : text) {
    if (!is_token_character[static_cast<unsigned char>(c)]) return false;
  }
  return !text.empty();
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// `wanted` is in lower case.
bool equal_ignoring_case(std::string_view text, std::string_view wanted) {
  if (text.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower(text[i]) != wanted[i]) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Whether a comma-separated list has the word.
bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (equal_ignoring_case(trim(list.substr(0, comma)), word)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

bool parse_length(std::string_view text, std::size_t& length) {
  constexpr std::size_t digits_max = 15;  // far beyond what is accepted, and safe from overflow
  if (text.empty() || text.size() > digits_max) return false;
  length = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    length = length * 10 + static_cast<std::size_t>(c - '0');
  }
  return true;
}

RequestHead::Method method_of(std::string_view name) {
  using Method = RequestHead::Method;
  return name == "POST"      ? Method::post
         : name == "GET"     ? Method::get
         : name == "HEAD"    ? Method::head
         : name == "OPTIONS" ? Method::options
                             : Method::other;
}

class HeadParser {
 public:
  HeadParser(std::string_view bytes, RequestHead& head) : rest_(bytes), head_(head) {}

  HeadResult run() {
    const char* const start = rest_.data();
    std::string_view text;
    HeadResult result = line(text);
    if (result == HeadResult::complete) result = request_line(text);
    while (result == HeadResult::complete) {
      result = line(text);
      if (result != HeadResult::complete) break;
      if (text.empty()) {
        head_.size = static_cast<std::size_t>(rest_.data() - start);
        return head_.size > request_head_size_max ? HeadResult::too_large : finish();
      }
      result = header(text);
    }
    return result;
  }

 private:
  HeadResult line(std::string_view& text) {
    const void* found = rest_.empty() ? nullptr : std::memchr(rest_.data(), '\n', rest_.size());
    if (!found) return HeadResult::incomplete;
    const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - rest_.data());
    if (size == 0 || rest_[size - 1] != '\r') return HeadResult::bad_request;
    text = rest_.substr(0, size - 1);
    rest_.remove_prefix(size + 1);
    return HeadResult::complete;
  }

  HeadResult request_line(std::string_view text) {
    const std::size_t first = text.find(' ');
    const std::size_t last = text.rfind(' ');
    if (first == std::string_view::npos || first == last) return HeadResult::bad_request;
    const std::string_view method = text.substr(0, first);
    const std::string_view version = text.substr(last + 1);
    head_.path = text.substr(first + 1, last - first - 1);
    if (!is_token(method) || head_.path.empty()) return HeadResult::bad_request;
    for (const char c : head_.path) {
      if (c <= ' ' || c == 0x7F) return HeadResult::bad_request;
    }
    if (!version.starts_with("HTTP/")) return HeadResult::bad_request;
    if (version == "HTTP/1.0") {
      is_old_ = true;
      head_.keep_alive = false;
    } else if (version != "HTTP/1.1") {
      return HeadResult::version_not_supported;
    }
    head_.method = method_of(method);
    return HeadResult::complete;
  }

  HeadResult header(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return HeadResult::bad_request;
    const std::string_view name = text.substr(0, colon);
    if (!is_token(name)) return HeadResult::bad_request;  // also a folded line, which starts with a space
    const std::string_view value = trim(text.substr(colon + 1));
    if (value.find('\0') != std::string_view::npos || value.find('\r') != std::string_view::npos) {
      return HeadResult::bad_request;
    }
    return known_header(name, value);
  }

  // By length first: most headers are ours to ignore.
  HeadResult known_header(std::string_view name, std::string_view value) {
    switch (name.size()) {
      case 6:
        if (equal_ignoring_case(name, "origin")) head_.origin = value;
        if (equal_ignoring_case(name, "expect")) {
          if (!equal_ignoring_case(value, "100-continue")) return HeadResult::expectation_failed;
          head_.expects_continue = true;
        }
        break;
      case 10:
        if (equal_ignoring_case(name, "connection")) {
          if (lists(value, "close")) head_.keep_alive = false;
          if (lists(value, "keep-alive")) head_.keep_alive = true;
        }
        break;
      case 12:
        if (equal_ignoring_case(name, "x-amz-target")) head_.api_target = value;
        if (equal_ignoring_case(name, "content-type")) head_.content_type = value;
        break;
      case 13:
        if (equal_ignoring_case(name, "authorization")) head_.has_authorization = true;
        break;
      case 14:
        if (equal_ignoring_case(name, "content-length")) {
          std::size_t length = 0;
          if (!parse_length(value, length)) return HeadResult::bad_request;
          if (has_length_ && length != head_.content_length) return HeadResult::bad_request;
          has_length_ = true;
          head_.content_length = length;
        }
        break;
      case 17:
        if (equal_ignoring_case(name, "transfer-encoding")) {
          if (has_transfer_encoding_) return HeadResult::bad_request;
          has_transfer_encoding_ = true;
          return transfer_codings(value);
        }
        break;
      case 30:
        if (equal_ignoring_case(name, "access-control-request-headers")) head_.requested_headers = value;
        break;
      default:
        break;
    }
    return HeadResult::complete;
  }

  // RFC 9112, 6.1 and 6.3: chunks come last, and once, as nothing else tells where the body ends. What it is
  // made of before, nobody here can undo.
  HeadResult transfer_codings(std::string_view list) {
    while (!head_.is_chunked) {
      const std::size_t comma = list.find(',');
      const std::string_view coding = trim(list.substr(0, comma));
      head_.is_chunked = equal_ignoring_case(coding, "chunked");
      has_unknown_coding_ = has_unknown_coding_ || !head_.is_chunked;
      const bool is_last = comma == std::string_view::npos;
      if (coding.empty() || is_last != head_.is_chunked) return HeadResult::bad_request;
      if (!is_last) list.remove_prefix(comma + 1);
    }
    return HeadResult::complete;
  }

  [[nodiscard]] HeadResult finish() const {
    if (has_transfer_encoding_) {
      if (has_length_ || is_old_) return HeadResult::bad_request;
      return has_unknown_coding_ ? HeadResult::not_implemented : HeadResult::complete;
    }
    if (!has_length_ && head_.method == RequestHead::Method::post) return HeadResult::length_required;
    return HeadResult::complete;
  }

  std::string_view rest_;
  RequestHead& head_;
  bool is_old_ = false;  ///< HTTP/1.0
  bool has_length_ = false;
  bool has_transfer_encoding_ = false;
  bool has_unknown_coding_ = false;  ///< besides chunked
};

}  // namespace

HeadResult parse_request_head(std::string_view bytes, RequestHead& head) {
  head = RequestHead();
  const HeadResult result = HeadParser(bytes, head).run();
  if (result == HeadResult::incomplete && bytes.size() > request_head_size_max) return HeadResult::too_large;
  return result;
}

}  // namespace bao::local
