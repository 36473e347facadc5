#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <bao/operation.hpp>
#include <bao/results.hpp>
#include <bao/task.hpp>
#include <bao/with_context.hpp>

namespace bao {

namespace detail {

/// What a query does after it.
struct RelatedLoads {
  bool load = false;
  std::vector<std::string> fields = {};
  std::optional<LoaderContext> loader = {};
};

template <class Convert, class Args>
auto ask(Args args, Convert convert)
    -> Task<std::invoke_result_t<Convert&, const Context&, typename Args::Result>> {
  Operation asking(std::move(args), std::move(convert));
  auto waiting = std::move(asking).as_result();
  co_return co_await std::move(waiting);
}

template <class M, class Args>
Task<Result<Page<M>>> ask_with_related(Args args, RelatedLoads related) {
  auto asking = ask(std::move(args), ToPage<M>());
  Result<Page<M>> page = co_await std::move(asking);
  if (!page || !related.load || page->items.empty()) co_return page;
  std::vector<std::shared_ptr<RecordBase>> records;
  records.reserve(page->items.size());
  for (const M& item : page->items) records.push_back(RecordAccess::record(item));
  auto loading = load_related(std::move(records), std::move(related.fields), std::move(related.loader));
  Result<void> loaded = co_await std::move(loading);
  if (!loaded) co_return std::unexpected(std::move(loaded).error());
  co_return page;
}

/// Asks in the context_of the instance that the query is about.
template <class T>
Task<Result<T>> ask_about(std::shared_ptr<RecordBase> instance, Task<Result<T>> asking) {
  const Context context = co_await this_context();
  Result<Context> own = context_of(context, *instance);
  if (!own) co_return std::unexpected(std::move(own).error());
  auto running = with_context(std::move(*own), std::move(asking));
  co_return co_await std::move(running);
}

/// The one item that a field of a record names, where it was loaded and exists.
[[nodiscard]] std::shared_ptr<RecordBase> existing_related(RecordBase& record, const std::string& name);

template <class Target, class M, class Args>
Task<Result<Page<Target>>> ask_related_only(Args args, RelatedLoads related) {
  const std::string field = related.fields.front();
  auto asking = ask_with_related<M>(std::move(args), std::move(related));
  Result<Page<M>> page = co_await std::move(asking);
  if (!page) co_return std::unexpected(std::move(page).error());
  Page<Target> targets{
      .items = {}, .count = page->count, .last_key = std::move(page->last_key), .capacity = page->capacity};
  for (const M& item : page->items) {
    auto target = existing_related(*RecordAccess::record(item), field);
    if (target) targets.items.push_back(RecordAccess::handle<Target>(std::move(target)));
  }
  co_return targets;
}

}  // namespace detail

/// A query, or a scan, that will run once it is awaited, as an Operation: it gives a Page<M>. Or, said before
/// that, the page in another form.
template <class M, class Args>
class [[nodiscard]] Query {
 public:
  /// `instance`: what the query is about, where that is an instance.
  Query(Args args, detail::RelatedLoads related, std::shared_ptr<detail::RecordBase> instance = nullptr)
      : args_(std::move(args)), related_(std::move(related)), instance_(std::move(instance)) {}

  auto operator co_await() && { return std::move(*this).operation().operator co_await(); }
  [[nodiscard]] auto as_result() && { return std::move(*this).operation().as_result(); }

  /// A page of the items that this RelatedField names, instead of those queried, in their order; those that
  /// are not there are left out. `count`, filter, limit and `last_key` are of what is queried.
  ///
  ///     bao::Page<Tag> tags = co_await TaggedPost::query_by_index("tagsForPost", id)
  ///                               .related_only(TaggedPost::tagId);
  template <auto Member>
    requires(std::same_as<detail::ClassOf<Member>, typename M::Fields> &&
             detail::IsRelated<detail::ValueOf<Member>>::value)
  [[nodiscard]] auto related_only(const FieldDescription<Member>& field) && {
    using Target = typename detail::IsRelated<detail::ValueOf<Member>>::Model;
    related_.load = true;
    related_.fields = {std::string(field.name)};
    return about_instance(detail::ask_related_only<Target, M>(std::move(args_), std::move(related_)));
  }

  /// The page as plain data (what `returnWrapped: false` gives in JavaScript): a PlainPage of M's fields,
  /// whose items need no allocation each. Related items are not loaded.
  [[nodiscard]] auto unwrapped() && {
    return about_instance(detail::ask(std::move(args_), detail::ToPlainPage<M>()));
  }

 private:
  TaskOperation<Page<M>> operation() && {
    return about_instance(detail::ask_with_related<M>(std::move(args_), std::move(related_)));
  }
  template <class T>
  TaskOperation<T> about_instance(Task<Result<T>> asking) {
    if (!instance_) return TaskOperation<T>(std::move(asking));
    return TaskOperation<T>(detail::ask_about(std::move(instance_), std::move(asking)));
  }

  Args args_;
  detail::RelatedLoads related_;
  std::shared_ptr<detail::RecordBase> instance_;
};

}  // namespace bao
