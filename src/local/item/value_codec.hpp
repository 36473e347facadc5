#pragma once

#include <optional>
#include <string>

#include <bao/value.hpp>

#include "local/item/encoded.hpp"
#include "local/item/value_rules.hpp"

namespace bao::local {

/// Writes values of the C++ interface in the engine's form, by the rules that values in JSON are read by
/// (json_codec.hpp).
class ValueEncoder {
 public:
  /// Appends one value.
  void value(std::string& out, const Value& value) { value_at(out, value, 0); }
  /// Replaces `out` by the record of an item, its size filled in.
  void record(std::string& out, const Value::Map& item);

  /// A text was not UTF-8, which JSON could not have carried.
  [[nodiscard]] bool is_ill_formed() const { return ill_formed_; }
  [[nodiscard]] const std::optional<ApiError>& invalid_value() const { return rules_.invalid_value(); }
  void clear_invalid_value() { rules_.clear(); }

 private:
  void value_at(std::string& out, const Value& value, unsigned depth);
  void member(std::string& out, std::string_view name, const Value& value, unsigned depth);
  void list(std::string& out, const Value::List& list, unsigned depth);
  void map(std::string& out, const Value::Map& map, unsigned depth);
  template <class Set, class View>
  void set(std::string& out, Tag tag, const Set& set, View view);
  [[nodiscard]] std::string_view text(std::string_view text);

  ValueRules rules_;
  bool ill_formed_ = false;
};

[[nodiscard]] Value decode_value(Encoded value);
[[nodiscard]] Value::Map decode_item(Encoded map);

}  // namespace bao::local
