#pragma once

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/schema/schema.hpp"
#include "wasm/json_tree.hpp"

namespace bao::wasm {

/// A filter or the condition of a write as users write it (SPEC 3): `{status: "open", likes: {$gt: 3},
/// $or: [...]}`; `filter` null: an empty condition. ErrorCode::query for an unknown operator,
/// ErrorCode::validation for an operand of the wrong kind; fields are checked by the core.
[[nodiscard]] Result<Condition> read_condition(const core::Model& model, const JsonNode* filter);

/// A condition on the sort key of `index` (empty: the primary key): a value, an object of operators, or
/// `{field: one of both}`.
[[nodiscard]] Result<SortKeyCondition> read_sort_condition(const core::Model& model, std::string_view index,
                                                           const JsonNode* sort);

}  // namespace bao::wasm
