#pragma once

#include <memory>
#include <utility>

#include <bao/field.hpp>
#include <bao/model.hpp>
#include <bao/task.hpp>

namespace bao {

/// The item that a RelatedField names: found once, then kept in the field. A miss where the field is empty
/// or the item is not there. `holder` is kept alive by the task.
template <class M, class Holder, class F>
[[nodiscard]] Task<M> get_related(Holder holder, Field<Related<M>> F::* member) {
  const Field<Related<M>>& field = holder.operator->()->*member;
  if (std::shared_ptr<void> known = field->loaded()) co_return *std::static_pointer_cast<M>(known);
  if (!field.has_value()) co_return M();
  const std::string id = field->id();
  M found = co_await M::find(id);
  const Field<Related<M>>& after = holder.operator->()->*member;
  if (after->id() == id) after->keep(std::make_shared<M>(found));
  co_return found = {};
}

/// Walks all pages of a query: `co_await pages.next()` gives a page, or nothing at the end.
template <class M>
class QueryPages {
 public:
  QueryPages(std::string index, Value partition, SortCondition<typename M::Fields> sort = {},
             QueryOptions<M> options = {})
      : index_(std::move(index)),
        partition_(std::move(partition)),
        sort_(std::move(sort)),
        options_(std::move(options)) {}

  [[nodiscard]] Task<std::optional<Page<M>>> next() {
    if (ended_) co_return std::nullopt;
    Page<M> page = co_await M::query_by_index(index_, partition_, sort_, options_);
    options_.start_key = page.last_key;
    ended_ = !page.last_key;
    co_return page;
  }

 private:
  std::string index_;
  Value partition_;
  SortCondition<typename M::Fields> sort_;
  QueryOptions<M> options_;
  bool ended_ = false;
};

}  // namespace bao
