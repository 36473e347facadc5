#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/value/document.hpp"

namespace bao::core {

enum class JsonType : std::uint8_t { object, array, string, number, boolean, null, invalid };

enum class CodecErrorCode : std::uint8_t {
  none,
  unexpected_end,
  unexpected_byte,
  invalid_escape,
  invalid_utf8,       ///< ill-formed UTF-8 or a lone surrogate escape
  invalid_number,     ///< not a JSON number, or more than DynamoDB's number text can be
  invalid_base64,
  too_deep,
  too_large,
  unknown_type,       ///< an attribute value whose one key is not a DynamoDB type
  duplicate_key,      ///< one attribute, map member or set member twice
  trailing_bytes,
};

struct CodecError {
  CodecErrorCode code = CodecErrorCode::none;
  std::size_t offset = 0;  ///< of the first bad byte, from the start of the text

  /// "unexpected byte at offset 17"
  [[nodiscard]] std::string to_string() const;
};

struct JsonLimits {
  std::size_t bytes_max = std::size_t{64} << 20;  ///< 16 MB of items grow in JSON
  unsigned depth_max = 64;  ///< DynamoDB allows 32 levels of nesting; each level is two of JSON
};

/// A pull reader over JSON text that it may overwrite: strings are unescaped in place, and the views it
/// gives point into the text. Errors are sticky: after the first one every call returns false, so a caller
/// may check once at the end. Strict: RFC 8259, well-formed UTF-8, no trailing bytes (finish()).
class JsonReader {
 public:
  explicit JsonReader(std::string& text, JsonLimits limits = {});

  [[nodiscard]] JsonType peek();
  /// Consumes '{'. Then call next_member until it returns false: that consumed '}' or failed.
  bool enter_object();
  bool next_member(std::string_view& name);
  /// Consumes '['. Then call next_element until it returns false: that consumed ']' or failed.
  bool enter_array();
  bool next_element();
  bool read_string(std::string_view& value);
  /// The number's text, as written.
  bool read_number(std::string_view& text);
  bool read_bool(bool& value);
  bool read_null();
  bool skip_value();
  /// Nothing but white space is left.
  bool finish();

  /// Reads an item ({"name": {"S": "x"}, ...}) as a map node with its attributes into `document`, whose
  /// `text` must be the text that this reader was made of. Gives the index of the map node.
  bool read_item(Document& document, std::uint32_t& index);
  /// Reads one attribute value ({"S": "x"}), nameless.
  bool read_attribute_value(Document& document, std::uint32_t& index);

  [[nodiscard]] bool failed() const { return error_.code != CodecErrorCode::none; }
  [[nodiscard]] const CodecError& error() const { return error_; }
  /// Records an error of the caller's (an unexpected shape) at the present position.
  bool fail(CodecErrorCode code);

 private:
  // The author of this room completes the private part.
  char* begin_;
  char* position_;
  char* end_;
  JsonLimits limits_;
  unsigned depth_ = 0;
  bool first_ = false;
  CodecError error_;
};

}  // namespace bao::core
