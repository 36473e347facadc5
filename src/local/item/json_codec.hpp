#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"
#include "local/api_error.hpp"
#include "local/item/encoded.hpp"
#include "local/item/value_rules.hpp"

namespace bao::local {

/// Reads DynamoDB JSON into encoded values. A value of the wrong shape for JSON's sake (a number where
/// text belongs) ends the request at once: `serialization` holds the error and every call gives false. A
/// value that DynamoDB refuses (an empty set, 39 digits) is noted in `invalid_value` (the first one only),
/// because the service reports those after the mistakes of the request itself.
class ValueDecoder {
 public:
  explicit ValueDecoder(core::JsonReader& reader) : reader_(reader) {}

  /// Appends one value.
  bool value(std::string& out) { return value_at(out, 0); }
  /// Replaces `out` by the record of an item, its size filled in.
  bool record(std::string& out);

  [[nodiscard]] const std::optional<ApiError>& serialization() const { return serialization_; }
  [[nodiscard]] const std::optional<ApiError>& invalid_value() const { return rules_.invalid_value(); }
  void clear_invalid_value() { rules_.clear(); }

 private:
  bool value_at(std::string& out, unsigned depth);
  bool members(std::string& out, std::uint32_t& count_out, unsigned depth);
  bool typed(std::string_view type, std::string& out, unsigned depth);
  bool set(Tag tag, std::string& out);
  bool text(std::string_view& value);
  bool number(std::string& out);
  bool refuse(std::string message);
  bool broken();

  core::JsonReader& reader_;
  std::vector<std::string_view> names_;
  std::optional<ApiError> serialization_;
  ValueRules rules_;
};

/// "NUMBER_VALUE cannot be converted to String", for the JSON that is really there.
[[nodiscard]] std::string wrong_json_type(core::JsonType found, std::string_view wanted);

/// {"S":"x"}
void write_value(core::JsonWriter& writer, Encoded value);
/// {"name":{"S":"x"},...}
void write_item(core::JsonWriter& writer, Encoded item);

}  // namespace bao::local
