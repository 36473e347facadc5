#include "codegen/cpp_literal.hpp"

#include <limits>
#include <optional>
#include <variant>

#include "core/value/number.hpp"

namespace bao::codegen {
namespace {

std::string escape(unsigned char c) {
  switch (c) {
    case '"':
      return "\\\"";
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
  if (c >= 0x20 && c != 0x7F) return std::string(1, static_cast<char>(c));
  // Always three digits, so that a digit that follows stays outside.
  std::string text = "\\000";
  text[1] = static_cast<char>('0' + (c >> 6));
  text[2] = static_cast<char>('0' + ((c >> 3) & 7));
  text[3] = static_cast<char>('0' + (c & 7));
  return text;
}

std::string hex_byte(std::byte byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = std::to_integer<unsigned>(byte);
  return std::string("std::byte{0x") + digits[value >> 4] + digits[value & 15] + "}";
}

struct ValueWriter {
  std::string operator()(Value::Null) const { return "bao::Value()"; }
  std::string operator()(bool value) const { return value ? "bao::Value(true)" : "bao::Value(false)"; }
  std::string operator()(const Number& value) const {
    return "bao::Value(bao::Number{" + cpp_string(value.text) + "})";
  }
  std::string operator()(const std::string& value) const { return "bao::Value(" + cpp_string(value) + ")"; }
  std::string operator()(const Binary& value) const {
    return list("bao::Binary", value, [](std::byte byte) { return hex_byte(byte); });
  }
  std::string operator()(const Value::StringSet& value) const {
    return list("bao::Value::StringSet", value,
                [](const std::string& member) { return "std::string(" + cpp_string(member) + ")"; });
  }
  std::string operator()(const Value::NumberSet& value) const {
    return list("bao::Value::NumberSet", value,
                [](const Number& member) { return "bao::Number{" + cpp_string(member.text) + "}"; });
  }
  std::string operator()(const Value::BinarySet& value) const {
    return list("bao::Value::BinarySet", value, [](const Binary& member) {
      return enclose("bao::Binary", member, [](std::byte byte) { return hex_byte(byte); });
    });
  }
  std::string operator()(const Value::List& value) const {
    return list("bao::Value::List", value, [](const Value& member) { return cpp_value(member); });
  }
  std::string operator()(const Value::Map& value) const {
    return list("bao::Value::Map", value, [](const auto& member) {
      return "{" + cpp_string(member.first) + ", " + cpp_value(member.second) + "}";
    });
  }

 private:
  template <class Members, class Write>
  static std::string enclose(std::string_view type, const Members& members, Write write) {
    std::string text = std::string(type) + "{";
    for (bool first = true; const auto& member : members) {
      if (!std::exchange(first, false)) text += ", ";
      text += write(member);
    }
    return text + "}";
  }
  template <class Members, class Write>
  static std::string list(std::string_view type, const Members& members, Write write) {
    return "bao::Value(" + enclose(type, members, write) + ")";
  }
};

// -9223372036854775808 is a negated number that does not fit.
std::string int64_literal(std::int64_t value) {
  if (value == std::numeric_limits<std::int64_t>::min()) return "-9223372036854775807 - 1";
  return std::to_string(value);
}

}  // namespace

std::string cpp_string(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) literal += escape(static_cast<unsigned char>(c));
  literal += '"';
  if (text.find('\0') == std::string_view::npos) return literal;
  return "std::string_view(" + literal + ", " + std::to_string(text.size()) + ")";
}

std::string cpp_value(const Value& value) {
  return std::visit(ValueWriter(), value.storage());
}

std::string cpp_default(const FieldDefinition& field) {
  const Value& value = field.default_value;
  if (const auto* boolean = value.get_if<bool>()) return *boolean ? "true" : "false";
  if (const auto* text = value.get_if<std::string>()) return cpp_string(*text);
  const auto* number = value.get_if<Number>();
  if (number == nullptr) return {};
  if (const std::optional<std::int64_t> whole = core::number_to_int64(number->text)) {
    return int64_literal(*whole);
  }
  // A FloatField is a double in C++. Its text has a point or an exponent, else the literal would be no
  // double.
  const std::optional<double> real = core::number_to_double(number->text);
  if (!real || field.type != FieldType::floating) return {};
  const auto written = Value(*real);
  const auto* shortest = written.get_if<Number>();
  if (shortest == nullptr || shortest->text.find_first_of(".eE") == std::string::npos) return {};
  return shortest->text;
}

}  // namespace bao::codegen
