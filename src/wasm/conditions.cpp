#include "wasm/conditions.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/expression/path.hpp"
#include "core/expression/refusal.hpp"
#include "core/schema/names.hpp"
#include "core/value/concat.hpp"
#include "wasm/tagged.hpp"

namespace bao::wasm {

using core::JsonType;
using core::Model;
using core::refuse_operand;
using core::refuse_query;

namespace {

using Kind = Condition::Kind;

constexpr std::array<std::string_view, 12> operators{"$eq",       "$ne",         "$lt",      "$lte",
                                                     "$gt",       "$gte",        "$between", "$in",
                                                     "$contains", "$beginsWith", "$exists",  "$size"};
constexpr std::array<std::string_view, 6> size_operators{"$eq", "$ne", "$lt", "$lte", "$gt", "$gte"};
constexpr std::array<std::string_view, 7> sort_operators{"$eq",  "$lt",      "$lte",       "$gt",
                                                         "$gte", "$between", "$beginsWith"};

template <std::size_t N>
std::unexpected<Error> unknown_operator(const Model& model, std::string_view field, std::string_view name,
                                        const std::array<std::string_view, N>& known) {
  return refuse_query(
      model, field,
      core::concat({"there is no operator ", core::quoted(name), core::did_you_mean(name, known)}));
}

std::optional<Comparison> comparison_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Comparison>, 6> table{{{"$eq", Comparison::eq},
                                                                          {"$ne", Comparison::ne},
                                                                          {"$lt", Comparison::lt},
                                                                          {"$lte", Comparison::le},
                                                                          {"$gt", Comparison::gt},
                                                                          {"$gte", Comparison::ge}}};
  for (const auto& [known, comparison] : table) {
    if (known == name) return comparison;
  }
  return std::nullopt;
}

Value operand(const Model& model, std::string_view field, const JsonNode& node) {
  const std::optional<std::uint32_t> known = model.field_index(field);
  return known ? logical_value(node, model.field(*known).type) : natural_value(node);
}

void add_operands(const Model& model, std::string_view field, const JsonNode& list,
                  std::vector<Value>& operands) {
  if (!list.is(JsonType::array)) return;
  for (const JsonNode& child : list.children) operands.push_back(operand(model, field, child));
}

// A number, or comparisons: {"$gt": 1, "$lte": 3}.
Result<Condition> size_test(const Model& model, std::string_view field, const JsonNode& node) {
  Condition all{.kind = Kind::all_of};
  const auto add = [&](Comparison comparison, const JsonNode& number) {
    Condition test{.kind = Kind::size, .comparison = comparison, .field = std::string(field)};
    test.operands.push_back(natural_value(number));
    all.children.push_back(std::move(test));
  };
  if (!node.is(JsonType::object) || tag_of(node) != nullptr || node.children.empty()) {
    add(Comparison::eq, node);
  } else {
    for (const JsonNode& child : node.children) {
      const std::optional<Comparison> comparison = comparison_of(child.name);
      if (!comparison) return unknown_operator(model, field, child.name, size_operators);
      add(*comparison, child);
    }
  }
  if (all.children.size() == 1) return Condition(std::move(all.children.front()));
  return all;
}

Result<Condition> field_test(const Model& model, std::string_view field, const JsonNode& node) {
  Condition test{.field = std::string(field)};
  if (const std::optional<Comparison> comparison = comparison_of(node.name)) {
    test.kind = Kind::compare;
    test.comparison = *comparison;
    test.operands.push_back(operand(model, field, node));
  } else if (node.name == "$between") {
    test.kind = Kind::between;  // the core asks for two values
    add_operands(model, field, node, test.operands);
  } else if (node.name == "$in") {
    if (!node.is(JsonType::array)) {
      return refuse_operand(model, field, "$in needs an array", natural_value(node));
    }
    test.kind = Kind::in;
    add_operands(model, field, node, test.operands);
  } else if (node.name == "$contains") {
    test.kind = Kind::contains;
    test.operands.push_back(natural_value(node));
  } else if (node.name == "$beginsWith") {
    test.kind = Kind::begins_with;
    test.operands.push_back(natural_value(node));
  } else if (node.name == "$exists") {
    if (!node.is(JsonType::boolean)) {
      return refuse_operand(model, field, "$exists needs true or false", natural_value(node));
    }
    test.kind = node.boolean ? Kind::exists : Kind::not_exists;
  } else if (node.name == "$size") {
    return size_test(model, field, node);
  } else {
    return unknown_operator(model, field, node.name, operators);
  }
  return test;
}

// An object that holds operators; another one is a value: a map, or tagged.
bool holds_operators(const Model& model, std::string_view field, const JsonNode& node) {
  if (!node.is(JsonType::object) || tag_of(node) != nullptr) return false;
  for (const JsonNode& child : node.children) {
    if (child.name.starts_with('$')) return true;
  }
  if (core::is_path(field)) return false;
  const std::optional<std::uint32_t> known = model.field_index(field);
  return !known || model.field(*known).type != FieldType::map;
}

Result<Condition> field_condition(const Model& model, const JsonNode& node) {
  const std::string_view field = node.name;
  if (!holds_operators(model, field, node)) {
    Condition equal{.kind = Kind::compare, .comparison = Comparison::eq, .field = std::string(field)};
    equal.operands.push_back(operand(model, field, node));
    return equal;
  }
  if (node.children.empty()) return refuse_query(model, field, "an object without an operator");
  Condition all{.kind = Kind::all_of};
  for (const JsonNode& child : node.children) {
    Result<Condition> test = field_test(model, field, child);
    if (!test) return test;
    all.children.push_back(std::move(*test));
  }
  if (all.children.size() == 1) return Condition(std::move(all.children.front()));
  return all;
}

Result<Condition> read_filter(const Model& model, const JsonNode& filter);

// The condition on a value within a field: as on a field without a type, with the path in each of its tests.
void add_path(Condition& condition, const core::FieldPath& path) {
  if (!condition.field.empty()) {
    condition.field = path.field;
    condition.path = path.steps;
  }
  for (Condition& child : condition.children) add_path(child, path);
}

Result<Condition> path_condition(const Model& model, const JsonNode& node) {
  const auto path = core::parse_path(node.name);
  if (!path) return refuse_query(model, node.name, path.error());
  Result<Condition> condition = field_condition(model, node);
  if (condition) add_path(*condition, *path);
  return condition;
}

Result<Condition> member_condition(const Model& model, const JsonNode& node) {
  if (node.name == "$and" || node.name == "$or") {
    const std::string name(node.name);
    if (!node.is(JsonType::array))
      return refuse_query(model, {}, core::concat({name, " needs an array of conditions"}));
    Condition joined{.kind = node.name == "$and" ? Kind::all_of : Kind::any_of};
    for (const JsonNode& child : node.children) {
      Result<Condition> part = read_filter(model, child);
      if (!part) return part;
      joined.children.push_back(std::move(*part));
    }
    if (joined.children.empty())
      return refuse_query(model, {}, core::concat({name, " needs at least one condition"}));
    return joined;
  }
  if (node.name == "$not") {
    Result<Condition> inner = read_filter(model, node);
    if (!inner) return inner;
    Condition negated{.kind = Kind::negated};
    negated.children.push_back(std::move(*inner));
    return negated;
  }
  if (node.name.starts_with('$')) {
    constexpr std::array<std::string_view, 3> joints{"$and", "$or", "$not"};
    return unknown_operator(model, {}, node.name, joints);
  }
  return core::is_path(node.name) ? path_condition(model, node) : field_condition(model, node);
}

Result<Condition> read_filter(const Model& model, const JsonNode& filter) {
  if (!filter.is(JsonType::object)) return refuse_query(model, {}, "a condition must be an object");
  Condition all{.kind = Kind::all_of};
  for (const JsonNode& child : filter.children) {
    Result<Condition> part = member_condition(model, child);
    if (!part) return part;
    all.children.push_back(std::move(*part));
  }
  if (all.children.empty()) return Condition();
  if (all.children.size() == 1) return Condition(std::move(all.children.front()));
  return all;
}

const FieldDefinition* sort_field(const Model& model, std::string_view index_name) {
  const core::Index* const index = model.index(index_name);
  const core::KeyPart& part = index == nullptr || index->gsi == 0 ? model.sort_key() : index->sort;
  return part.kind == core::KeyPart::Kind::field ? &model.field(part.field) : nullptr;
}

Value sort_operand(const FieldDefinition* field, const JsonNode& node) {
  return field == nullptr ? natural_value(node) : logical_value(node, field->type);
}

Result<SortKeyCondition> sort_operator(const Model& model, std::string_view index, const JsonNode& node) {
  using Sort = SortKeyCondition::Kind;
  constexpr std::array<std::pair<std::string_view, Sort>, 7> kinds{{{"$eq", Sort::eq},
                                                                    {"$lt", Sort::lt},
                                                                    {"$lte", Sort::le},
                                                                    {"$gt", Sort::gt},
                                                                    {"$gte", Sort::ge},
                                                                    {"$between", Sort::between},
                                                                    {"$beginsWith", Sort::begins_with}}};
  const FieldDefinition* const field = sort_field(model, index);
  const std::string_view about = field == nullptr ? std::string_view() : std::string_view(field->name);
  SortKeyCondition condition;
  for (const auto& [name, kind] : kinds) {
    if (name == node.name) condition.kind = kind;
  }
  if (condition.empty()) return unknown_operator(model, about, node.name, sort_operators);
  if (condition.kind != Sort::between) {
    condition.operands.push_back(sort_operand(field, node));
    return condition;
  }
  if (!node.is(JsonType::array) || node.children.size() != 2) {
    return refuse_query(model, about, "$between needs two values");
  }
  for (const JsonNode& child : node.children) condition.operands.push_back(sort_operand(field, child));
  return condition;
}

// Two bounds of one key are one range, where both are inclusive: all that DynamoDB's key conditions can say.
Result<SortKeyCondition> sort_operators_of(const Model& model, std::string_view index, const JsonNode& node) {
  if (node.children.size() == 1) return sort_operator(model, index, node.children.front());
  const JsonNode* const low = node.member("$gte");
  const JsonNode* const high = node.member("$lte");
  if (node.children.size() == 2 && low != nullptr && high != nullptr) {
    const FieldDefinition* const field = sort_field(model, index);
    SortKeyCondition range{.kind = SortKeyCondition::Kind::between};
    range.operands.push_back(sort_operand(field, *low));
    range.operands.push_back(sort_operand(field, *high));
    return range;
  }
  for (const JsonNode& child : node.children) {
    Result<SortKeyCondition> checked = sort_operator(model, index, child);
    if (!checked) return checked;
  }
  return refuse_query(model, {}, "a sort key condition takes one operator, or $gte and $lte");
}

bool is_object_of_parts(const JsonNode& node) {
  return node.is(JsonType::object) && tag_of(node) == nullptr;
}

}  // namespace

Result<Condition> read_condition(const Model& model, const JsonNode* filter) {
  if (filter == nullptr) return Condition();
  return read_filter(model, *filter);
}

Result<SortKeyCondition> read_sort_condition(const Model& model, std::string_view index,
                                             const JsonNode* sort) {
  if (sort == nullptr) return SortKeyCondition();
  if (!is_object_of_parts(*sort)) {
    SortKeyCondition equal{.kind = SortKeyCondition::Kind::eq};
    equal.operands.push_back(sort_operand(sort_field(model, index), *sort));
    return equal;
  }
  if (sort->children.empty()) return SortKeyCondition();
  if (sort->children.front().name.starts_with('$')) return sort_operators_of(model, index, *sort);
  if (sort->children.size() != 1) {
    return refuse_query(model, {}, "a sort key condition names one field");
  }
  const JsonNode& named = sort->children.front();
  Result<SortKeyCondition> condition = SortKeyCondition();
  if (is_object_of_parts(named) && !named.children.empty()) {
    condition = sort_operators_of(model, index, named);
  } else if (!named.is_null()) {
    condition->kind = SortKeyCondition::Kind::eq;
    condition->operands.push_back(sort_operand(sort_field(model, index), named));
  }
  if (condition) condition->field = std::string(named.name);
  return condition;
}

}  // namespace bao::wasm
