#pragma once

#include <string>
#include <vector>

#include "local/api_error.hpp"
#include "local/expressions/ast.hpp"
#include "local/table.hpp"

namespace bao::local {

/// Store keys from `lower` on and below `upper` (empty: to the end).
struct KeyRange {
  std::string lower;
  std::string upper;
};

/// The first key after all keys that start with `prefix`; empty where there is none.
[[nodiscard]] std::string after_prefix(std::string prefix);

/// What a KeyConditionExpression asks for: one partition, and a condition on its sort key.
struct KeyConditions {
  Encoded partition;
  Op sort_op = Op::unknown;  ///< unknown: every sort key
  Encoded sort_first;
  Encoded sort_second;  ///< between
};

/// Turns the parsed expression into conditions on the keys of a table or index, with the service's errors.
[[nodiscard]] Outcome<KeyConditions> key_conditions(const ConditionExpression& expression,
                                                    const Bindings& bindings, const KeySchema& keys);
/// The keys in a table's space, or in an index's (`in_index`: sort keys are escaped there).
[[nodiscard]] KeyRange key_range(const KeyConditions& conditions, bool in_index);

/// Whether a key with these attributes lies within the conditions.
[[nodiscard]] bool within(const KeyConditions& conditions, const KeySchema& keys, Encoded key);

}  // namespace bao::local
