#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/schema/schema.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {

/// The names and values of one request. Every name and value in an expression is a placeholder (`#n0`,
/// `:v0`), whatever the fields are called, so nothing can collide with a reserved word or each other.
class Placeholders {
 public:
  /// The placeholder of an attribute name; the same for the same name.
  std::string name(std::string_view attribute);
  /// A placeholder for a stored value.
  std::string value(Value stored);

  /// The members ExpressionAttributeNames and ExpressionAttributeValues, where there are any.
  void write_members(JsonWriter& writer) const;

 private:
  std::vector<std::string> names_;
  std::vector<Value> values_;
};

/// A filter or a write condition as expression text; empty text for a condition that always holds. The text
/// has no parentheses around it: whoever joins it with more puts one pair there. Operands are encoded by the
/// field (a comparison with an empty value is refused only where DynamoDB would refuse it); inside maps and
/// lists they are taken as they are. eq and ne null, and null among the operands of `in`, mean that the
/// attribute is (not) there; inside maps and lists a stored NULL counts as not there too. ErrorCode::query
/// for an unknown field, an operator that the field's type does not have, a wrong number of operands, a path
/// into a field without parts, more than 50 levels or 4096 bytes; ErrorCode::validation for an operand of the
/// wrong type, `between` values in the wrong order, and `in` without 1 to 100 values.
[[nodiscard]] Result<std::string> condition_expression(const Model& model, const Condition& condition,
                                                       Placeholders& placeholders);

/// `#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2`. `sort` operands are logical values of the field that is the
/// index's sort key; they are turned into key text. ErrorCode::query where the index has no sort key field,
/// where `sort.field` names another field (`Field "x" is not the sort key for index "y"`), for a wrong number
/// of operands, and for begins_with on a sort key that is not text; ErrorCode::validation for an operand that
/// cannot be in the key (empty, null, wrong type), and `between` values in the wrong order.
[[nodiscard]] Result<std::string> key_condition_expression(const Model& model, const Index& index,
                                                           std::string partition_key,
                                                           const SortKeyCondition& sort,
                                                           Placeholders& placeholders);

/// Whether a sort key of the index, as text, meets the condition. The errors of key_condition_expression.
[[nodiscard]] Result<bool> meets_sort_condition(const Model& model, const Index& index,
                                                const SortKeyCondition& sort, std::string_view text);

/// Builds an UpdateExpression clause by clause.
class UpdateExpression {
 public:
  explicit UpdateExpression(Placeholders& placeholders) : placeholders_(placeholders) {}

  void set(std::string_view attribute, Value stored);
  void remove(std::string_view attribute);
  /// ADD: a number to a number (missing: 0), or members to a set.
  void add(std::string_view attribute, Value stored);
  /// DELETE: members from a set.
  void delete_members(std::string_view attribute, Value stored);
  /// SET and REMOVE at a path inside a map or list.
  void set_path(std::string_view attribute, const std::vector<PathStep>& path, Value stored);
  void remove_path(std::string_view attribute, const std::vector<PathStep>& path);
  /// SET to the list that is there, if any, and these elements behind it.
  void append(std::string_view attribute, const std::vector<PathStep>& path, Value::List elements);

  /// An action in one of the clauses, with its placeholders in it.
  void add_action(std::string_view clause, std::string action);

  [[nodiscard]] bool empty() const;
  /// "SET #n0 = :v0, #n1 = :v1 REMOVE #n2 ADD #n3 :v2"
  [[nodiscard]] std::string text() const;

 private:
  std::string path_text(std::string_view attribute, const std::vector<PathStep>& path);

  Placeholders& placeholders_;
  std::vector<std::string> set_;
  std::vector<std::string> remove_;
  std::vector<std::string> add_;
  std::vector<std::string> delete_;
};

/// A ProjectionExpression of the given fields (QueryError for an unknown one), always with the key
/// attributes.
[[nodiscard]] Result<std::string> projection_expression(const Model& model,
                                                        const std::vector<std::string>& fields,
                                                        Placeholders& placeholders);

}  // namespace bao::core
