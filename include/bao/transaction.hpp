#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/dynamic.hpp>
#include <bao/model.hpp>
#include <bao/operation.hpp>
#include <bao/options.hpp>

namespace bao {

namespace detail {

/// Gives what was written back to the handles that wait for it.
struct ToTransacted {
  using Fill = std::function<Result<void>(const Context&, RawFound)>;
  std::vector<Fill> fills = {};  ///< one for each action; empty: nobody waits
  Result<Capacity> operator()(const Context& context, RawTransacted raw) const {
    for (std::size_t position = 0; position < fills.size() && position < raw.items.size(); ++position) {
      if (!fills[position]) continue;
      Result<void> filled = fills[position](context, std::move(raw.items[position]));
      if (!filled) return std::unexpected(std::move(filled).error());
    }
    return raw.capacity;
  }
};

}  // namespace detail

/// Writes of several items, of any models of one client: all are done or none, in one TransactWriteItems.
///
///     bao::Transaction transaction;
///     Order order = transaction.create<Order>({.userId = "ada"});
///     transaction.update<Stock>(sku, {.left = bao::increment(-1)}, {.condition = Stock::left > 0});
///     co_await bao::transact(std::move(transaction));   // now order.exists()
///
/// Nothing is sent before transact(). Each action is conditioned as the same write is alone. One action for
/// an item, and 100 in all with the rows of unique values: more is a ValidationError.
class Transaction {
 public:
  /// Creates an item. The handle that comes back holds its data at once; it exists() once the transaction is
  /// done.
  template <class M>
  M create(typename M::Fields fields, WriteOptions<M> options = {}) {
    M item(std::move(fields));
    save(item, std::move(options));
    return item;
  }
  /// Changes the fields that `changes` holds. The handle that comes back is a miss until the transaction is
  /// done, and then the item as it is now.
  template <class M>
  M update(std::string_view id, typename M::Fields changes, WriteOptions<M> options = {}) {
    M item;
    const Base<M>& base = item;
    add({.kind = detail::TransactPart::Kind::update,
         .model = Base<M>::name(),
         .key = {.id = std::string(id)},
         .changes = detail::collect_changes(Base<M>::model_info(), &changes),
         .options = Base<M>::raw(std::move(options))},
        detail::IntoModel<M>{base.record_});
    return item;
  }
  /// Does what item.save() does: creates a new item, or writes what changed since loading, as of now.
  template <class M>
  void save(const M& item, WriteOptions<M> options = {}) {
    using Kind = detail::TransactPart::Kind;
    const Base<M>& base = item;
    const bool known = base.exists();
    add({.kind = known ? Kind::update : Kind::create,
         .model = Base<M>::name(),
         .key = {.id = known ? base.primary_id() : std::string()},
         .changes = detail::collect_changes(Base<M>::model_info(), &base.record_->fields),
         .base = base.record_->loaded,
         .options = Base<M>::raw(std::move(options))},
        detail::IntoModel<M>{base.record_});
  }
  /// Deletes an item, with the unique values it holds. ItemNotFoundError where it is not there.
  template <class M>
  void remove(std::string_view id, WriteOptions<M> options = {}) {
    add({.kind = detail::TransactPart::Kind::remove,
         .model = Base<M>::name(),
         .key = {.id = std::string(id)},
         .options = Base<M>::raw(std::move(options))},
        {});
  }
  template <class M>
  void remove_item(const M& item, WriteOptions<M> options = {}) {
    const Base<M>& base = item;
    add({.kind = detail::TransactPart::Kind::remove,
         .model = Base<M>::name(),
         .key = {.id = base.primary_id()},
         .base = base.record_->loaded,
         .options = Base<M>::raw(std::move(options))},
        {});
  }
  /// The item has to be there (else ItemNotFoundError) and to meet the condition (else ConditionalError).
  template <class M>
  void check(std::string_view id, ModelCondition<typename M::Fields> condition = {}) {
    add({.kind = detail::TransactPart::Kind::check,
         .model = Base<M>::name(),
         .key = {.id = std::string(id)},
         .options = {.condition = condition.tree()}},
        {});
  }

  [[nodiscard]] std::size_t size() const { return parts_.size(); }
  [[nodiscard]] bool empty() const { return parts_.empty(); }

 private:
  // A model's own members (`User::name`) hide those of its base.
  template <class M>
  using Base = Model<M, typename M::Fields>;

  friend auto transact(Transaction transaction);

  void add(detail::TransactPart part, detail::ToTransacted::Fill fill) {
    parts_.push_back(std::move(part));
    fills_.push_back(std::move(fill));
  }

  std::vector<detail::TransactPart> parts_;
  std::vector<detail::ToTransacted::Fill> fills_;
};

/// Does all of the transaction's actions or none of them; gives what it consumed. What failed because an item
/// changed since it was read is read and tried again; an answer that was lost is settled by the request's
/// ClientRequestToken. An empty transaction sends nothing. Errors name the model and item of the action at
/// fault.
[[nodiscard]] inline auto transact(Transaction transaction) {
  return Operation(detail::TransactArgs{.parts = std::move(transaction.parts_)},
                   detail::ToTransacted{.fills = std::move(transaction.fills_)});
}

namespace detail {

struct ToDynamicTransacted {
  std::vector<std::string> models = {};
  Result<std::vector<DynamicItem>> operator()(const Context& context, RawTransacted raw) const;
};

}  // namespace detail

/// A transaction over models known at run time only; each member as in Transaction.
class DynamicTransaction {
 public:
  void create(std::string model, std::vector<DynamicChange> changes, DynamicWrite options = {}) {
    add(Kind::create, std::move(model), {}, std::move(changes), std::move(options), {});
  }
  /// `base`: the item as loaded, for a save from a (possibly stale) instance; empty for a plain update.
  void update(std::string model, std::string id, std::vector<DynamicChange> changes,
              DynamicWrite options = {}, detail::RawItem base = {}) {
    add(Kind::update, std::move(model), std::move(id), std::move(changes), std::move(options),
        std::move(base));
  }
  void remove(std::string model, std::string id, DynamicWrite options = {}, detail::RawItem base = {}) {
    add(Kind::remove, std::move(model), std::move(id), {}, std::move(options), std::move(base));
  }
  void check(std::string model, std::string id, Condition condition = {}) {
    add(Kind::check, std::move(model), std::move(id), {}, {.condition = std::move(condition)}, {});
  }

 private:
  using Kind = detail::TransactPart::Kind;
  friend auto transact(DynamicTransaction transaction);

  void add(Kind kind, std::string model, std::string id, std::vector<DynamicChange> changes,
           DynamicWrite options, detail::RawItem base) {
    parts_.push_back(
        {.kind = kind,
         .model = {.info = nullptr, .name = std::move(model)},
         .key = {.id = std::move(id)},
         .changes = {},
         .named = std::move(changes),
         .base = std::move(base),
         .options = {.condition = std::move(options.condition), .force_reindex = options.force_reindex}});
  }

  std::vector<detail::TransactPart> parts_;
};

/// Gives an item for each action, in their order: as written, or (of deletes and checks) as far as it was
/// read.
[[nodiscard]] inline auto transact(DynamicTransaction transaction) {
  detail::ToDynamicTransacted convert;
  for (const detail::TransactPart& part : transaction.parts_) convert.models.push_back(part.model.name);
  return Operation(detail::TransactArgs{.parts = std::move(transaction.parts_)}, std::move(convert));
}

}  // namespace bao
