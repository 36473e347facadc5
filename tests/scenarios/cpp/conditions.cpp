// Filters and sort key conditions of the corpus, in SPEC 3's form.

#include <array>
#include <string_view>
#include <utility>

#include "core/expression/path.hpp"
#include "scenarios/cpp/failure.hpp"
#include "scenarios/cpp/values.hpp"

namespace bao::scenarios {

namespace {

constexpr std::array<std::pair<std::string_view, Comparison>, 6> comparisons{{
    {"$eq", Comparison::eq},
    {"$ne", Comparison::ne},
    {"$lt", Comparison::lt},
    {"$lte", Comparison::le},
    {"$gt", Comparison::gt},
    {"$gte", Comparison::ge},
}};

std::optional<Comparison> to_comparison(std::string_view text) {
  for (const auto& [name, comparison] : comparisons) {
    if (name == text) return comparison;
  }
  return std::nullopt;
}

std::vector<Value> to_values(const YAML::Node& list, const Names& names) {
  std::vector<Value> values;
  for (const YAML::Node& element : list) values.push_back(to_value(element, names));
  return values;
}

Condition combine(Condition::Kind kind, std::vector<Condition> children) {
  if (kind == Condition::Kind::all_of && children.size() == 1) return std::move(children.front());
  Condition combined;
  combined.kind = kind;
  combined.children = std::move(children);
  return combined;
}

Condition to_size(Condition condition, const YAML::Node& operand, const Names& names) {
  condition.kind = Condition::Kind::size;
  if (!operand.IsMap()) {
    condition.operands = {to_value(operand, names)};
    return condition;
  }
  const auto comparison = to_comparison(operand.begin()->first.Scalar());
  if (!comparison) throw Failure(operand, "unknown comparison of a size");
  condition.comparison = *comparison;
  condition.operands = {to_value(operand.begin()->second, names)};
  return condition;
}

Condition to_operator(const std::string& field, const std::string& name, const YAML::Node& operand,
                      const Names& names) {
  using Kind = Condition::Kind;
  Condition condition;
  condition.field = field;
  if (core::is_path(field)) {
    auto path = core::parse_path(field);
    if (!path) throw Failure(operand, field + ": " + path.error());
    condition.field = std::move(path->field);
    condition.path = std::move(path->steps);
  }
  if (name == "$size") return to_size(std::move(condition), operand, names);
  if (name == "$exists") {
    condition.kind = operand.as<bool>() ? Kind::exists : Kind::not_exists;
    return condition;
  }
  if (name == "$in" || name == "$between") {
    condition.kind = name == "$in" ? Kind::in : Kind::between;
    condition.operands = to_values(operand, names);
    return condition;
  }
  condition.operands = {to_value(operand, names)};
  if (const auto comparison = to_comparison(name)) {
    condition.kind = Kind::compare;
    condition.comparison = *comparison;
  } else if (name == "$contains") {
    condition.kind = Kind::contains;
  } else if (name == "$beginsWith") {
    condition.kind = Kind::begins_with;
  } else {
    throw Failure(operand, "unknown operator " + name);
  }
  return condition;
}

bool is_value(const YAML::Node& node) {
  if (!node.IsMap() || node.size() == 0) return true;
  const std::string key = node.begin()->first.Scalar();
  return !key.starts_with('$') || key == "$date" || key == "$binary" || key == "$set" || key == "$bigint" ||
         key == "$repeat" || key == "$json";
}

Condition to_field_condition(const std::string& field, const YAML::Node& node, const Names& names) {
  if (is_value(node)) return to_operator(field, "$eq", node, names);
  std::vector<Condition> children;
  for (const auto& part : node) {
    children.push_back(to_operator(field, part.first.Scalar(), part.second, names));
  }
  return combine(Condition::Kind::all_of, std::move(children));
}

}  // namespace

Condition to_condition(const YAML::Node& filter, const Names& names) {
  if (!filter.IsDefined() || filter.size() == 0) return {};
  std::vector<Condition> children;
  for (const auto& part : filter) {
    const std::string name = part.first.Scalar();
    if (name == "$not") {
      children.push_back(combine(Condition::Kind::negated, {to_condition(part.second, names)}));
    } else if (name == "$and" || name == "$or") {
      std::vector<Condition> parts;
      for (const YAML::Node& child : part.second) parts.push_back(to_condition(child, names));
      children.push_back(
          combine(name == "$and" ? Condition::Kind::all_of : Condition::Kind::any_of, std::move(parts)));
    } else {
      children.push_back(to_field_condition(name, part.second, names));
    }
  }
  return combine(Condition::Kind::all_of, std::move(children));
}

SortKeyCondition to_sort_condition(const YAML::Node& node, const Names& names) {
  using Kind = SortKeyCondition::Kind;
  SortKeyCondition sort;
  if (!node.IsDefined()) return sort;
  if (!node.IsMap() || node.size() != 1) throw Failure(node, "a sort key condition names one field");
  sort.field = node.begin()->first.Scalar();
  const YAML::Node condition = node.begin()->second;
  if (is_value(condition)) {
    sort.kind = Kind::eq;
    sort.operands = {to_value(condition, names)};
    return sort;
  }
  static constexpr std::array<std::pair<std::string_view, Kind>, 7> kinds{{
      {"$eq", Kind::eq},
      {"$lt", Kind::lt},
      {"$lte", Kind::le},
      {"$gt", Kind::gt},
      {"$gte", Kind::ge},
      {"$between", Kind::between},
      {"$beginsWith", Kind::begins_with},
  }};
  const std::string name = condition.begin()->first.Scalar();
  const YAML::Node operand = condition.begin()->second;
  for (const auto& [text, kind] : kinds) {
    if (text != name) continue;
    sort.kind = kind;
    sort.operands =
        kind == Kind::between ? to_values(operand, names) : std::vector<Value>{to_value(operand, names)};
    return sort;
  }
  throw Failure(node, "unknown operator " + name);
}

}  // namespace bao::scenarios
