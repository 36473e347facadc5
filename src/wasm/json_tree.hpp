#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/json_reader.hpp"

namespace bao::wasm {

/// One value of the JSON in which arguments come in. Texts are views of the parsed text.
struct JsonNode {
  core::JsonType type = core::JsonType::null;
  bool boolean = false;
  std::string_view name;  ///< where this is a member of an object
  std::string_view text;  ///< string: decoded; number: as written
  std::vector<JsonNode> children;

  [[nodiscard]] bool is(core::JsonType wanted) const { return type == wanted; }
  [[nodiscard]] bool is_null() const { return type == core::JsonType::null; }
  /// The member of an object with this name; null where there is none.
  [[nodiscard]] const JsonNode* member(std::string_view wanted) const;
  /// The same, and null where it is JSON's null.
  [[nodiscard]] const JsonNode* value(std::string_view wanted) const;
  /// The text of a string member; empty where there is none.
  [[nodiscard]] std::string_view string(std::string_view wanted) const;
  [[nodiscard]] bool flag(std::string_view wanted) const;
  /// A whole number; `otherwise` where there is none.
  [[nodiscard]] std::int64_t integer(std::string_view wanted, std::int64_t otherwise) const;
};

/// Parses `text`, which is overwritten and has to outlive the tree. The error is a sentence.
[[nodiscard]] std::expected<JsonNode, std::string> parse_json(std::string& text);

}  // namespace bao::wasm
