#include "codegen/js_literal.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>
#include <variant>

#include "core/schema/names.hpp"
#include "core/value/json_reader.hpp"
#include "core/value/number.hpp"

namespace bao::codegen {
namespace {

constexpr std::int64_t safe_integer_max = (std::int64_t{1} << 53) - 1;
constexpr std::int64_t ms_per_day = 86'400'000;

std::string unicode_escape(unsigned code) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[(code >> static_cast<unsigned>(shift)) & 15U];
  return text;
}

std::string escape(unsigned char c, char quote) {
  switch (c) {
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (c == static_cast<unsigned char>(quote)) return std::string("\\") + quote;
  if (c < 0x20 || c == 0x7F) return unicode_escape(c);
  return std::string(1, static_cast<char>(c));
}

std::string padded(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

/// "2024-05-31T12:00:00.000Z"; nothing for years that this form cannot write.
std::optional<std::string> iso_date(std::int64_t ms) {
  std::int64_t day = ms / ms_per_day;
  std::int64_t rest = ms % ms_per_day;
  if (rest < 0) {
    rest += ms_per_day;
    --day;
  }
  constexpr std::int64_t first_day = -719'528;  // 0000-01-01
  constexpr std::int64_t last_day = 2'932'896;  // 9999-12-31
  if (day < first_day || day > last_day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return padded(int{date.year()}, 4) + "-" + padded(unsigned{date.month()}, 2) + "-" +
         padded(unsigned{date.day()}, 2) + "T" + padded(rest / 3'600'000, 2) + ":" +
         padded(rest / 60'000 % 60, 2) + ":" + padded(rest / 1000 % 60, 2) + "." + padded(rest % 1000, 3) +
         "Z";
}

std::string number(std::string_view text) {
  const std::optional<std::int64_t> whole = core::number_to_int64(text);
  if (whole && *whole >= -safe_integer_max && *whole <= safe_integer_max) return std::to_string(*whole);
  const auto decimal = core::parse_number(text);
  if (!decimal) return std::string(text);
  const bool is_integer = decimal->exponent >= decimal->digit_count;
  return is_integer ? decimal->to_string() + "n" : std::string(text);
}

JsLayout list(std::string open, std::vector<JsLayout> members, std::string close, bool filled = false) {
  JsLayout layout(std::move(open), std::move(members), std::move(close));
  layout.filled = filled;
  return layout;
}

struct ValueWriter {
  JsLayout operator()(Value::Null) const { return "null"; }
  JsLayout operator()(bool value) const { return value ? "true" : "false"; }
  JsLayout operator()(const Number& value) const { return number(value.text); }
  JsLayout operator()(const std::string& value) const { return js_string(value); }
  JsLayout operator()(const Binary& value) const {
    std::vector<JsLayout> bytes;
    for (const std::byte byte : value) bytes.emplace_back(std::to_string(std::to_integer<int>(byte)));
    return list("new Uint8Array(", {list("[", std::move(bytes), "]", true)}, ")");
  }
  JsLayout operator()(const Value::StringSet& value) const {
    return set(value, [](const std::string& member) { return js_string(member); });
  }
  JsLayout operator()(const Value::NumberSet& value) const {
    return set(value, [](const Number& member) { return number(member.text); });
  }
  JsLayout operator()(const Value::BinarySet& value) const {
    return set(value, [](const Binary& member) { return ValueWriter()(member); });
  }
  JsLayout operator()(const Value::List& value) const {
    std::vector<JsLayout> members;
    bool numbers = true;
    for (const Value& member : value) {
      members.push_back(std::visit(*this, member.storage()));
      numbers = numbers && member.kind() == ValueKind::number;
    }
    return list("[", std::move(members), "]", numbers);
  }
  JsLayout operator()(const Value::Map& value) const {
    std::vector<JsLayout> members;
    for (const auto& [name, member] : value) {
      JsLayout layout = std::visit(*this, member.storage());
      layout.open = js_key(name) + ": " + layout.open;
      members.push_back(std::move(layout));
    }
    return js_braces("", std::move(members));
  }

 private:
  template <class Members, class Write>
  static JsLayout set(const Members& members, Write write) {
    std::vector<JsLayout> texts;
    texts.reserve(members.size());
    for (const auto& member : members) texts.emplace_back(write(member));
    return list("new Set(", {list("[", std::move(texts), "]")}, ")");
  }
};

/// The next value of a JSON text, which the schema has checked.
JsLayout json_value(core::JsonReader& reader) {
  std::string_view text;
  bool boolean = false;
  switch (reader.peek()) {
    case core::JsonType::object: {
      std::vector<JsLayout> members;
      reader.enter_object();
      while (reader.next_member(text)) {
        const std::string key = js_key(text);
        JsLayout layout = json_value(reader);
        layout.open = key + ": " + layout.open;
        members.push_back(std::move(layout));
      }
      return js_braces("", std::move(members));
    }
    case core::JsonType::array: {
      std::vector<JsLayout> members;
      bool numbers = true;
      reader.enter_array();
      while (reader.next_element()) {
        numbers = numbers && reader.peek() == core::JsonType::number;
        members.push_back(json_value(reader));
      }
      return list("[", std::move(members), "]", numbers);
    }
    case core::JsonType::string:
      reader.read_string(text);
      return js_string(text);
    case core::JsonType::number:
      reader.read_number(text);
      return std::string(text);
    case core::JsonType::boolean:
      reader.read_bool(boolean);
      return boolean ? "true" : "false";
    default:
      reader.read_null();
      return "null";
  }
}

bool is_date(FieldType type) {
  return type == FieldType::date_time || type == FieldType::create_date || type == FieldType::modified_date ||
         type == FieldType::ttl;
}

}  // namespace

std::string js_string(std::string_view text) {
  const auto doubles = std::ranges::count(text, '"');
  const char quote = doubles > std::ranges::count(text, '\'') ? '\'' : '"';
  std::string literal(1, quote);
  for (const char c : text) literal += escape(static_cast<unsigned char>(c), quote);
  return literal + quote;
}

std::string js_key(std::string_view name) {
  if (core::is_identifier(name)) return std::string(name);
  // Without brackets it would set the object's prototype.
  return name == "__proto__" ? "[" + js_string(name) + "]" : js_string(name);
}

JsLayout js_value(const Value& value) {
  return std::visit(ValueWriter(), value.storage());
}

JsLayout js_default(const FieldDefinition& field) {
  if (!field.custom_type.empty()) return js_value(field.default_value);
  const auto* text = field.default_value.get_if<std::string>();
  if (field.type == FieldType::json && text != nullptr) {
    std::string json = *text;
    core::JsonReader reader(json);
    JsLayout layout = json_value(reader);
    return reader.finish() ? layout : JsLayout(js_string(*text));
  }
  const auto* value = field.default_value.get_if<Number>();
  if (is_date(field.type) && value != nullptr) {
    const std::optional<std::int64_t> ms = core::number_to_int64(value->text);
    const std::optional<std::string> iso = ms ? iso_date(*ms) : std::nullopt;
    if (iso) return js_string(*iso);
  }
  return js_value(field.default_value);
}

}  // namespace bao::codegen
