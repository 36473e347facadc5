#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/document.hpp"

namespace bao::core {

enum class JsonType : std::uint8_t { object, array, string, number, boolean, null, invalid };

/// Each is produced by a test.
enum class CodecErrorCode : std::uint8_t {
  none,
  unexpected_end,
  unexpected_byte,  ///< also: a second type key in one attribute value, {"NULL": false}
  invalid_escape,
  invalid_utf8,    ///< ill-formed UTF-8 or a lone surrogate escape
  invalid_number,  ///< not a JSON number, or more than DynamoDB's number text can be
  invalid_base64,
  too_deep,
  too_large,
  unknown_type,   ///< an attribute value whose one key is not a DynamoDB type
  duplicate_key,  ///< one attribute, map member or set member twice
  trailing_bytes,
};

struct CodecError {
  CodecErrorCode code = CodecErrorCode::none;
  /// Of the first bad byte, from the start of the text as received; for invalid_utf8 of the sequence's first
  /// byte or of the escape, for invalid_number in {"N": ...} and for duplicate_key of the string's first
  /// byte.
  std::size_t offset = 0;

  /// "unexpected byte at offset 17"
  [[nodiscard]] std::string to_string() const;
};

struct JsonLimits {
  std::size_t bytes_max = std::size_t{64} << 20;  ///< 16 MB of items grow in JSON; never more than 4 GiB
  /// Nested objects and arrays. DynamoDB allows 32 levels of nesting in an attribute and each is two of JSON;
  /// the rest is the envelope (BatchWriteItem's is six deep). Values nest on the stack: keep it below 1,000.
  unsigned depth_max = 80;
};

/// A pull reader over JSON text that it may overwrite: strings are unescaped in place, and the views it
/// gives point into the text. Errors are sticky: after the first one every call returns false, so a caller
/// may check once at the end. Strict: RFC 8259, well-formed UTF-8, no trailing bytes (finish()). Members of
/// objects that the caller reads with next_member are not compared with each other; those of items are.
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
  struct Range {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
  };

  // These take and give a position in the text; nullptr after an error, which is then recorded.
  char* error_at(CodecErrorCode code, const char* position);
  char* unexpected_at(const char* position);
  char* parse_string(char* position, Range& range);
  char* parse_string_slowly(char* start, char* stop, Range& range);
  char* parse_escape(char* position, char*& out);
  char* parse_plain(char* position, Range name, Document& document);
  char* parse_value(char* position, unsigned depth, Range name, Document& document);
  char* parse_typed(char* position, ValueKind kind, unsigned depth, Range name, Document& document);
  char* parse_type(char* position, ValueKind& kind);
  char* parse_members(char* position, unsigned depth, Range name, Document& document);
  char* parse_elements(char* position, ValueKind kind, unsigned depth, Range name, Document& document);
  char* parse_set_member(char* position, ValueKind kind, Document& document);
  bool find_duplicates(const Document& document, std::uint32_t parent, bool by_name);
  bool find_duplicates_sorted(const Document& document, std::uint32_t parent, bool by_name);
  [[nodiscard]] std::uint32_t offset_of(const char* position) const {
    return static_cast<std::uint32_t>(position - begin_);
  }
  bool read_literal(std::string_view literal);
  bool read_digits();
  bool enter(char bracket);
  bool next(char bracket);

  char* begin_;
  char* position_;
  char* end_;  // at a NUL byte, as std::string has one behind its text
  JsonLimits limits_;
  unsigned depth_ = 0;
  bool first_ = false;
  CodecError error_;
  std::vector<std::uint32_t> sorted_;  // scratch for find_duplicates_sorted
};

}  // namespace bao::core
