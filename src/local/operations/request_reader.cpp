#include "local/operations/request_reader.hpp"

#include <charconv>

namespace bao::local {

using core::JsonType;

namespace {
// 32 levels of attribute values are two levels of JSON each; a little more lets the service's own check
// speak.
constexpr core::JsonLimits limits{.bytes_max = std::size_t{64} << 20, .depth_max = 160};
}  // namespace

RequestReader::RequestReader(std::string& body) : reader_(body, limits), values_(reader_) {}

bool RequestReader::refuse(ApiError error) {
  if (!error_) error_ = std::move(error);
  return false;
}

bool RequestReader::broken() {
  if (values_.serialization()) return refuse(*values_.serialization());
  return refuse(serialization_error("The request is not well-formed JSON: " + reader_.error().to_string()));
}

bool RequestReader::expect(JsonType type, std::string_view wanted, bool& absent) {
  absent = false;
  const JsonType found = reader_.peek();
  if (found == type) return true;
  if (found == JsonType::null) {
    absent = true;
    return reader_.read_null() || broken();
  }
  if (found == JsonType::invalid) {
    (void)reader_.skip_value();
    return broken();
  }
  return refuse(serialization_error(wrong_json_type(found, wanted)));
}

bool RequestReader::enter_object() {
  bool absent = false;
  if (!expect(JsonType::object, "Map", absent)) return false;
  if (absent) return refuse(serialization_error("Unexpected token received from parser"));
  return reader_.enter_object() || broken();
}

bool RequestReader::next_member(std::string_view& name) {
  if (failed()) return false;
  if (reader_.next_member(name)) return true;
  if (reader_.failed()) broken();
  return false;
}

bool RequestReader::enter_array() {
  bool absent = false;
  if (!expect(JsonType::array, "List", absent)) return false;
  if (absent) return refuse(serialization_error("Unexpected token received from parser"));
  return reader_.enter_array() || broken();
}

bool RequestReader::next_element() {
  if (failed()) return false;
  if (reader_.next_element()) return true;
  if (reader_.failed()) broken();
  return false;
}

bool RequestReader::string(std::optional<std::string_view>& out) {
  bool absent = false;
  if (!expect(JsonType::string, "String", absent)) return false;
  if (absent) return true;
  std::string_view text;
  if (!reader_.read_string(text)) return broken();
  out = text;
  return true;
}

bool RequestReader::boolean(std::optional<bool>& out) {
  bool absent = false;
  if (!expect(JsonType::boolean, "Boolean", absent)) return false;
  if (absent) return true;
  bool truth = false;
  if (!reader_.read_bool(truth)) return broken();
  out = truth;
  return true;
}

bool RequestReader::integer(std::optional<std::int64_t>& out) {
  bool absent = false;
  if (!expect(JsonType::number, "Integer", absent)) return false;
  if (absent) return true;
  std::string_view text;
  if (!reader_.read_number(text)) return broken();
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) {
    return refuse(serialization_error("NUMBER_VALUE cannot be converted to Integer"));
  }
  out = number;
  return true;
}

bool RequestReader::strings(std::optional<std::vector<std::string_view>>& out) {
  bool absent = false;
  if (!expect(JsonType::array, "List", absent)) return false;
  if (absent) return true;
  out.emplace();
  if (!reader_.enter_array()) return broken();
  while (next_element()) {
    std::optional<std::string_view> text;
    if (!string(text)) return false;
    if (text) out->push_back(*text);
  }
  return !failed();
}

bool RequestReader::record(std::optional<std::string>& out) {
  bool absent = false;
  if (!expect(JsonType::object, "Map", absent)) return false;
  if (absent) return true;
  return values_.record(out.emplace()) || broken();
}

bool RequestReader::value(std::string& out) {
  return values_.value(out) || broken();
}

bool RequestReader::finish() {
  if (failed()) return false;
  return reader_.finish() || broken();
}

}  // namespace bao::local
