#include "core/value/json_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/value/byte_scan.hpp"
#include "core/value/concat.hpp"
#include "core/value/json_space.hpp"
#include "core/value/utf8.hpp"

namespace bao::core {
namespace {

constexpr int not_hex = -1;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return not_hex;
}

char* append_utf8(char* out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (point < 0x80U) {
    put(point);
  } else if (point < 0x800U) {
    put(0xC0U | point >> 6U);
    put(0x80U | (point & 0x3FU));
  } else if (point < 0x10000U) {
    put(0xE0U | point >> 12U);
    put(0x80U | (point >> 6U & 0x3FU));
    put(0x80U | (point & 0x3FU));
  } else {
    put(0xF0U | point >> 18U);
    put(0x80U | (point >> 12U & 0x3FU));
    put(0x80U | (point >> 6U & 0x3FU));
    put(0x80U | (point & 0x3FU));
  }
  return out;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

const char* code_text(CodecErrorCode code) {
  switch (code) {
    case CodecErrorCode::none:
      return "no error";
    case CodecErrorCode::unexpected_end:
      return "unexpected end";
    case CodecErrorCode::unexpected_byte:
      return "unexpected byte";
    case CodecErrorCode::invalid_escape:
      return "invalid escape";
    case CodecErrorCode::invalid_utf8:
      return "invalid UTF-8";
    case CodecErrorCode::invalid_number:
      return "invalid number";
    case CodecErrorCode::invalid_base64:
      return "invalid base64";
    case CodecErrorCode::too_deep:
      return "too deeply nested";
    case CodecErrorCode::too_large:
      return "too large";
    case CodecErrorCode::unknown_type:
      return "unknown attribute type";
    case CodecErrorCode::duplicate_key:
      return "duplicate name or set member";
    case CodecErrorCode::trailing_bytes:
      return "trailing bytes";
  }
  return "unknown error";
}

}  // namespace

std::string CodecError::to_string() const {
  return concat({std::string(code_text(code)), " at offset ", offset});
}

JsonReader::JsonReader(std::string& text, JsonLimits limits)
    : begin_(text.data()), position_(begin_), end_(begin_ + text.size()), limits_(limits) {
  limits_.bytes_max = std::min<std::size_t>(limits_.bytes_max, 0xFFFFFFFFU);  // Node's offsets
  if (text.size() > limits_.bytes_max) {
    error_at(CodecErrorCode::too_large, begin_ + limits_.bytes_max);
  }
}

char* JsonReader::error_at(CodecErrorCode code, const char* position) {
  if (!failed()) {
    error_ = {code, static_cast<std::size_t>(position - begin_)};
  }
  position_ = end_;  // nothing that follows can be read
  return nullptr;
}

char* JsonReader::unexpected_at(const char* position) {
  return error_at(position >= end_ ? CodecErrorCode::unexpected_end : CodecErrorCode::unexpected_byte,
                  position);
}

bool JsonReader::fail(CodecErrorCode code) {
  error_at(code, position_);
  return false;
}

JsonType JsonReader::peek() {
  position_ = skip_space(position_);
  switch (*position_) {
    case '{':
      return JsonType::object;
    case '[':
      return JsonType::array;
    case '"':
      return JsonType::string;
    case 't':
    case 'f':
      return JsonType::boolean;
    case 'n':
      return JsonType::null;
    default:
      return *position_ == '-' || is_digit(*position_) ? JsonType::number : JsonType::invalid;
  }
}

bool JsonReader::enter(char bracket) {
  position_ = skip_space(position_);
  if (*position_ != bracket) {
    unexpected_at(position_);
    return false;
  }
  if (depth_ == limits_.depth_max) {
    error_at(CodecErrorCode::too_deep, position_);
    return false;
  }
  ++depth_;
  ++position_;
  first_ = true;
  return true;
}

/// True at the start of another member or element.
bool JsonReader::next(char bracket) {
  position_ = skip_space(position_);
  if (*position_ == bracket) {
    ++position_;
    --depth_;
    first_ = false;
    return false;
  }
  if (!first_) {
    if (*position_ != ',') {
      unexpected_at(position_);
      return false;
    }
    position_ = skip_space(position_ + 1);
    if (*position_ == bracket) {
      unexpected_at(position_);
      return false;
    }
  }
  first_ = false;
  return position_ < end_ || unexpected_at(position_) != nullptr;
}

bool JsonReader::enter_object() {
  return enter('{');
}

bool JsonReader::enter_array() {
  return enter('[');
}

bool JsonReader::next_element() {
  return next(']');
}

bool JsonReader::next_member(std::string_view& name) {
  if (!next('}') || !read_string(name)) {
    return false;
  }
  position_ = skip_space(position_);
  if (*position_ != ':') {
    unexpected_at(position_);
    return false;
  }
  ++position_;
  return true;
}

bool JsonReader::read_string(std::string_view& value) {
  Range range;
  char* const after = parse_string(skip_space(position_), range);
  if (after == nullptr) {
    return false;
  }
  position_ = after;
  first_ = false;
  value = std::string_view(begin_ + range.offset, range.size);
  return true;
}

bool JsonReader::read_digits() {
  if (!is_digit(*position_)) {
    // "1.x" is no number, but "1." may be the start of one.
    error_at(position_ >= end_ ? CodecErrorCode::unexpected_end : CodecErrorCode::invalid_number, position_);
    return false;
  }
  while (is_digit(*position_)) {
    ++position_;
  }
  return true;
}

bool JsonReader::read_number(std::string_view& text) {
  position_ = skip_space(position_);
  const char* const start = position_;
  if (*position_ == '-') {
    ++position_;
  } else if (!is_digit(*position_)) {
    unexpected_at(position_);
    return false;
  }
  if (*position_ == '0') {
    ++position_;
    if (is_digit(*position_)) {
      error_at(CodecErrorCode::invalid_number, position_);
      return false;
    }
  } else if (!read_digits()) {
    return false;
  }
  if (*position_ == '.') {
    ++position_;
    if (!read_digits()) {
      return false;
    }
  }
  if (*position_ == 'e' || *position_ == 'E') {
    ++position_;
    if (*position_ == '+' || *position_ == '-') {
      ++position_;
    }
    if (!read_digits()) {
      return false;
    }
  }
  first_ = false;
  text = std::string_view(start, static_cast<std::size_t>(position_ - start));
  return true;
}

bool JsonReader::read_literal(std::string_view literal) {
  for (const char c : literal) {
    if (*position_ != c) {
      unexpected_at(position_);
      return false;
    }
    ++position_;
  }
  first_ = false;
  return true;
}

bool JsonReader::read_bool(bool& value) {
  position_ = skip_space(position_);
  const bool is_true = *position_ == 't';
  if (!read_literal(is_true ? "true" : "false")) {
    return false;
  }
  value = is_true;
  return true;
}

bool JsonReader::read_null() {
  position_ = skip_space(position_);
  return read_literal("null");
}

bool JsonReader::skip_value() {
  std::string_view text;
  bool value = false;
  switch (peek()) {
    case JsonType::object:
      enter_object();
      while (next_member(text)) {
        skip_value();
      }
      return !failed();
    case JsonType::array:
      enter_array();
      while (next_element()) {
        skip_value();
      }
      return !failed();
    case JsonType::string:
      return read_string(text);
    case JsonType::number:
      return read_number(text);
    case JsonType::boolean:
      return read_bool(value);
    case JsonType::null:
      return read_null();
    case JsonType::invalid:
      break;
  }
  unexpected_at(position_);
  return false;
}

bool JsonReader::finish() {
  position_ = skip_space(position_);
  if (!failed() && position_ != end_) {
    error_at(CodecErrorCode::trailing_bytes, position_);
  }
  return !failed();
}

char* JsonReader::parse_string(char* position, Range& range) {
  if (*position != '"') {
    return unexpected_at(position);
  }
  char* const start = position + 1;
  char* const stop = scan<ScanFor::ascii_stop>(start, end_);
  if (*stop != '"') {
    return parse_string_slowly(start, stop, range);
  }
  range = {offset_of(start), static_cast<std::uint32_t>(stop - start)};
  return stop + 1;
}

/// Continues at `stop`, the first byte that is not plain ASCII. Once an escape was met, text moves towards
/// the start of the string: decoded text is never longer than its JSON.
char* JsonReader::parse_string_slowly(char* start, char* stop, Range& range) {
  char* from = stop;
  char* out = stop;
  for (;;) {
    char* const run_end = scan<ScanFor::ascii_stop>(from, end_);
    if (out != from) {
      std::memmove(out, from, static_cast<std::size_t>(run_end - from));
    }
    out += run_end - from;
    from = run_end;
    if (from == end_) {
      return unexpected_at(from);
    }
    if (*from == '"') {
      range = {offset_of(start), static_cast<std::uint32_t>(out - start)};
      return from + 1;
    }
    if (*from == '\\') {
      from = parse_escape(from, out);
      if (from == nullptr) {
        return nullptr;
      }
      continue;
    }
    if (static_cast<unsigned char>(*from) < 0x80U) {
      return unexpected_at(from);  // a control character
    }
    while (static_cast<unsigned char>(*from) >= 0x80U) {
      const std::size_t size = utf8_sequence_size({from, static_cast<std::size_t>(end_ - from)});
      if (size == 0) {
        return error_at(CodecErrorCode::invalid_utf8, from);
      }
      for (std::size_t i = 0; i < size; ++i) {
        *out++ = *from++;
      }
    }
  }
}

/// `position` is at the backslash.
char* JsonReader::parse_escape(char* position, char*& out) {
  const char* const escape = position;
  static constexpr std::string_view letters = "\"\\/bfnrt";
  static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  ++position;
  if (position == end_) {
    return unexpected_at(position);
  }
  if (*position != 'u') {
    const std::size_t letter = letters.find(*position);
    if (letter == std::string_view::npos) {
      return error_at(CodecErrorCode::invalid_escape, position);
    }
    *out++ = meanings[letter];
    return position + 1;
  }
  // Reads four digits behind a `u`; gives the position behind them.
  const auto read_unit = [this](char* digits, std::uint32_t& unit) -> char* {
    unit = 0;
    for (int i = 0; i < 4; ++i, ++digits) {
      if (digits >= end_) {
        return unexpected_at(digits);
      }
      const int digit = hex_digit(*digits);
      if (digit == not_hex) {
        return error_at(CodecErrorCode::invalid_escape, digits);
      }
      unit = unit << 4U | static_cast<std::uint32_t>(digit);
    }
    return digits;
  };
  std::uint32_t point = 0;
  position = read_unit(position + 1, point);
  if (position == nullptr) {
    return nullptr;
  }
  if (point >= 0xD800U && point <= 0xDBFFU) {
    if (position == end_ || (*position == '\\' && position + 1 == end_)) {
      return unexpected_at(end_);
    }
    std::uint32_t low = 0;
    if (position[0] == '\\' && position[1] == 'u') {
      position = read_unit(position + 2, low);
      if (position == nullptr) {
        return nullptr;
      }
    }
    if (low < 0xDC00U || low > 0xDFFFU) {
      return error_at(CodecErrorCode::invalid_utf8, escape);
    }
    point = 0x10000U + ((point - 0xD800U) << 10U) + (low - 0xDC00U);
  } else if (point >= 0xDC00U && point <= 0xDFFFU) {
    return error_at(CodecErrorCode::invalid_utf8, escape);
  }
  out = append_utf8(out, point);
  return position;
}

}  // namespace bao::core
