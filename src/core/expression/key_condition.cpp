#include <array>
#include <utility>

#include "core/expression/expression.hpp"
#include "core/expression/refusal.hpp"
#include "core/keys/key_text.hpp"
#include "core/keys/row_keys.hpp"
#include "core/schema/field_codec.hpp"
#include "core/value/concat.hpp"

namespace bao::core {
namespace {

using Kind = SortKeyCondition::Kind;

std::unexpected<Error> refuse_index(const Model& model, const Index& index, std::string_view field,
                                    std::string message) {
  return std::unexpected(Error(ErrorCode::query, ErrorDetails{.message = std::move(message),
                                                              .model = model.name(),
                                                              .field = std::string(field),
                                                              .index = index.name}));
}

/// Queries by the primary key come with an index of no name.
std::string named(const Index& index) {
  return index.name.empty() ? "the primary key" : concat({"index \"", index.name, "\""});
}

/// Text fields compare as they are: part of a ULID, or more than maxLength, is a fair bound.
bool is_text(FieldType type) {
  return type == FieldType::string || type == FieldType::ulid || type == FieldType::version ||
         type == FieldType::related;
}

/// Whether the condition goes by the order of texts; the others are about equal ones, or a beginning.
bool by_order(Kind kind) {
  return kind == Kind::between || kind == Kind::lt || kind == Kind::le || kind == Kind::gt ||
         kind == Kind::ge;
}

/// Behind the text of a second: after it, and before that of the next one, as all texts of seconds are
/// equally long. One character is enough, because no stored text is in between.
constexpr char between_seconds = '.';

Result<std::string> operand_text(const Model& model, std::uint32_t field, const Value& operand,
                                 bool by_order) {
  if (operand.is_null()) {
    return refuse_operand(model, model.field(field).name, "a sort key cannot be compared with null", operand);
  }
  if (is_text(model.field(field).type)) return key_text(model, field, operand);
  const Result<Value> stored = encode_field(model, field, operand);
  if (!stored) return std::unexpected(stored.error());
  // The code of a custom key makes texts of what can be stored.
  if (!by_order || model.field(field).custom_key != 0) return key_text(model, field, *stored);
  const Result<Value> bound = encode_field_bound(model, field, operand);
  if (!bound) return std::unexpected(bound.error());
  if (model.field(field).type != FieldType::ttl) return key_text(model, field, *bound);
  Result<std::string> text = key_text(model, field, *stored);
  if (text && *bound != *stored) text->append(1, between_seconds);
  return text;
}

using OperandTexts = std::array<std::string, 2>;

/// The operands as texts of the index's sort key; the second is empty but for between.
Result<OperandTexts> operand_texts(const Model& model, const Index& index, const SortKeyCondition& sort) {
  if (index.sort.kind != KeyPart::Kind::field) {
    if (sort.field.empty()) {
      return refuse_index(model, index, {},
                          concat({model.name(), ": ", named(index), " has no sort key field"}));
    }
    return refuse_index(model, index, sort.field,
                        concat({"Field \"", sort.field, "\" is not the sort key for ", named(index)}));
  }
  const FieldDefinition& field = model.field(index.sort.field);
  if (!sort.field.empty() && sort.field != field.name) {
    return refuse_index(model, index, sort.field,
                        concat({"Field \"", sort.field, "\" is not the sort key for ", named(index)}));
  }
  const std::size_t wanted = sort.kind == Kind::between ? 2 : 1;
  if (sort.operands.size() != wanted) {
    return refuse_index(
        model, index, field.name,
        concat({model.name(), ".", field.name,
                (wanted == 2 ? ": between needs two values" : ": a comparison needs one value")}));
  }
  if (sort.kind == Kind::begins_with && !is_text(field.type) && field.custom_key == 0) {
    return refuse_index(
        model, index, field.name,
        concat({model.name(), ".", field.name, ": beginsWith needs a sort key of text, which ",
                field_type_name(field.type), " is not"}));
  }

  OperandTexts operands;
  for (std::size_t i = 0; i < wanted; ++i) {
    Result<std::string> operand =
        operand_text(model, index.sort.field, sort.operands[i], by_order(sort.kind));
    if (!operand) return std::unexpected(std::move(operand).error());
    operands[i] = *std::move(operand);
  }
  if (sort.kind == Kind::between && operands[1] < operands[0]) {
    return refuse_operand(model, field.name, "the first value of between is above the second",
                          sort.operands[0]);
  }
  return operands;
}

}  // namespace

Result<std::string> key_condition_expression(const Model& model, const Index& index,
                                             std::string partition_key, const SortKeyCondition& sort,
                                             Placeholders& placeholders) {
  std::string text = placeholders.name(index_pk_attribute(index.gsi));
  text.append(" = ").append(placeholders.value(std::move(partition_key)));
  if (sort.empty()) return text;

  Result<OperandTexts> operands = operand_texts(model, index, sort);
  if (!operands) return std::unexpected(std::move(operands).error());
  const std::string name = placeholders.name(index_sk_attribute(index.gsi));
  const std::string first = placeholders.value(std::move((*operands)[0]));
  text.append(" AND ");
  switch (sort.kind) {
    case Kind::begins_with:
      return text.append("begins_with(").append(name).append(", ").append(first).append(")");
    case Kind::between:
      return text.append(name)
          .append(" BETWEEN ")
          .append(first)
          .append(" AND ")
          .append(placeholders.value(std::move((*operands)[1])));
    case Kind::lt:
      return text.append(name).append(" < ").append(first);
    case Kind::le:
      return text.append(name).append(" <= ").append(first);
    case Kind::gt:
      return text.append(name).append(" > ").append(first);
    case Kind::ge:
      return text.append(name).append(" >= ").append(first);
    case Kind::empty:
    case Kind::eq:
      break;
  }
  return text.append(name).append(" = ").append(first);
}

Result<bool> meets_sort_condition(const Model& model, const Index& index, const SortKeyCondition& sort,
                                  std::string_view text) {
  if (sort.empty()) return true;
  const Result<OperandTexts> operands = operand_texts(model, index, sort);
  if (!operands) return std::unexpected(operands.error());
  const std::string_view first = (*operands)[0];
  switch (sort.kind) {
    case Kind::begins_with:
      return text.starts_with(first);
    case Kind::between:
      return first <= text && text <= (*operands)[1];
    case Kind::lt:
      return text < first;
    case Kind::le:
      return text <= first;
    case Kind::gt:
      return text > first;
    case Kind::ge:
      return text >= first;
    case Kind::empty:
    case Kind::eq:
      break;
  }
  return text == first;
}

}  // namespace bao::core
