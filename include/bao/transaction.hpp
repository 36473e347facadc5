#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/detail/write.hpp>
#include <bao/dynamic.hpp>
#include <bao/model.hpp>
#include <bao/operation.hpp>
#include <bao/options.hpp>

namespace bao {

namespace detail {

/// Does the actions in one transaction; gives what it consumed. Each takes its item. They outlive the task.
[[nodiscard]] Task<Result<Capacity>> act_together(const std::vector<std::unique_ptr<Action>>& actions);
/// The same, for actions that nobody needs any more.
[[nodiscard]] Task<Result<Capacity>> act_and_end(std::vector<std::unique_ptr<Action>> actions);

}  // namespace detail

/// Writes of several items, of any models of one client: all are done or none, in one TransactWriteItems.
///
///     bao::Transaction transaction;
///     Order order = transaction.create<Order>({.userId = "ada"});
///     transaction.update<Stock>(sku, {.left = bao::increment(-1)}, {.condition = Stock::left > 0});
///     co_await bao::transact(std::move(transaction));   // now order.exists()
///
/// Nothing is sent before transact(). Each action is conditioned as the same write is alone. One action for
/// an item, and 100 in all with the rows of unique values: more is a ValidationError. It is done once.
class Transaction {
 public:
  /// Creates an item. The handle that comes back holds its data at once; it exists() once the transaction is
  /// done.
  template <class M>
  M create(typename M::Fields fields, WriteOptions<M> options = {}) {
    M item(std::move(fields));
    save(item, SaveOptions<M>{.constraints = {},
                              .condition = std::move(options.condition),
                              .force_reindex = options.force_reindex,
                              .note = std::move(options.note)});
    return item;
  }
  /// Changes the fields that `changes` holds. The handle that comes back is a miss until the transaction is
  /// done, and then the item as it is now.
  template <class M>
  M update(std::string_view id, typename M::Fields changes, WriteOptions<M> options = {}) {
    using Update = detail::DataAction<detail::TypedWriter<M>>;
    M item;
    actions_.push_back(std::make_unique<Update>(
        typename Update::Parts{.kind = detail::TransactPart::Kind::update,
                               .key = {.id = std::string(id)},
                               .data = std::move(changes),
                               .options = detail::hook_options(std::move(options), false),
                               .item = item}));
    return item;
  }
  /// Does what item.save() does: creates a new item, or writes what changed since loading, as of now (where
  /// another save of the item ends before transact() begins: as of then).
  template <class M>
  void save(const M& item, SaveOptions<M> options = {}) {
    actions_.push_back(std::make_unique<detail::SaveAction<M>>(item, std::move(options)));
  }
  /// Deletes an item, with the unique values it holds. ItemNotFoundError where it is not there.
  template <class M>
  void remove(std::string_view id, WriteOptions<M> options = {}) {
    using Remove = detail::RemoveAction<detail::TypedWriter<M>>;
    actions_.push_back(std::make_unique<Remove>(detail::TypedWriter<M>(), std::string(id), detail::RawItem(),
                                                detail::hook_options(std::move(options), false)));
  }
  template <class M>
  void remove_item(const M& item, WriteOptions<M> options = {}) {
    using Remove = detail::RemoveAction<detail::TypedWriter<M>>;
    actions_.push_back(std::make_unique<Remove>(detail::TypedWriter<M>(), detail::RecordAccess::record(item),
                                                detail::hook_options(std::move(options), false)));
  }
  /// The item has to be there (else ItemNotFoundError) and to meet the condition (else ConditionalError).
  template <class M>
  void check(std::string_view id, ModelCondition<typename M::Fields> condition = {}) {
    actions_.push_back(std::make_unique<detail::CheckAction>(
        detail::TransactPart{.kind = detail::TransactPart::Kind::check,
                             .model = detail::TypedWriter<M>().model(),
                             .key = {.id = std::string(id)},
                             .changes = {},
                             .named = {},
                             .base = {},
                             .options = {.condition = condition.tree()}}));
  }

  [[nodiscard]] std::size_t size() const { return actions_.size(); }
  [[nodiscard]] bool empty() const { return actions_.empty(); }

 private:
  friend TaskOperation<Capacity> transact(Transaction transaction);

  std::vector<std::unique_ptr<detail::Action>> actions_;
};

/// Does all of the transaction's actions or none of them; gives what it consumed. The hooks before them run
/// first, action after action, and those after them when all is written; saves without a change are no
/// actions. What failed because an item changed since it was read is read and tried again; an answer that was
/// lost is settled by the request's ClientRequestToken. An empty transaction sends nothing. Errors name the
/// model and item of the action at fault.
[[nodiscard]] inline TaskOperation<Capacity> transact(Transaction transaction) {
  return TaskOperation<Capacity>(detail::act_and_end(std::move(transaction.actions_)));
}

/// A transaction over models known at run time only; each member as in Transaction.
class DynamicTransaction {
 public:
  void create(std::string model, std::vector<DynamicChange> changes, DynamicWrite options = {});
  /// `base`: the item as loaded, for a save from a (possibly stale) instance; empty for a plain update.
  void update(std::string model, std::string id, std::vector<DynamicChange> changes,
              DynamicWrite options = {}, detail::RawItem base = {});
  void remove(std::string model, std::string id, DynamicWrite options = {}, detail::RawItem base = {});
  void check(std::string model, std::string id, Condition condition = {});

 private:
  friend TaskOperation<std::vector<DynamicItem>> transact(DynamicTransaction transaction);

  std::vector<std::unique_ptr<detail::Action>> actions_;
  std::vector<DynamicItem*> items_;  ///< of each action, within it; null: it gives none
};

/// Gives an item for each action, in their order: as written, or (of deletes) as far as it was read. Checks
/// give an empty one.
[[nodiscard]] TaskOperation<std::vector<DynamicItem>> transact(DynamicTransaction transaction);

}  // namespace bao
