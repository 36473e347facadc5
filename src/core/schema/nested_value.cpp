#include "core/schema/nested_value.hpp"

#include <algorithm>
#include <utility>

#include "core/schema/logical_value.hpp"
#include "core/schema/names.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"
#include "core/value/utf8.hpp"

namespace bao::core {
namespace {

using Encoded = std::expected<Value, std::string>;

/// DynamoDB's limit on the name of an attribute, those within maps included; the least is one byte.
constexpr std::size_t key_bytes_max = 65'535;

Encoded encode_at(const Value& value, int depth);

std::expected<Number, std::string> encode_number(const Number& number) {
  auto normal = normalize_number(number.text);
  if (!normal) {
    return std::unexpected(
        concat({"holds the number ", quoted(number.text), ", which ", number_error_text(normal.error())}));
  }
  return Number{*std::move(normal)};
}

// Where the mistake is, one step after the other on the way out: "at lines[2].price holds ...".
std::string reason_at(std::string_view step, std::string_view reason) {
  constexpr std::string_view at = "at ";
  if (reason.starts_with("holds ")) return concat({at, step, " ", reason});
  // Too many levels are nobody's in particular.
  if (!reason.starts_with(at)) return std::string(reason);
  reason.remove_prefix(at.size());
  return concat({at, step, reason.starts_with('[') ? "" : ".", reason});
}

std::string key_step(std::string_view key) {
  if (key.find_first_of(".[]") == std::string_view::npos) return excerpt(key);
  return concat({"[\"", excerpt(key), "\"]"});
}

Encoded encode_list(const Value::List& list, int depth) {
  Value::List stored;
  stored.reserve(list.size());
  for (const Value& member : list) {
    Encoded encoded = encode_at(member, depth + 1);
    if (!encoded) {
      return std::unexpected(reason_at(concat({"[", stored.size(), "]"}), encoded.error()));
    }
    stored.push_back(*std::move(encoded));
  }
  return stored;
}

Encoded encode_map(const Value::Map& map, int depth) {
  Value::Map stored;
  for (const auto& [key, member] : map) {
    if (key.empty()) return std::unexpected("holds an empty key");
    if (key.size() > key_bytes_max) {
      return std::unexpected(
          concat({"holds a key of ", key.size(), " bytes, where ", key_bytes_max, " is the most"}));
    }
    if (!is_valid_utf8(key)) return std::unexpected("holds a key that is not well-formed UTF-8");
    Encoded encoded = encode_at(member, depth + 1);
    if (!encoded) return std::unexpected(reason_at(key_step(key), encoded.error()));
    stored.emplace_hint(stored.end(), key, *std::move(encoded));
  }
  return stored;
}

Encoded encode_number_set(const Value::NumberSet& set) {
  Value::NumberSet stored;
  for (const Number& member : set) {
    auto number = encode_number(member);
    if (!number) return std::unexpected(std::move(number).error());
    if (std::ranges::find(stored, *number) != stored.end()) {
      return std::unexpected(concat({"holds a set with the number ", quoted(number->text), " twice"}));
    }
    stored.push_back(*std::move(number));
  }
  return stored;
}

Encoded encode_at(const Value& value, int depth) {
  if (depth >= value_depth_max) {
    return std::unexpected(concat(
        {"must have at most ", value_depth_max, " levels, what the innermost map or list holds counted"}));
  }
  switch (value.kind()) {
    case ValueKind::null:
    case ValueKind::boolean:
    case ValueKind::binary:
      return value;
    case ValueKind::number: {
      auto number = encode_number(*value.get_if<Number>());
      if (!number) return std::unexpected(std::move(number).error());
      return Value(*std::move(number));
    }
    case ValueKind::string:
      if (!is_valid_utf8(*value.get_if<std::string>())) {
        return std::unexpected("holds text that is not well-formed UTF-8");
      }
      return value;
    case ValueKind::string_set: {
      const auto& set = *value.get_if<Value::StringSet>();
      if (set.empty() || set.contains("")) return std::unexpected("holds an empty set or set member");
      if (!std::ranges::all_of(set, is_valid_utf8)) {
        return std::unexpected("holds text that is not well-formed UTF-8");
      }
      return value;
    }
    case ValueKind::number_set:
      if (value.get_if<Value::NumberSet>()->empty()) {
        return std::unexpected("holds an empty set or set member");
      }
      return encode_number_set(*value.get_if<Value::NumberSet>());
    case ValueKind::binary_set: {
      const auto& set = *value.get_if<Value::BinarySet>();
      if (set.empty() || set.contains(Binary())) return std::unexpected("holds an empty set or set member");
      return value;
    }
    case ValueKind::list:
    case ValueKind::map:
      break;
  }
  if (const auto* list = value.get_if<Value::List>()) return encode_list(*list, depth);
  return encode_map(*value.get_if<Value::Map>(), depth);
}

}  // namespace

Encoded encode_nested(const Value& value, int depth) {
  return encode_at(value, depth);
}

}  // namespace bao::core
