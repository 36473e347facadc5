#pragma once

#include <optional>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/draft.hpp"
#include "core/engine/exchange.hpp"
#include "core/engine/unique.hpp"
#include "core/engine/write.hpp"

// What create, update and remove share.
namespace bao::core {

/// Notes a write in the call's scope from its start to its end, so that the cache never holds a state that
/// a write has replaced. Ended without a result, it drops the item from the cache: its state is not known.
class WriteMark {
 public:
  WriteMark(const Call& call, RowKey key);
  ~WriteMark();
  WriteMark(const WriteMark&) = delete;
  WriteMark& operator=(const WriteMark&) = delete;

  /// The item as the write left it; no item after a delete. Gives the cache's entry, null outside a scope.
  std::shared_ptr<Entry> written(ItemRef item);

 private:
  std::shared_ptr<Scope> scope_;
  RowKey key_;
  bool ended_ = false;
};

[[nodiscard]] Error item_not_found(const Model& model, const std::string& id, std::string operation);
/// `condition` tells which one, readable: "Condition check failed".
[[nodiscard]] Error condition_error(const Model& model, const std::string& id, std::string operation,
                                    std::string condition);
/// The answer was lost and the item as it is now proves nothing.
[[nodiscard]] Error ambiguous_error(const Model& model, const std::string& id, std::string operation);
[[nodiscard]] Error validation_error(const Model& model, const std::string& field, std::string message);
/// The error with the field or path by which the write was given what it refuses.
[[nodiscard]] Error refused_as_given(const Error& error, std::string given);

/// One write sets a field twice: which one is meant is not known.
[[nodiscard]] Error changed_twice(const Model& model, std::uint32_t field);
/// The error of a write whose request failed: exchange_error, with model and id.
[[nodiscard]] Error write_error(const Exchange& ended, ApiOperation operation, Replay replay,
                                const Model& model, const std::string& id);

/// The position of the only VersionField of a model.
[[nodiscard]] std::optional<std::uint32_t> version_field(const Model& model);
[[nodiscard]] std::optional<std::uint32_t> ttl_field(const Model& model);

/// Fields that every write gives a value of its own.
[[nodiscard]] inline bool changes_at_every_save(FieldType type) {
  return type == FieldType::version || type == FieldType::modified_date;
}

/// Joins conditions with AND; empty ones are left out.
[[nodiscard]] std::string all_of(const std::vector<std::string>& conditions);

/// `#f = :v`, or that the attribute is not there, for the item as loaded.
[[nodiscard]] std::string unchanged_condition(const Draft& draft, std::uint32_t field,
                                              Placeholders& placeholders);

/// Whether the field has the same stored value in both.
[[nodiscard]] bool same_field(const Model& model, std::uint32_t field, const ItemRef& a, const ItemRef& b);

/// How a transaction's failing condition is to be read: the position of the first action whose condition
/// failed; nothing where the fault is none of conditions.
[[nodiscard]] std::optional<std::size_t> failed_action(const Fault& fault);
/// Whether the service found no way along a path of the update (or an operand that does not fit what is
/// there): the action at this position of a transaction, or the only one.
[[nodiscard]] bool refused_path(const Fault& fault, std::size_t action = 0);
/// The item that a failed condition met, where the service gave it.
[[nodiscard]] ItemRef failed_item(const Fault& fault, std::size_t action);

/// Waits a moment before a write is tried again that lost against another; false: cancelled or too late.
[[nodiscard]] Task<bool> wait_after_conflict(Call& call, int tries);
/// The item as it is after such a wait: planned from what was `met` before, the next try would lose, too,
/// where others write more often than this one tries. `met` where it cannot be read, or is not there: the
/// next try tells why.
[[nodiscard]] Task<ItemRef> item_after_wait(Call& call, RowKey key, ItemRef met);
/// The error of a write that is not tried again after so many tries: ErrorCode::conditional with what
/// `others` did at each of them; or cancelled, or timeout, where that is why it ends before
/// conflict_tries_max.
[[nodiscard]] Error conflict_error(Call& call, const Model& model, const std::string& id,
                                   const std::string& operation, int tries, const std::string& others);
/// The error of a write that an earlier attempt may have done, whatever the last one came to.
[[nodiscard]] Error ambiguous_after(const Error& last, const Model& model, const std::string& id,
                                    const std::string& operation);

}  // namespace bao::core
