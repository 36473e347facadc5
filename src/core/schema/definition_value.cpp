#include "core/schema/definition_value.hpp"

#include <cstddef>

#include "core/schema/iso_date.hpp"
#include "core/schema/names.hpp"
#include "core/value/base64.hpp"
#include "core/value/concat.hpp"
#include "core/value/integer_text.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {
namespace {

bool is_plain(const DefinitionNode& node) {
  return node.kind == DefinitionNode::Kind::scalar && !node.quoted;
}

/// A number as JSON writes it. YAML's other forms (0x1F, .5, +1, 007) are left as text: each is a surprise to
/// somebody.
bool is_json_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - start;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const std::size_t first = i;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

void write_json(const DefinitionNode& node, JsonWriter& out) {
  if (is_null(node)) {
    out.raw("null");
  } else if (node.kind == DefinitionNode::Kind::list) {
    out.begin_array();
    for (const DefinitionNode& child : node.children) write_json(child, out);
    out.end_array();
  } else if (node.kind == DefinitionNode::Kind::map) {
    out.begin_object();
    for (const DefinitionNode& child : node.children) {
      out.key(child.key);
      write_json(child, out);
    }
    out.end_object();
  } else if (const std::optional<bool> boolean = boolean_of(node)) {
    out.boolean(*boolean);
  } else if (is_plain(node) && is_json_number(node.scalar)) {
    out.raw(node.scalar);
  } else {
    out.string(node.scalar);
  }
}

std::expected<Value, std::string> string_set_of(const DefinitionNode& node) {
  Value::StringSet set;
  for (const DefinitionNode& child : node.children) {
    const Value member = natural_value(child);
    const auto* text = member.get_if<std::string>();
    if (text == nullptr)
      return std::unexpected(concat({"defaultValue must list strings, not ", describe(child)}));
    if (!set.insert(*text).second)
      return std::unexpected(concat({"defaultValue lists ", quoted(*text), " twice"}));
  }
  return set;
}

}  // namespace

bool is_null(const DefinitionNode& node) {
  if (node.kind == DefinitionNode::Kind::null) return true;
  return is_plain(node) && (node.scalar.empty() || node.scalar == "~" || node.scalar == "null" ||
                            node.scalar == "Null" || node.scalar == "NULL");
}

std::optional<bool> boolean_of(const DefinitionNode& node) {
  if (!is_plain(node)) return std::nullopt;
  if (node.scalar == "true" || node.scalar == "True" || node.scalar == "TRUE") return true;
  if (node.scalar == "false" || node.scalar == "False" || node.scalar == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const DefinitionNode& node) {
  return is_plain(node) ? integer_from_text(node.scalar) : std::nullopt;
}

std::string describe(const DefinitionNode& node) {
  if (is_null(node)) return "nothing";
  switch (node.kind) {
    case DefinitionNode::Kind::list:
      return "a list";
    case DefinitionNode::Kind::map:
      return "a map";
    default:
      return concat({node.quoted ? "the string " : "", quoted(node.scalar)});
  }
}

Value natural_value(const DefinitionNode& node) {
  if (is_null(node)) return {};
  if (node.kind == DefinitionNode::Kind::list) {
    Value::List list;
    for (const DefinitionNode& child : node.children) list.push_back(natural_value(child));
    return list;
  }
  if (node.kind == DefinitionNode::Kind::map) {
    Value::Map map;
    for (const DefinitionNode& child : node.children) map.emplace(child.key, natural_value(child));
    return map;
  }
  if (const std::optional<bool> boolean = boolean_of(node)) return *boolean;
  if (is_plain(node) && is_json_number(node.scalar)) return Number{node.scalar};
  return node.scalar;
}

std::expected<Value, std::string> default_value_of(const DefinitionNode& node, FieldType type) {
  if (is_null(node)) return Value();
  if (type == FieldType::json) {
    std::string text;
    JsonWriter writer(text);
    write_json(node, writer);
    return text;
  }
  const bool is_list = node.kind == DefinitionNode::Kind::list;
  if (type == FieldType::string_set && is_list) return string_set_of(node);

  Value value = natural_value(node);
  const auto* text = value.get_if<std::string>();
  if (text == nullptr) return value;
  if (type == FieldType::date_time || type == FieldType::ttl) {
    const std::optional<std::int64_t> time = iso_date_ms(*text);
    if (!time) {
      return std::unexpected(
          concat({"defaultValue ", quoted(*text),
                  " must be a date such as 2024-05-31T12:00:00Z, or milliseconds since 1970"}));
    }
    return *time;
  }
  if (type == FieldType::binary) {
    std::optional<Binary> bytes = decode_base64(*text);
    if (!bytes) return std::unexpected(concat({"defaultValue ", quoted(*text), " must be base64 text"}));
    return Value(*std::move(bytes));
  }
  return value;
}

}  // namespace bao::core
