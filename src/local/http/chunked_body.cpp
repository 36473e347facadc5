#include "local/http/chunked_body.hpp"

#include <algorithm>

namespace bao::local {

namespace {

constexpr std::size_t line_size_max = 8 * 1024;
constexpr std::size_t size_digits_max = 8;  // far beyond what is accepted, and safe from overflow

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ChunkedBody::Result ChunkedBody::read(std::string_view bytes, std::size_t size_max) {
  while (true) {
    if (body_.size() + left_ > size_max || at_ - body_.size() > size_max) return Result::too_large;
    std::string_view text;
    switch (part_) {
      case Part::size_line:
        if (const Result result = line(bytes, text); result != Result::complete) return result;
        if (const Result result = size_line(text); result != Result::complete) return result;
        break;
      case Part::data: {
        const std::string_view piece = bytes.substr(at_, left_);
        body_ += piece;
        at_ += piece.size();
        left_ -= piece.size();
        if (left_ > 0) return Result::incomplete;
        part_ = Part::data_end;
        break;
      }
      case Part::data_end:
        if (const Result result = line(bytes, text); result != Result::complete) return result;
        if (!text.empty()) return Result::malformed;
        part_ = Part::size_line;
        break;
      case Part::trailer:
        if (const Result result = line(bytes, text); result != Result::complete) return result;
        if (text.empty()) return Result::complete;
        break;
    }
  }
}

ChunkedBody::Result ChunkedBody::line(std::string_view bytes, std::string_view& text) {
  const std::string_view rest = bytes.substr(at_, line_size_max);
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) {
    return rest.size() == line_size_max ? Result::malformed : Result::incomplete;
  }
  if (end == 0 || rest[end - 1] != '\r') return Result::malformed;
  text = rest.substr(0, end - 1);
  at_ += end + 1;
  return Result::complete;
}

ChunkedBody::Result ChunkedBody::size_line(std::string_view text) {
  std::size_t digits = 0;
  std::size_t size = 0;
  while (digits < text.size() && hex_digit(text[digits]) >= 0) {
    if (digits == size_digits_max) return Result::too_large;
    size = size * 16 + static_cast<std::size_t>(hex_digit(text[digits++]));
  }
  const std::size_t behind = std::min(text.find_first_not_of(" \t", digits), text.size());
  if (digits == 0 || (behind < text.size() && text[behind] != ';')) return Result::malformed;
  left_ = size;
  part_ = size == 0 ? Part::trailer : Part::data;
  return Result::complete;
}

}  // namespace bao::local
