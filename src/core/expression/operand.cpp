#include "core/expression/operand.hpp"

#include "core/expression/path.hpp"
#include "core/expression/refusal.hpp"
#include "core/keys/row_keys.hpp"
#include "core/schema/field_codec.hpp"
#include "core/value/number.hpp"

namespace bao::core {
namespace {

using Shape = Target::Shape;

/// DynamoDB's limit on the nesting of a document.
constexpr std::size_t path_steps_max = 32;

Shape shape_of(FieldType type) {
  switch (stored_kind(type)) {
    case ValueKind::string:
      return Shape::text;
    case ValueKind::number:
      return Shape::number;
    case ValueKind::boolean:
      return Shape::boolean;
    case ValueKind::binary:
      return Shape::binary;
    case ValueKind::string_set:
      return Shape::string_set;
    case ValueKind::map:
      return Shape::map;
    case ValueKind::list:
      return Shape::list;
    default:
      return Shape::unknown;
  }
}

/// Whether every number in the value is one that DynamoDB takes.
bool has_valid_numbers(const Value& value, std::size_t depth) {
  if (depth > path_steps_max) return false;
  if (const auto* number = value.get_if<Number>()) return is_valid_number(number->text);
  if (const auto* numbers = value.get_if<Value::NumberSet>()) {
    for (const Number& number : *numbers) {
      if (!is_valid_number(number.text)) return false;
    }
  }
  if (const auto* list = value.get_if<Value::List>()) {
    for (const Value& child : *list) {
      if (!has_valid_numbers(child, depth + 1)) return false;
    }
  }
  if (const auto* map = value.get_if<Value::Map>()) {
    for (const auto& [name, child] : *map) {
      if (!has_valid_numbers(child, depth + 1)) return false;
    }
  }
  return true;
}

}  // namespace

Result<Target> resolve_target(const Model& model, const Condition& condition) {
  Target target{.readable = readable_path(condition.field, condition.path)};
  if (condition.field == search_text_attribute) {
    target.shape = Shape::text;
  } else if (const auto field = model.field_index(condition.field)) {
    target.shape = shape_of(model.field(*field).type);
    target.field = field;
  } else {
    return refuse_query(model, condition.field, "there is no such field to filter on");
  }
  // The words of a search text have no parts, as those of a field have none.
  const FieldType type = target.field ? model.field(*target.field).type : FieldType::string;
  if (const char* fault = path_fault(type, condition.path)) {
    return refuse_query(model, target.readable, fault);
  }
  if (!condition.path.empty()) {
    target.shape = Shape::unknown;
    target.field.reset();
  }
  return target;
}

Result<Value> encode_operand(const Model& model, const Target& target, const Value& logical, bool by_order) {
  if (logical.is_null()) return Value();
  switch (target.shape) {
    case Shape::text:
      // As it is: a part of a ULID, an empty string or more than maxLength are fair to compare with.
      if (logical.kind() != ValueKind::string) {
        return refuse_operand(model, target.readable, "the operand must be a string", logical);
      }
      return logical;
    case Shape::unknown:
      if (!has_valid_numbers(logical, 0)) {
        return refuse_operand(model, target.readable, "the operand holds something that is not a number",
                              logical);
      }
      return logical;
    default:
      return by_order ? encode_field_bound(model, target.field.value_or(0), logical)
                      : encode_field(model, target.field.value_or(0), logical);
  }
}

}  // namespace bao::core
