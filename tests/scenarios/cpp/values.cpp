#include "scenarios/cpp/values.hpp"

#include <cctype>

#include "core/expression/path.hpp"
#include "core/schema/iso_date.hpp"
#include "core/schema/logical_value.hpp"
#include "core/value/base64.hpp"
#include "core/value/json_writer.hpp"
#include "core/value/number.hpp"
#include "scenarios/cpp/failure.hpp"

namespace bao::scenarios {

namespace {

Value placeholder(const YAML::Node& node, const std::string& name, const Names& names) {
  if (const auto value = names.values.find(name); value != names.values.end()) return value->second;
  const std::size_t dot = name.find('.');
  const auto item = names.items.find(name.substr(0, dot));
  if (item == names.items.end()) throw Failure(node, "nothing was captured as '" + name + "'");
  if (dot == std::string::npos) return Value(item->second.id);
  const auto field = item->second.fields.find(name.substr(dot + 1));
  if (field == item->second.fields.end()) throw Failure(node, "'" + name + "' has no value");
  return field->second;
}

std::string text_of(const YAML::Node& node, const Value& value) {
  if (const auto* const text = value.get_if<std::string>()) return *text;
  if (const auto* const number = value.get_if<Number>()) return number->text;
  throw Failure(node, "a placeholder within a text stands for neither a text nor a number");
}

Value with_placeholders(const YAML::Node& node, const std::string& text, const Names& names) {
  std::string replaced;
  std::size_t position = 0;
  while (true) {
    const std::size_t start = text.find("${", position);
    if (start == std::string::npos) break;
    const std::size_t end = text.find('}', start);
    if (end == std::string::npos) throw Failure(node, "a placeholder without an end");
    Value value = placeholder(node, text.substr(start + 2, end - start - 2), names);
    if (start == 0 && end + 1 == text.size()) return value;
    replaced.append(text, position, start - position);
    replaced += text_of(node, value);
    position = end + 1;
  }
  replaced.append(text, position);
  return Value(std::move(replaced));
}

// {$name: argument}: the name, or nothing where the node is no such map.
std::string special(const YAML::Node& node) {
  if (!node.IsMap() || node.size() != 1) return {};
  std::string key = node.begin()->first.Scalar();
  return key.starts_with('$') ? key : std::string();
}

Value::StringSet to_set(const YAML::Node& node, const Names& names) {
  Value::StringSet set;
  for (const YAML::Node& member : node) set.insert(to_text(member, names));
  return set;
}

void write_json(core::JsonWriter& writer, const Value& value) {
  switch (value.kind()) {
    case ValueKind::boolean:
      return writer.boolean(*value.get_if<bool>());
    case ValueKind::number:
      return writer.raw(value.get_if<Number>()->text);
    case ValueKind::string:
      return writer.string(*value.get_if<std::string>());
    case ValueKind::list:
      writer.begin_array();
      for (const Value& element : *value.get_if<Value::List>()) write_json(writer, element);
      return writer.end_array();
    case ValueKind::map:
      writer.begin_object();
      for (const auto& [key, member] : *value.get_if<Value::Map>()) {
        writer.key(key);
        write_json(writer, member);
      }
      return writer.end_object();
    default:
      return writer.raw("null");
  }
}

std::string to_json(const Value& value) {
  std::string text;
  core::JsonWriter writer(text);
  write_json(writer, value);
  return text;
}

Value to_special(const YAML::Node& node, const std::string& name, const Names& names) {
  const YAML::Node argument = node.begin()->second;
  if (name == "$bigint") return Value(Number{argument.Scalar()});
  if (name == "$set") return Value(to_set(argument, names));
  if (name == "$json") return Value(to_json(to_value(argument, names)));
  if (name == "$date") {
    const auto ms = core::iso_date_ms(argument.Scalar());
    if (!ms) throw Failure(node, "no ISO date");
    return Value(*ms);
  }
  if (name == "$binary") {
    auto bytes = core::decode_base64(argument.Scalar());
    if (!bytes) throw Failure(node, "no base64");
    return Value(std::move(*bytes));
  }
  if (name == "$repeat") {
    std::string text;
    for (int left = argument[1].as<int>(); left > 0; --left) text += argument[0].Scalar();
    return Value(std::move(text));
  }
  throw Failure(node, "unknown value " + name);
}

Value to_scalar(const YAML::Node& node, const Names& names) {
  const std::string& text = node.Scalar();
  if (text.find("${") != std::string::npos) return with_placeholders(node, text, names);
  if (node.Tag() == "!") return Value(text);  // quoted
  if (text == "true" || text == "false") return Value(text == "true");
  if (core::is_valid_number(text)) return Value(Number{text});
  return Value(text);
}

bool equal_numbers(const std::string& a, const std::string& b) {
  const auto left = core::normalize_number(a);
  const auto right = core::normalize_number(b);
  return left && right && *left == *right;
}

std::optional<std::string> kind_mismatch(const YAML::Node& node, const std::string& kind,
                                         const Value& actual) {
  const auto* const text = actual.get_if<std::string>();
  bool fits = false;
  if (kind == "ulid") {
    fits = text != nullptr && core::is_ulid_text(*text);
  } else if (kind == "string") {
    fits = text != nullptr && !text->empty();
  } else if (kind == "date") {
    // Whatever was stamped while this runs is after 2024.
    const auto* const number = actual.get_if<Number>();
    fits = number != nullptr && core::number_to_int64(number->text).value_or(0) > 1'704'067'200'000;
  } else {
    throw Failure(node, "unknown kind of value '" + kind + "'");
  }
  if (fits) return std::nullopt;
  return "expected any " + kind + ", got " + describe(actual);
}

std::optional<std::string> map_mismatch(const YAML::Node& expected, const Value& actual, const Names& names) {
  const auto* const map = actual.get_if<Value::Map>();
  if (map == nullptr || map->size() != expected.size()) {
    return "expected " + describe(to_value(expected, names)) + ", got " + describe(actual);
  }
  for (const auto& member : expected) {
    const auto found = map->find(member.first.Scalar());
    if (found == map->end()) return "'" + member.first.Scalar() + "' is missing";
    if (auto different = mismatch(member.second, found->second, names)) return different;
  }
  return std::nullopt;
}

std::optional<std::string> list_mismatch(const YAML::Node& expected, const Value& actual,
                                         const Names& names) {
  const auto* const list = actual.get_if<Value::List>();
  if (list == nullptr || list->size() != expected.size()) {
    return "expected " + describe(to_value(expected, names)) + ", got " + describe(actual);
  }
  for (std::size_t position = 0; position < list->size(); ++position) {
    if (auto different = mismatch(expected[position], (*list)[position], names)) return different;
  }
  return std::nullopt;
}

// JSON is YAML: the stored text is read the same way as the expected value.
std::optional<std::string> json_mismatch(const YAML::Node& expected, const Value& actual,
                                         const Names& names) {
  const auto* const text = actual.get_if<std::string>();
  if (text == nullptr) return "expected JSON text, got " + describe(actual);
  return mismatch(expected, to_value(YAML::Load(*text), {}), names);
}

}  // namespace

std::string describe(const Value& value) {
  switch (value.kind()) {
    case ValueKind::string_set: {
      std::string text = "{";
      for (const std::string& member : *value.get_if<Value::StringSet>()) text += ' ' + member;
      return text + " }";
    }
    case ValueKind::binary:
      return "binary " + core::encode_base64(*value.get_if<Binary>());
    default:
      return to_json(value).substr(0, 300);
  }
}

Value to_value(const YAML::Node& node, const Names& names) {
  if (!node.IsDefined() || node.IsNull()) return {};
  if (node.IsScalar()) return to_scalar(node, names);
  if (const std::string name = special(node); !name.empty()) return to_special(node, name, names);
  if (node.IsSequence()) {
    Value::List list;
    for (const YAML::Node& element : node) list.push_back(to_value(element, names));
    return Value(std::move(list));
  }
  Value::Map map;
  for (const auto& member : node) {
    map.insert_or_assign(member.first.Scalar(), to_value(member.second, names));
  }
  return Value(std::move(map));
}

std::string to_text(const YAML::Node& node, const Names& names) {
  if (!node.IsScalar()) throw Failure(node, "must be a text");
  return text_of(node, with_placeholders(node, node.Scalar(), names));
}

std::optional<std::string> mismatch(const YAML::Node& expected, const Value& actual, const Names& names) {
  const std::string name = special(expected);
  if (name == "$any") return kind_mismatch(expected, expected.begin()->second.Scalar(), actual);
  if (name == "$json") return json_mismatch(expected.begin()->second, actual, names);
  if (name.empty() && expected.IsMap()) return map_mismatch(expected, actual, names);
  if (expected.IsSequence()) return list_mismatch(expected, actual, names);
  const Value wanted = to_value(expected, names);
  const auto* const number = wanted.get_if<Number>();
  const auto* const actual_number = actual.get_if<Number>();
  const bool equal = number != nullptr && actual_number != nullptr
                         ? equal_numbers(number->text, actual_number->text)
                         : wanted == actual;
  if (equal) return std::nullopt;
  return "expected " + describe(wanted) + ", got " + describe(actual);
}

DynamicChange to_change(const std::string& field, const YAML::Node& node, const Names& names) {
  DynamicChange change{.field = field};
  if (special(node) == "$append") {
    return append_part(field, *to_value(node["$append"], names).get_if<Value::List>());
  }
  if (core::is_path(field)) {
    return node.IsNull() ? remove_part(field) : set_part(field, to_value(node, names));
  }
  if (node.IsMap() && (node["$add"] || node["$delete"])) {
    change.change.kind = FieldChange::Kind::edit_members;
    if (node["$add"]) change.change.added = to_set(node["$add"], names);
    if (node["$delete"]) change.change.deleted = to_set(node["$delete"], names);
    return change;
  }
  if (special(node) == "$increment") {
    change.change.kind = FieldChange::Kind::increment;
    change.change.value = to_value(node["$increment"], names);
    return change;
  }
  change.change.value = to_value(node, names);
  return change;
}

}  // namespace bao::scenarios
