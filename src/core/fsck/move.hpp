#pragma once

#include <string>

#include "core/engine/transaction.hpp"
#include "core/fsck/check.hpp"

// An item whose own `_pk` and `_sk` are in the other key format, moved to the key that its model states: put
// there and deleted here in one transaction, conditioned on everything that was read and on nobody standing
// there, with its index and iteration keys made anew and its unique rows made over.
namespace bao::core {

/// Why the item cannot be moved safely; empty: it can. The primary id is made of the key's text, and where it
/// changes, what refers to the item by its id loses it: where a RelatedField of the models may, it stays. So
/// does a tenant's item that would lie in a partition of all tenants, and one whose place is taken.
[[nodiscard]] Task<Result<std::string>> obstacle_to_move(Call& call, const Finding& finding);

/// The transaction's actions, for a finding without an obstacle.
void add_move(Call& call, Transaction& transaction, const Finding& finding);

}  // namespace bao::core
