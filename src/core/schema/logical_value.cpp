#include "core/schema/logical_value.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/schema/iso_date.hpp"
#include "core/schema/names.hpp"
#include "core/schema/nested_value.hpp"
#include "core/schema/rounding.hpp"
#include "core/value/concat.hpp"
#include "core/value/json_reader.hpp"
#include "core/value/number.hpp"
#include "core/value/utf8.hpp"

namespace bao::core {
namespace {

using Encoded = std::expected<Value, std::string>;

std::unexpected<std::string> must_be(std::string_view what, const Value& value) {
  return std::unexpected(concat({"must be ", what, ", not ", kind_name(value.kind())}));
}

std::unexpected<std::string> at_most(std::int64_t limit, std::string_view unit, std::size_t size) {
  return std::unexpected(concat({"must be at most ", limit, " ", unit, ", not ", size}));
}

Encoded encode_string(const FieldDefinition& field, const Value& value) {
  const auto* text = value.get_if<std::string>();
  if (text == nullptr) return must_be("a string", value);
  if (!is_valid_utf8(*text)) return std::unexpected("must be well-formed UTF-8");
  // UTF-16 never has more units than UTF-8 has bytes: most texts need no counting.
  if (field.max_length && std::cmp_greater(text->size(), *field.max_length)) {
    const std::size_t size = utf16_size(*text);
    if (std::cmp_greater(size, *field.max_length)) return at_most(*field.max_length, "characters", size);
  }
  if (field.type == FieldType::ulid && !is_ulid_text(*text)) {
    return std::unexpected("must be a ULID: 26 characters of Crockford's base 32");
  }
  return value;
}

Encoded encode_integer(const Value& value) {
  const auto* number = value.get_if<Number>();
  if (number == nullptr) return must_be("a whole number", value);
  const std::optional<std::int64_t> integer = number_to_int64(number->text);
  if (!integer)
    return std::unexpected(concat({"must be a whole number of 64 bits, not ", quoted(number->text)}));
  return *integer;
}

std::expected<Decimal, std::string> decimal_of(const Value& value) {
  const auto* number = value.get_if<Number>();
  if (number == nullptr) return must_be("a number", value);
  const auto decimal = parse_number(number->text);
  if (decimal) return *decimal;
  if (decimal.error() == NumberError::syntax) {
    return std::unexpected(concat({"must be a finite number, not ", quoted(number->text)}));
  }
  return std::unexpected(
      concat({"must be a number that DynamoDB can hold: it ", number_error_text(decimal.error())}));
}

Encoded encode_float(const FieldDefinition& field, const Value& value) {
  const auto exact = decimal_of(value);
  if (!exact) return std::unexpected(exact.error());
  if (!field.precision) return Number{exact->to_string()};
  const auto decimal =
      round_decimal(*exact, static_cast<int>(std::clamp<std::int64_t>(*field.precision, 0, 15)));
  if (!decimal) return std::unexpected(concat({"rounded, ", number_error_text(decimal.error())}));
  return Number{decimal->to_string()};
}

std::expected<std::int64_t, std::string> date_ms_of(const Value& value) {
  std::optional<std::int64_t> ms;
  if (const auto* number = value.get_if<Number>()) {
    ms = number_to_int64(number->text);
    if (!ms)
      return std::unexpected(concat({"must be a date in whole milliseconds, not ", quoted(number->text)}));
  } else if (const auto* text = value.get_if<std::string>()) {
    ms = iso_date_ms(*text);
    if (!ms)
      return std::unexpected(concat({"must be a date such as 2024-05-31T12:00:00Z, not ", quoted(*text)}));
  } else {
    return must_be("a date", value);
  }
  if (*ms < -date_ms_max || *ms > date_ms_max) {
    return std::unexpected("must be a date within 8640000000000000 ms of 1970");
  }
  return *ms;
}

Encoded encode_date(const FieldDefinition& field, const Value& value) {
  const auto ms = date_ms_of(value);
  if (!ms) return std::unexpected(ms.error());
  if (field.type != FieldType::ttl) return *ms;
  // Down, also before 1970, so that an item never outlives its date.
  const std::int64_t seconds = *ms / 1000 - (*ms % 1000 < 0 ? 1 : 0);
  return seconds;
}

Encoded encode_string_set(const FieldDefinition& field, const Value& value) {
  Value::StringSet set;
  if (const auto* given = value.get_if<Value::StringSet>()) {
    set = *given;
  } else if (const auto* list = value.get_if<Value::List>()) {
    for (const Value& member : *list) {
      const auto* text = member.get_if<std::string>();
      if (text == nullptr) {
        return std::unexpected(
            concat({"must be a set of strings, not a list with ", kind_name(member.kind())}));
      }
      set.insert(*text);
    }
  } else {
    return must_be("a set of strings", value);
  }
  if (field.max_member_count && std::cmp_greater(set.size(), *field.max_member_count)) {
    return at_most(*field.max_member_count, "members", set.size());
  }
  for (const std::string& member : set) {
    if (member.empty()) return std::unexpected("must not have an empty string as a member");
    if (!is_valid_utf8(member)) return std::unexpected("must have members of well-formed UTF-8");
    if (!field.max_string_length) continue;
    const std::size_t size = utf16_size(member);
    if (std::cmp_greater(size, *field.max_string_length)) {
      return std::unexpected(concat(
          {"must have members of at most ", *field.max_string_length, " characters, not ", quoted(member)}));
    }
  }
  if (set.empty()) return Value();
  return set;
}

Encoded encode_json(const Value& value) {
  const auto* text = value.get_if<std::string>();
  if (text == nullptr) return must_be("JSON text", value);
  std::string copy = *text;  // the reader works in place
  JsonReader reader(copy);
  if (!reader.skip_value() || !reader.finish()) {
    return std::unexpected(concat({"must be JSON text: ", reader.error().to_string()}));
  }
  return value;
}

bool is_empty(const Value& value) {
  const auto* text = value.get_if<std::string>();
  return text != nullptr && text->empty();
}

}  // namespace

Encoded encode_present(const FieldDefinition& field, const Value& logical) {
  switch (field.type) {
    case FieldType::string:
    case FieldType::ulid:
    case FieldType::version:
    case FieldType::related:
      return encode_string(field, logical);
    case FieldType::integer:
    case FieldType::counter:
      return encode_integer(logical);
    case FieldType::floating:
      return encode_float(field, logical);
    case FieldType::boolean:
      if (logical.kind() != ValueKind::boolean) return must_be("true or false", logical);
      return logical;
    case FieldType::binary:
      if (logical.kind() != ValueKind::binary) return must_be("binary", logical);
      return logical;
    case FieldType::string_set:
      return encode_string_set(field, logical);
    case FieldType::date_time:
    case FieldType::create_date:
    case FieldType::modified_date:
    case FieldType::ttl:
      return encode_date(field, logical);
    case FieldType::map:
      if (logical.kind() != ValueKind::map) return must_be("a map", logical);
      return encode_nested(logical);
    case FieldType::list:
      if (logical.kind() != ValueKind::list) return must_be("a list", logical);
      return encode_nested(logical);
    case FieldType::json:
      return encode_json(logical);
  }
  return std::unexpected("has a type that is not known");
}

Encoded encode_logical(const FieldDefinition& field, const Value& logical) {
  if (logical.is_null()) {
    if (field.required) return std::unexpected("is required");
    return Value();
  }
  if (field.required && is_empty(logical)) return std::unexpected("is required and must not be empty");
  Encoded stored = encode_present(field, logical);
  if (stored && stored->is_null() && field.required) {
    return std::unexpected("is required and must not be empty");
  }
  return stored;
}

Encoded encode_bound(const FieldDefinition& field, const Value& logical) {
  if (field.type == FieldType::floating) {
    const auto decimal = decimal_of(logical);
    if (!decimal) return std::unexpected(decimal.error());
    return Number{decimal->to_string()};
  }
  if (field.type == FieldType::ttl) {
    const auto ms = date_ms_of(logical);
    if (!ms) return std::unexpected(ms.error());
    const auto decimal = parse_number(concat({*ms, "e-3"}));
    if (!decimal) return std::unexpected(number_error_text(decimal.error()));
    return Number{decimal->to_string()};
  }
  return encode_logical(field, logical);
}

bool is_ulid_text(std::string_view text) {
  return text.size() == 26 && text[0] >= '0' && text[0] <= '7' && std::ranges::all_of(text, [](char c) {
           const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
           return (upper >= '0' && upper <= '9') || (upper >= 'A' && upper <= 'Z' && upper != 'I' &&
                                                     upper != 'L' && upper != 'O' && upper != 'U');
         });
}

const char* kind_name(ValueKind kind) {
  switch (kind) {
    case ValueKind::null:
      return "null";
    case ValueKind::boolean:
      return "a boolean";
    case ValueKind::number:
      return "a number";
    case ValueKind::string:
      return "a string";
    case ValueKind::binary:
      return "binary";
    case ValueKind::string_set:
      return "a set of strings";
    case ValueKind::number_set:
      return "a set of numbers";
    case ValueKind::binary_set:
      return "a set of binaries";
    case ValueKind::list:
      return "a list";
    case ValueKind::map:
      return "a map";
  }
  return "unknown";
}

std::string value_excerpt(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) {
    if (!is_valid_utf8(*text)) return concat({"text of ", text->size(), " bytes"});
    return excerpt(*text);
  }
  if (const auto* number = value.get_if<Number>()) return number->text.substr(0, 100);
  if (const auto* boolean = value.get_if<bool>()) return *boolean ? "true" : "false";
  return kind_name(value.kind());
}

}  // namespace bao::core
