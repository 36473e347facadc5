#include "local/operations/legacy.hpp"

#include <algorithm>
#include <array>

#include "local/operations/item_request.hpp"

namespace bao::local {

using core::JsonType;

namespace {

std::unexpected<ApiError> bad_parameter(const std::string& message) {
  return invalid("One or more parameter values were invalid: " + message);
}

/// What an operator of the old API takes: how many values, and of which types.
struct Comparison {
  std::string_view name;
  Op op;
  std::uint32_t values_min;
  std::uint32_t values_max;
  enum class Types : std::uint8_t { all, scalars, prefixes, members } types;
};
using Types = Comparison::Types;
constexpr std::uint32_t any_number = 0xFFFFFFFF;
constexpr std::array comparisons = {
    Comparison{"EQ", Op::eq, 1, 1, Types::all},
    Comparison{"NE", Op::ne, 1, 1, Types::all},
    Comparison{"LE", Op::le, 1, 1, Types::scalars},
    Comparison{"LT", Op::lt, 1, 1, Types::scalars},
    Comparison{"GE", Op::ge, 1, 1, Types::scalars},
    Comparison{"GT", Op::gt, 1, 1, Types::scalars},
    Comparison{"NOT_NULL", Op::attribute_exists, 0, 0, Types::all},
    Comparison{"NULL", Op::attribute_not_exists, 0, 0, Types::all},
    Comparison{"CONTAINS", Op::contains, 1, 1, Types::members},
    Comparison{"NOT_CONTAINS", Op::logical_not, 1, 1, Types::members},
    Comparison{"BEGINS_WITH", Op::begins_with, 1, 1, Types::prefixes},
    Comparison{"IN", Op::in, 1, any_number, Types::scalars},
    Comparison{"BETWEEN", Op::between, 2, 2, Types::scalars},
};

const Comparison* find_comparison(std::string_view name) {
  const auto* found = std::find_if(comparisons.data(), comparisons.data() + comparisons.size(),
                                   [name](const Comparison& comparison) { return comparison.name == name; });
  return found == comparisons.data() + comparisons.size() ? nullptr : found;
}

bool takes(Types types, Tag tag) {
  const bool nested = tag == Tag::list || tag == Tag::map || tag == Tag::string_set ||
                      tag == Tag::number_set || tag == Tag::binary_set;
  switch (types) {
    case Types::all:
      return true;
    case Types::scalars:
      return is_comparable(tag);
    case Types::prefixes:
      return tag == Tag::string || tag == Tag::binary;
    case Types::members:
      return !nested;
  }
  return false;
}

// Reading.

bool read_value(RequestReader& reader, ItemRequest& request, std::optional<std::uint32_t>& out) {
  if (reader.peek() == JsonType::null) return reader.skip();
  out = request.add_value(reader);
  return out.has_value();
}

bool read_condition(RequestReader& reader, ItemRequest& request, LegacyCondition& condition) {
  if (!reader.enter_object()) return false;
  std::string_view name;
  while (reader.next_member(name)) {
    bool good = true;
    if (name == "ComparisonOperator") {
      good = reader.string(condition.comparison);
    } else if (name == "Exists") {
      good = reader.boolean(condition.exists);
    } else if (name == "Value") {
      good = read_value(reader, request, condition.value);
    } else if (name == "AttributeValueList" && reader.peek() != JsonType::null) {
      condition.values.emplace();
      good = reader.enter_array();
      while (good && reader.next_element()) {
        std::optional<std::uint32_t> value;
        good = read_value(reader, request, value);
        if (value) condition.values->push_back(*value);
      }
      good = good && !reader.failed();
    } else {
      good = reader.skip();
    }
    if (!good) return false;
  }
  return !reader.failed();
}

bool read_update(RequestReader& reader, ItemRequest& request, LegacyUpdate& update) {
  if (!reader.enter_object()) return false;
  std::string_view name;
  while (reader.next_member(name)) {
    const bool good = name == "Action"  ? reader.string(update.action)
                      : name == "Value" ? read_value(reader, request, update.value)
                                        : reader.skip();
    if (!good) return false;
  }
  return !reader.failed();
}

template <class Entry, class ReadEntry>
bool read_entries(RequestReader& reader, ItemRequest& request, std::optional<std::vector<Entry>>& out,
                  ReadEntry read_entry) {
  if (!reader.enter_object()) return false;
  out.emplace();
  std::string_view attribute;
  while (reader.next_member(attribute)) {
    Entry& entry = out->emplace_back();
    entry.attribute = attribute;
    const std::string_view mistake = attribute_name_mistake(attribute);
    if (!mistake.empty() && !request.invalid_value) {
      request.invalid_value = validation_error(std::string(mistake));
    }
    if (!read_entry(reader, request, entry)) return false;
  }
  return !reader.failed();
}

// Trees.

std::uint32_t add_path(Ast& ast, std::string_view attribute) {
  ast.steps.push_back({.name = attribute});
  ast.nodes.push_back({Op::path, false, static_cast<std::uint32_t>(ast.steps.size() - 1), 1});
  return static_cast<std::uint32_t>(ast.nodes.size() - 1);
}

std::uint32_t add_value_node(Ast& ast, std::uint32_t value) {
  ast.nodes.push_back({Op::value, false, value, 0});
  return static_cast<std::uint32_t>(ast.nodes.size() - 1);
}

std::uint32_t add_node(Ast& ast, Op op, const std::vector<std::uint32_t>& children) {
  const auto first = static_cast<std::uint32_t>(ast.children.size());
  ast.children.insert(ast.children.end(), children.begin(), children.end());
  ast.nodes.push_back({op, false, first, static_cast<std::uint32_t>(children.size())});
  return static_cast<std::uint32_t>(ast.nodes.size() - 1);
}

std::uint32_t add_comparison(Ast& ast, std::string_view attribute, Op op,
                             const std::vector<std::uint32_t>& values) {
  std::vector<std::uint32_t> operands = {add_path(ast, attribute)};
  for (const std::uint32_t value : values) operands.push_back(add_value_node(ast, value));
  if (op != Op::logical_not) return add_node(ast, op, operands);
  // NOT_CONTAINS does not hold for an attribute that is not there.
  const std::uint32_t contains = add_node(ast, Op::contains, operands);
  const std::uint32_t negated = add_node(ast, Op::logical_not, {contains});
  const std::uint32_t exists = add_node(ast, Op::attribute_exists, {add_path(ast, attribute)});
  return add_node(ast, Op::logical_and, {exists, negated});
}

Outcome<void> check_values(const ItemRequest& request, const Comparison& comparison,
                           const std::vector<std::uint32_t>& values) {
  const std::string name(comparison.name);
  if (values.size() < comparison.values_min || values.size() > comparison.values_max) {
    return bad_parameter("Invalid number of argument(s) for the " + name + " ComparisonOperator");
  }
  const auto value_of = [&](std::uint32_t number) { return request.bindings.values[number].value; };
  for (const std::uint32_t number : values) {
    const Tag tag = value_of(number).tag();
    if (tag != value_of(values.front()).tag()) {
      return bad_parameter("AttributeValues inside AttributeValueList must be of same type");
    }
    if (!takes(comparison.types, tag)) {
      return bad_parameter("ComparisonOperator " + name + " is not valid for " + std::string(type_name(tag)) +
                           " AttributeValue type");
    }
  }
  if (comparison.op == Op::between && compare_scalars(value_of(values[0]), value_of(values[1])) > 0) {
    return invalid(
        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
  }
  return {};
}

/// One condition as a node of the tree.
Outcome<std::uint32_t> build_condition(Ast& ast, const ItemRequest& request,
                                       const LegacyCondition& condition) {
  const std::string attribute(condition.attribute);
  if (attribute.empty()) return invalid("Empty attribute name");
  std::vector<std::uint32_t> values;
  if (condition.values) values = *condition.values;
  if (condition.value) values = {*condition.value};
  if (!condition.comparison) {
    if (condition.values) {
      return bad_parameter("AttributeValueList can only be used with a ComparisonOperator for Attribute: " +
                           attribute);
    }
    if (condition.exists == false) {
      if (condition.value) {
        return bad_parameter("Value cannot be used when Exists is false for Attribute: " + attribute);
      }
      return add_comparison(ast, condition.attribute, Op::attribute_not_exists, {});
    }
    if (!condition.value) {
      return bad_parameter("Value must be provided when Exists is " +
                           std::string(condition.exists ? "true" : "null") + " for Attribute: " + attribute);
    }
    return add_comparison(ast, condition.attribute, Op::eq, values);
  }
  if (condition.exists) {
    return bad_parameter("Exists and ComparisonOperator cannot be used together for Attribute: " + attribute);
  }
  if (condition.value && condition.values) {
    return bad_parameter("Value and AttributeValueList cannot be used together for Attribute: " + attribute);
  }
  const Comparison& comparison = *find_comparison(*condition.comparison);
  if (comparison.values_min > 0 && !condition.value && !condition.values) {
    return bad_parameter("Value or AttributeValueList must be used with ComparisonOperator: " +
                         std::string(comparison.name) + " for Attribute: " + attribute);
  }
  if (auto checked = check_values(request, comparison, values); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return add_comparison(ast, condition.attribute, comparison.op, values);
}

bool is_indexable(Op op) {
  return op == Op::eq || op == Op::le || op == Op::lt || op == Op::ge || op == Op::gt ||
         op == Op::begins_with || op == Op::between;
}

void condition_constraints(Constraints& constraints, const LegacyConditions& conditions,
                           const std::string& parameter, bool operator_required) {
  if (!conditions) return;
  for (const LegacyCondition& condition : *conditions) {
    const std::string path =
        parameter + "." + std::string(condition.attribute) + ".member.comparisonOperator";
    if (operator_required) constraints.require(condition.comparison.has_value(), path);
    constraints.one_of(condition.comparison, path,
                       {"IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE",
                        "BEGINS_WITH", "GE", "CONTAINS"});
  }
}

}  // namespace

bool is_legacy_parameter(std::string_view name) {
  static constexpr std::array<std::string_view, 7> names = {
      "AttributesToGet", "AttributeUpdates", "Expected",  "ConditionalOperator",
      "KeyConditions",   "QueryFilter",      "ScanFilter"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool read_legacy_parameter(std::string_view name, RequestReader& reader, ItemRequest& request) {
  if (reader.peek() == JsonType::null) return reader.skip();
  if (!request.legacy) request.legacy = std::make_unique<LegacyParameters>();
  LegacyParameters& legacy = *request.legacy;
  if (name == "AttributesToGet") return reader.strings(legacy.attributes_to_get);
  if (name == "ConditionalOperator") return reader.string(legacy.conditional_operator);
  if (name == "AttributeUpdates") return read_entries(reader, request, legacy.attribute_updates, read_update);
  LegacyConditions& conditions = name == "Expected"        ? legacy.expected
                                 : name == "KeyConditions" ? legacy.key_conditions
                                 : name == "QueryFilter"   ? legacy.query_filter
                                                           : legacy.scan_filter;
  return read_entries(reader, request, conditions, read_condition);
}

void legacy_constraints(Constraints& constraints, const ItemRequest& request, RequestKind kind) {
  if (!request.legacy) return;
  const LegacyParameters& legacy = *request.legacy;
  const bool reads = kind == RequestKind::get || kind == RequestKind::query || kind == RequestKind::scan;
  if (reads && legacy.attributes_to_get && legacy.attributes_to_get->empty()) {
    constraints.fail("'[]'", "attributesToGet", "Member must have length greater than or equal to 1");
  }
  switch (kind) {
    case RequestKind::query:
      condition_constraints(constraints, legacy.query_filter, "queryFilter", true);
      condition_constraints(constraints, legacy.key_conditions, "keyConditions", true);
      break;
    case RequestKind::scan:
      condition_constraints(constraints, legacy.scan_filter, "scanFilter", true);
      break;
    case RequestKind::update:
      if (legacy.attribute_updates) {
        for (const LegacyUpdate& update : *legacy.attribute_updates) {
          constraints.one_of(update.action,
                             "attributeUpdates." + std::string(update.attribute) + ".member.action",
                             {"ADD", "PUT", "DELETE"});
        }
      }
      [[fallthrough]];
    case RequestKind::put:
    case RequestKind::remove:
      condition_constraints(constraints, legacy.expected, "expected", false);
      break;
    default:
      return;
  }
  constraints.one_of(legacy.conditional_operator, "conditionalOperator", {"OR", "AND"});
}

Outcome<void> check_not_mixed(const ItemRequest& request, RequestKind kind) {
  if (!request.legacy) return {};
  const LegacyParameters& legacy = *request.legacy;
  std::string old_names;
  std::string expressions;
  const auto add = [](std::string& list, bool present, std::string_view name) {
    if (!present) return;
    if (!list.empty()) list += ", ";
    list += name;
  };
  const bool writes = kind == RequestKind::put || kind == RequestKind::remove || kind == RequestKind::update;
  if (kind == RequestKind::update) {
    add(old_names, legacy.attribute_updates.has_value(), "AttributeUpdates");
    add(expressions, request.update.has_value(), "UpdateExpression");
  }
  if (writes) {
    add(old_names, legacy.expected.has_value(), "Expected");
    add(old_names, legacy.conditional_operator.has_value(), "ConditionalOperator");
    add(expressions, request.condition.has_value(), "ConditionExpression");
  } else {
    add(old_names, legacy.attributes_to_get.has_value(), "AttributesToGet");
    add(expressions, request.projection.has_value(), "ProjectionExpression");
  }
  if (kind == RequestKind::query || kind == RequestKind::scan) {
    const bool queries = kind == RequestKind::query;
    add(old_names, (queries ? legacy.query_filter : legacy.scan_filter).has_value(),
        queries ? "QueryFilter" : "ScanFilter");
    add(old_names, legacy.conditional_operator.has_value(), "ConditionalOperator");
    add(expressions, request.filter.has_value(), "FilterExpression");
    if (queries) {
      add(old_names, legacy.key_conditions.has_value(), "KeyConditions");
      add(expressions, request.key_condition.has_value(), "KeyConditionExpression");
    }
  }
  if (old_names.empty() || expressions.empty()) return {};
  return invalid(
      "Can not use both expression and non-expression parameters in the same request: Non-expression "
      "parameters: {" +
      old_names + "} Expression parameters: {" + expressions + "}");
}

Outcome<void> check_conditional_operator(const ItemRequest& request, const LegacyConditions& conditions) {
  if (!request.legacy->conditional_operator) return {};
  if (!conditions || conditions->empty()) {
    return invalid("ConditionalOperator cannot be used without Filter or Expected");
  }
  if (conditions->size() == 1) {
    return invalid("ConditionalOperator can only be used when Filter or Expected has two or more elements");
  }
  return {};
}

Outcome<ConditionExpression> legacy_condition(const ItemRequest& request,
                                              const std::vector<LegacyCondition>& conditions) {
  ConditionExpression expression;
  const Op joint = request.legacy->conditional_operator == "OR" ? Op::logical_or : Op::logical_and;
  for (const LegacyCondition& condition : conditions) {
    auto node = build_condition(expression.ast, request, condition);
    if (!node) return std::unexpected(std::move(node.error()));
    expression.root =
        &condition == conditions.data() ? *node : add_node(expression.ast, joint, {expression.root, *node});
  }
  return expression;
}

Outcome<ConditionExpression> legacy_key_condition(const ItemRequest& request,
                                                  const std::vector<LegacyCondition>& conditions) {
  if (conditions.empty() || conditions.size() > 2) return invalid("Conditions can be of length 1 or 2 only");
  ConditionExpression expression;
  for (const LegacyCondition& condition : conditions) {
    const Comparison& comparison = *find_comparison(*condition.comparison);
    const std::vector<std::uint32_t> values = condition.values.value_or(std::vector<std::uint32_t>());
    if (auto checked = check_values(request, comparison, values); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
    if (!is_indexable(comparison.op)) {
      return invalid("Attempted conditional constraint is not an indexable operation");
    }
    const std::uint32_t node = add_comparison(expression.ast, condition.attribute, comparison.op, values);
    expression.root = &condition == conditions.data()
                          ? node
                          : add_node(expression.ast, Op::logical_and, {expression.root, node});
  }
  return expression;
}

Outcome<UpdateExpression> legacy_update(const ItemRequest& request) {
  UpdateExpression expression{.legacy = true};
  for (const LegacyUpdate& update : *request.legacy->attribute_updates) {
    if (update.attribute.empty()) return invalid("Empty attribute name");
    const std::string_view action = update.action.value_or("PUT");
    UpdateAction out;
    if (!update.value) {
      if (action != "DELETE") {
        return bad_parameter("Only DELETE action is allowed when no attribute value is specified");
      }
      out.kind = UpdateAction::Kind::remove;
    } else {
      const Encoded value = request.bindings.values[*update.value].value;
      const bool added = value.is_set() || value.tag() == Tag::number || value.tag() == Tag::list;
      if (action == "ADD" && !added) {
        return bad_parameter("ADD action is not supported for the type " +
                             std::string(type_name(value.tag())));
      }
      if (action == "DELETE" && !value.is_set()) {
        return bad_parameter("DELETE action with value is not supported for the type " +
                             std::string(type_name(value.tag())));
      }
      out.kind = action == "ADD"      ? UpdateAction::Kind::add
                 : action == "DELETE" ? UpdateAction::Kind::remove_members
                                      : UpdateAction::Kind::set;
      out.operand = add_value_node(expression.ast, *update.value);
    }
    out.path = add_path(expression.ast, update.attribute);
    expression.actions.push_back(out);
  }
  return expression;
}

Outcome<ProjectionExpression> legacy_projection(const ItemRequest& request) {
  ProjectionExpression expression;
  const std::vector<std::string_view>& names = *request.legacy->attributes_to_get;
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (name->empty()) return invalid("Empty attribute name");
    if (std::find(names.begin(), name, *name) != name) {
      return bad_parameter("Duplicate value in attribute name: " + std::string(*name));
    }
    expression.paths.push_back(add_path(expression.ast, *name));
  }
  return expression;
}

}  // namespace bao::local
