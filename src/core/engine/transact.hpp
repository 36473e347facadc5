#pragma once

#include <cstddef>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/write.hpp"

namespace bao::core {

/// TransactWriteItems takes this many actions at most, the rows of unique values among them.
inline constexpr std::size_t transaction_actions_max = 100;

/// One of the writes that a transaction does.
struct TransactAction {
  enum class Kind : std::uint8_t { create, update, remove, check };

  Kind kind = Kind::check;
  const Model* model = nullptr;
  KeyTexts key;                 ///< of all but create
  std::vector<Change> changes;  ///< of create (its values) and update
  ItemRef base;                 ///< of update and remove: the item as loaded, where the caller has it
  /// check: the item is there and meets this condition, which may be empty.
  WriteOptions options;
};

/// "create", "update", "delete" or "check": what errors call it.
[[nodiscard]] const char* operation_of(TransactAction::Kind kind);

struct Transacted {
  /// In the order of the actions. create and update: the item as stored now; one that had not been loaded,
  /// or has a counter that was added to, is read for that. remove and check: as it was, as far as it was
  /// read.
  std::vector<Written> items;
  Capacity capacity;
};

/// Does all the actions or none, in one TransactWriteItems, each conditioned as create, update and remove do
/// alone. A unique value that one action gives up and another takes passes over. What fails because an item
/// changed since it was read is read and tried again. Before anything is sent: ErrorCode::validation where
/// two actions are for one item, or there are more than 100 with the rows of unique values;
/// ErrorCode::conditional where two actions claim one value. Errors name the action's model and item.
[[nodiscard]] Task<Result<Transacted>> transact(Call& call, std::vector<TransactAction> actions);

}  // namespace bao::core
