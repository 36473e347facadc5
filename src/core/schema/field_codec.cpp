#include "core/schema/field_codec.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/schema/iso_date.hpp"
#include "core/schema/logical_value.hpp"
#include "core/schema/names.hpp"
#include "core/value/concat.hpp"
#include "core/value/number.hpp"

namespace bao::core {
namespace {

std::unexpected<Error> stored_wrongly(const Model& model, const FieldDefinition& field, ValueView stored,
                                      std::string_view reason) {
  const std::string value = value_excerpt(stored.to_value());
  std::string message = concat({model.name(), ".", field.name, ": the stored value ", quoted(value), reason});
  return std::unexpected(
      Error(ErrorCode::data_format,
            {.message = std::move(message), .model = model.name(), .field = field.name, .value = value}));
}

Result<Value> decode_whole_number(const Model& model, const FieldDefinition& field, ValueView stored) {
  const std::optional<std::int64_t> number = number_to_int64(stored.text());
  if (!number) return stored_wrongly(model, field, stored, " is no whole number of 64 bits");
  if (field.type == FieldType::integer || field.type == FieldType::counter) return *number;

  const std::int64_t unit_ms = field.type == FieldType::ttl ? 1000 : 1;
  if (*number < -date_ms_max / unit_ms || *number > date_ms_max / unit_ms) {
    return stored_wrongly(model, field, stored, " is no date");
  }
  return *number * unit_ms;
}

}  // namespace

ValueKind stored_kind(FieldType type) {
  switch (type) {
    case FieldType::string:
    case FieldType::ulid:
    case FieldType::version:
    case FieldType::related:
    case FieldType::json:
      return ValueKind::string;
    case FieldType::integer:
    case FieldType::floating:
    case FieldType::counter:
    case FieldType::date_time:
    case FieldType::create_date:
    case FieldType::modified_date:
    case FieldType::ttl:
      return ValueKind::number;
    case FieldType::boolean:
      return ValueKind::boolean;
    case FieldType::binary:
      return ValueKind::binary;
    case FieldType::string_set:
      return ValueKind::string_set;
    case FieldType::map:
      return ValueKind::map;
    case FieldType::list:
      return ValueKind::list;
  }
  return ValueKind::null;
}

namespace {

Result<Value> checked(const Model& model, std::uint32_t field, const Value& logical,
                      std::expected<Value, std::string> stored) {
  if (stored) return *std::move(stored);

  const FieldDefinition& definition = model.field(field);
  ErrorDetails details{.model = model.name(), .field = definition.name};
  details.message = model.name() + '.' + definition.name + ' ' + stored.error();
  if (!logical.is_null()) details.value = value_excerpt(logical);
  if (!details.value.empty()) append(details.message, {" (value: ", details.value, ")"});
  return std::unexpected(Error(ErrorCode::validation, std::move(details)));
}

}  // namespace

Result<Value> encode_field(const Model& model, std::uint32_t field, const Value& logical) {
  return checked(model, field, logical, encode_logical(model.field(field), logical));
}

Result<Value> encode_field_bound(const Model& model, std::uint32_t field, const Value& logical) {
  return checked(model, field, logical, encode_bound(model.field(field), logical));
}

Result<Value> decode_field(const Model& model, std::uint32_t field, ValueView stored) {
  if (!stored.present() || stored.kind() == ValueKind::null) return Value();
  const FieldDefinition& definition = model.field(field);
  if (stored.kind() != stored_kind(definition.type)) {
    return stored_wrongly(
        model, definition, stored,
        concat({" is ", kind_name(stored.kind()), ", not that of type ", field_type_name(definition.type)}));
  }
  switch (definition.type) {
    case FieldType::integer:
    case FieldType::counter:
    case FieldType::date_time:
    case FieldType::create_date:
    case FieldType::modified_date:
    case FieldType::ttl:
      return decode_whole_number(model, definition, stored);
    default:
      return stored.to_value();
  }
}

}  // namespace bao::core
