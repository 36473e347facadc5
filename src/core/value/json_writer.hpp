#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/value/document.hpp"

namespace bao::core {

/// Appends JSON to one buffer. Commas are its business; balance is the caller's. Text must be well-formed
/// UTF-8 (validation of fields and JsonReader see to that): it is passed on as it is.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);
  void string(std::string_view value);
  void raw(std::string_view json);  ///< already JSON text: a number, true, null
  void number(std::int64_t value);
  void boolean(bool value);

  /// {"S":"x"}: DynamoDB's form of a value.
  void attribute_value(const Value& value);
  void attribute_value(ValueView value);
  /// {"S":"..."} and {"N":"..."} without making a Value.
  void attribute_string(std::string_view value);
  void attribute_number(std::string_view text);
  /// {"name":{"S":"x"},...}
  void item(const Value::Map& item);
  void item(ValueView item);

 private:
  void separate();
  void quoted(std::string_view text);

  std::string& out_;
  bool need_comma_ = false;
};

}  // namespace bao::core
