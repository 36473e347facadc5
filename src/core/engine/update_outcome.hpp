#pragma once

#include <optional>
#include <string>
#include <vector>

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/engine/update_plan.hpp"

// How a planned update goes into a request, and what its end means: shared by update and transact.
namespace bao::core {

/// The item is there, has the values that the plan was made from and counters that stay in range, and meets
/// the caller's condition and `conditions`.
[[nodiscard]] Result<std::string> update_condition(const UpdatePlan& plan, const Condition& condition,
                                                   Placeholders& placeholders,
                                                   std::vector<std::string> conditions = {});

/// The item after a transaction, which answers with no item: what was loaded and what was set.
[[nodiscard]] Value::Map merged_item(const UpdatePlan& plan);

/// The item as it is has other values than those that the plan was made from.
[[nodiscard]] bool changed_what_we_rely_on(const UpdatePlan& plan, const ItemRef& current);

/// The error of an increment that would take the item's counter, as it is, out of 64 bits: such a value could
/// not be read any more.
[[nodiscard]] std::optional<Error> counter_out_of_range(const UpdatePlan& plan, const ItemRef& current);

/// The row whose `ttl` was to change is not this item's any more: the item had expired and lost the value, or
/// never had the row. An item that lives on has to win the value back.
void claim_instead(Call& call, UpdatePlan& plan, std::size_t position);

}  // namespace bao::core
