#include "wasm/tagged.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/schema/iso_date.hpp"
#include "core/value/base64.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"

namespace bao::wasm {

using core::JsonType;
using core::JsonWriter;
using core::ValueView;

const JsonNode* tag_of(const JsonNode& node) {
  if (!node.is(JsonType::object) || node.children.size() != 1) return nullptr;
  const JsonNode& only = node.children.front();
  return only.name.starts_with('#') ? &only : nullptr;
}

namespace {

Value object_value(const JsonNode& node) {
  Value::Map map;
  for (const JsonNode& child : node.children) {
    map.insert_or_assign(std::string(child.name), natural_value(child));
  }
  return map;
}

Value tagged_value(const JsonNode& tag) {
  if (tag.name == "#n" && tag.is(JsonType::string)) return Number{std::string(tag.text)};
  if (tag.name == "#d") {
    if (tag.is(JsonType::number)) return Number{std::string(tag.text)};
    // No number, which every field refuses by name; within a map or list a text would be stored.
    return Number{"Invalid Date"};
  }
  if (tag.name == "#b" && tag.is(JsonType::string)) {
    if (std::optional<Binary> bytes = core::decode_base64(tag.text)) return Value(std::move(*bytes));
  }
  if (tag.name == "#s" && tag.is(JsonType::array)) {
    Value::StringSet set;
    for (const JsonNode& member : tag.children) {
      // A list with a member that is no string is what the core refuses by name.
      if (!member.is(JsonType::string)) {
        Value::List list;
        for (const JsonNode& child : tag.children) list.push_back(natural_value(child));
        return list;
      }
      set.emplace(member.text);
    }
    return set;
  }
  if (tag.name == "#m" && tag.is(JsonType::object)) return object_value(tag);
  return core::concat({"a value tagged ", std::string(tag.name)});
}

}  // namespace

Value natural_value(const JsonNode& node) {
  if (const JsonNode* const tag = tag_of(node)) return tagged_value(*tag);
  switch (node.type) {
    case JsonType::object:
      return object_value(node);
    case JsonType::array: {
      Value::List list;
      list.reserve(node.children.size());
      for (const JsonNode& child : node.children) list.push_back(natural_value(child));
      return list;
    }
    case JsonType::string:
      return node.text;
    case JsonType::number:
      return Number{std::string(node.text)};
    case JsonType::boolean:
      return node.boolean;
    default:
      return {};
  }
}

Value logical_value(const JsonNode& node, FieldType type) {
  const bool date = type == FieldType::date_time || type == FieldType::create_date ||
                    type == FieldType::modified_date || type == FieldType::ttl;
  if (date && node.is(JsonType::string)) {
    if (const std::optional<std::int64_t> ms = core::iso_date_ms(node.text)) return *ms;
  }
  return natural_value(node);
}

bool is_plain_number(std::string_view text) {
  constexpr std::size_t exact_digits = 15;  // as many as any double keeps
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > exact_digits + 1) return false;
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!digits(whole) || (whole.size() > 1 && whole.front() == '0')) return false;
  if (dot == std::string_view::npos) return text.size() <= exact_digits;
  return digits(text.substr(dot + 1));
}

namespace {

void write_tag(JsonWriter& out, std::string_view tag, std::string_view text) {
  out.begin_object();
  out.key(tag);
  out.string(text);
  out.end_object();
}

void write_members(JsonWriter& out, std::string_view tag, ValueView set) {
  out.begin_object();
  out.key(tag);
  out.begin_array();
  for (const ValueView member : set) out.string(member.text());
  out.end_array();
  out.end_object();
}

void write_map(JsonWriter& out, ValueView map) {
  out.begin_object();
  for (const ValueView member : map) {
    out.key(member.name());
    write_tagged(out, member);
  }
  out.end_object();
}

}  // namespace

void write_tagged(JsonWriter& out, ValueView stored) {
  switch (stored.kind()) {
    case ValueKind::null:
      out.raw("null");
      return;
    case ValueKind::boolean:
      out.boolean(stored.boolean());
      return;
    case ValueKind::number:
      if (is_plain_number(stored.text())) {
        out.raw(stored.text());
      } else {
        write_tag(out, "#n", stored.text());
      }
      return;
    case ValueKind::string:
      out.string(stored.text());
      return;
    case ValueKind::binary:
      write_tag(out, "#b", stored.text());
      return;
    case ValueKind::string_set:
      write_members(out, "#s", stored);
      return;
    case ValueKind::number_set:
      write_members(out, "#ns", stored);
      return;
    case ValueKind::binary_set:
      write_members(out, "#bs", stored);
      return;
    case ValueKind::list:
      out.begin_array();
      for (const ValueView member : stored) write_tagged(out, member);
      out.end_array();
      return;
    case ValueKind::map: {
      const bool looks_tagged = stored.size() == 1 && (*stored.begin()).name().starts_with('#');
      if (!looks_tagged) {
        write_map(out, stored);
        return;
      }
      out.begin_object();
      out.key("#m");
      write_map(out, stored);
      out.end_object();
      return;
    }
  }
}

}  // namespace bao::wasm
