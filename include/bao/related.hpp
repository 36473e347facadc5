#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <bao/field.hpp>
#include <bao/model.hpp>
#include <bao/task.hpp>
#include <bao/with_context.hpp>

namespace bao {

/// The item that a RelatedField names: found once, then kept in the field. A miss where the field is empty
/// or the item is not there. `holder` is kept alive by the task. ValidationError where the holder was read by
/// another client or for another tenant.
template <class M, class Holder, class F>
[[nodiscard]] Task<M> get_related(Holder holder, Field<Related<M>> F::* member) {
  const std::shared_ptr<detail::RecordBase> record = detail::RecordAccess::record(holder);
  const Context context = co_await this_context();
  Result<Context> own = detail::context_of(context, *record);
  if (!own) throw_error(std::move(own).error());
  const Field<Related<M>>& field = holder.operator->()->*member;
  if (std::shared_ptr<void> known = field->loaded()) {
    co_return detail::RecordAccess::handle<M>(std::static_pointer_cast<detail::RecordBase>(std::move(known)));
  }
  if (!field.has_value()) co_return M();
  const std::string id = field->id();
  auto finding = with_context(std::move(*own), detail::as_task(M::find(id)));
  M found = co_await std::move(finding);
  const Field<Related<M>>& after = holder.operator->()->*member;
  if (after->id() == id) detail::keep_related(*record, *after, detail::RecordAccess::record(found));
  co_return found;
}

/// Queries an index of a mapping table M and gives the items that its field `target` names, read in one
/// batch and in the order of the index; those that are gone are left out. `limit`, `filter` and `last_key`
/// are the mapping's; with count_only it counts the mapping's rows. `partition` as in query_by_index.
template <class M, class Target>
[[nodiscard]] Task<Page<Target>> query_mapped(std::string index, KeyValue partition,
                                              Field<Related<Target>> M::Fields::* target,
                                              SortCondition<typename M::Fields> sort = {},
                                              QueryOptions<M> options = {}) {
  const bool count_only = options.count_only;
  Context context = co_await this_context();
  if (partition.instance()) {
    Result<Context> own = detail::context_of(std::move(context), *partition.instance());
    if (!own) throw_error(std::move(own).error());
    context = std::move(*own);
  }
  auto query = M::query_by_index(std::move(index), std::move(partition), std::move(sort), std::move(options));
  Page<M> mapped = co_await std::move(query);
  Page<Target> page;
  page.count = mapped.count;
  page.last_key = std::move(mapped.last_key);
  page.capacity = mapped.capacity;
  if (count_only) co_return page;
  std::vector<std::string> ids;
  ids.reserve(mapped.items.size());
  for (const M& row : mapped.items) ids.push_back((row.operator->()->*target)->id());
  auto finding = with_context(std::move(context), detail::as_task(Target::batch_find(ids)));
  FoundMany<Target> found = co_await std::move(finding);
  page.capacity += found.capacity;
  for (const std::string& id : ids) {
    Target item = found[id];
    if (item.exists()) page.items.push_back(std::move(item));
  }
  page.count = static_cast<std::int64_t>(page.items.size());
  co_return page;
}

/// Walks all pages of a query: `co_await pages.next()` gives a page, or nothing at the end.
template <class M>
class QueryPages {
 public:
  QueryPages(std::string index, KeyValue partition, SortCondition<typename M::Fields> sort = {},
             QueryOptions<M> options = {})
      : index_(std::move(index)),
        partition_(std::move(partition)),
        sort_(std::move(sort)),
        options_(std::move(options)) {}

  [[nodiscard]] Task<std::optional<Page<M>>> next() & {
    if (ended_) co_return std::nullopt;
    auto query = M::query_by_index(index_, partition_, sort_, options_);
    Page<M> page = co_await std::move(query);
    options_.start_key = page.last_key;
    ended_ = !page.last_key;
    co_return page;
  }
  /// The task uses this walk: it has to be kept in a variable.
  void next() && = delete;

 private:
  std::string index_;
  KeyValue partition_;
  SortCondition<typename M::Fields> sort_;
  QueryOptions<M> options_;
  bool ended_ = false;
};

}  // namespace bao
