#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <bao/value.hpp>

namespace bao {

enum class Comparison : std::uint8_t { eq, ne, lt, le, gt, ge };

/// One step below a field: a key of a map, or a position in a list.
using PathStep = std::variant<std::string, std::size_t>;

/// A filter or the condition of a write, as a tree of plain values (SPEC 3). Field names are those of the
/// model (or `_searchText`); operands are logical values (see Value), encoded by the core for the field.
/// A default constructed condition is empty: it is always met and adds nothing to the request.
struct Condition {
  enum class Kind : std::uint8_t {
    empty,
    compare,      ///< field <comparison> operands[0]; eq/ne with a null operand: (not) there
    between,      ///< operands[0] <= field <= operands[1]
    in,           ///< field is one of operands (1..100)
    contains,     ///< substring, or member of a set or list
    begins_with,  ///< string prefix
    exists,       ///< attribute_exists
    not_exists,   ///< attribute_not_exists
    size,         ///< size(field) <comparison> operands[0]
    all_of,       ///< every child ($and)
    any_of,       ///< at least one child ($or)
    negated,      ///< not children[0] ($not)
  };

  Kind kind = Kind::empty;
  Comparison comparison = Comparison::eq;
  std::string field = {};
  std::vector<PathStep> path = {};
  std::vector<Value> operands = {};
  std::vector<Condition> children = {};

  [[nodiscard]] bool empty() const { return kind == Kind::empty; }
};

/// A condition on the sort key of a query (SPEC 3). Empty: every sort key.
struct SortKeyCondition {
  enum class Kind : std::uint8_t { empty, eq, lt, le, gt, ge, between, begins_with };

  Kind kind = Kind::empty;
  std::vector<Value> operands = {};
  /// The field the caller named, where the face's syntax names one; checked against the index's sort key.
  std::string field = {};

  [[nodiscard]] bool empty() const { return kind == Kind::empty; }
};

}  // namespace bao
