#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/schema/schema.hpp"

namespace bao::core {

/// What a condition is about, as far as the model says.
struct Target {
  enum class Shape : std::uint8_t {
    text,    ///< stored as S
    number,  ///< stored as N: numbers and dates
    boolean,
    binary,
    string_set,
    list,
    map,
    unknown,  ///< inside a map or list: the model does not say
  };

  Shape shape = Shape::unknown;
  /// Where the operand has to be encoded by a field; nothing for `_searchText` and inside maps and lists.
  std::optional<std::uint32_t> field;
  std::string readable;  ///< "address.streets[3]", for messages
};

/// Finds what `condition.field` and its path name. ErrorCode::query for an unknown field, or a path where the
/// field has no parts.
[[nodiscard]] Result<Target> resolve_target(const Model& model, const Condition& condition);

/// The stored form of an operand of a comparison by value (=, <>, <, IN, BETWEEN); null where it means "not
/// there" (null, an empty set). `by_order`: of <, <=, >, >= and BETWEEN, which take it exactly as it is.
/// ErrorCode::validation where the operand cannot be a value of the target.
[[nodiscard]] Result<Value> encode_operand(const Model& model, const Target& target, const Value& logical,
                                           bool by_order = false);

}  // namespace bao::core
