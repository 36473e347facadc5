#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/capacity.hpp>
#include <bao/detail/record.hpp>
#include <bao/operation.hpp>
#include <bao/options.hpp>

namespace bao {

/// One page of a query of model M.
template <class M>
struct Page {
  std::vector<M> items = {};
  std::int64_t count = 0;  ///< items, or what count_only counted
  PageKey last_key = {};   ///< where the next page starts; empty at the end
  Capacity capacity = {};

  /// Loads what these RelatedFields of the items name (without fields: all of them), in one turn: in a batch
  /// context that is one BatchGetItem. Kept in the items.
  [[nodiscard]] TaskOperation<void> load_related_data(
      RelatedFieldList<M> fields = {}, std::optional<LoaderContext> loader = std::nullopt) const {
    std::vector<std::shared_ptr<detail::RecordBase>> records;
    records.reserve(items.size());
    for (const M& item : items) records.push_back(detail::RecordAccess::record(item));
    return TaskOperation<void>(
        detail::load_related(std::move(records), detail::field_names(fields), std::move(loader)));
  }
};

/// One page of a query as plain data: no handles, so nothing to save.
template <class F>
struct PlainPage {
  std::vector<F> items = {};
  std::int64_t count = 0;
  PageKey last_key = {};  ///< where the next page starts; empty at the end
  Capacity capacity = {};
};

template <class M>
struct FoundMany {
  /// One for each distinct id, in the order of first mention; those that are not there have !exists().
  std::vector<std::pair<std::string, M>> items = {};
  /// What it consumed. DynamoDB tells the units of a request, not those of an item: an item's
  /// consumed_capacity() is an even share of its request's. In a batch context a request may have been for
  /// other finds of the turn, too: this is then the shares of these ids. What the cache knew costs nothing.
  Capacity capacity = {};

  /// The item with this id; a miss where it was not asked for.
  [[nodiscard]] M operator[](std::string_view id) const {
    for (const auto& [key, item] : items) {
      if (key == id) return item;
    }
    return M();
  }
};

/// What a search found.
template <class M>
struct SearchResult {
  std::vector<M> items = {};
  std::string cursor = {};  ///< where to go on; empty: everything was examined
  Capacity capacity = {};
};

/// What a batch_write came to.
template <class M>
struct BatchWritten {
  std::vector<M> items = {};  ///< those that were put, in the order given
  Capacity capacity = {};
};

// How results of the core become those of a model class.
namespace detail {

template <class M>
struct ToModel {
  Result<M> operator()(const Context& context, RawFound found) const {
    Result<std::shared_ptr<RecordBase>> record = ToRecord{&M::model_info()}(context, std::move(found));
    if (!record) return std::unexpected(std::move(record).error());
    return RecordAccess::handle<M>(std::move(*record));
  }
};

template <class M>
struct ToPage {
  Result<Page<M>> operator()(const Context&, RawPage raw) const {
    Page<M> page;
    page.count = raw.count;
    page.last_key.key = std::move(raw.last_key);
    page.capacity = raw.capacity;
    page.items.reserve(raw.items.size());
    for (RawItem& item : raw.items) {
      M model;
      Result<void> filled = fill(*RecordAccess::record(model), std::move(item), Capacity{});
      if (!filled) return std::unexpected(std::move(filled).error());
      page.items.push_back(std::move(model));
    }
    return page;
  }
};

template <class M>
struct ToPlainPage {
  using F = typename M::Fields;
  Result<PlainPage<F>> operator()(const Context&, RawPage raw) const {
    PlainPage<F> page;
    page.count = raw.count;
    page.last_key.key = std::move(raw.last_key);
    page.capacity = raw.capacity;
    page.items.resize(raw.items.size());
    for (std::size_t position = 0; position < raw.items.size(); ++position) {
      std::optional<Error> error = load_fields(M::model_info(), raw.items[position], &page.items[position]);
      if (error) return std::unexpected(std::move(*error));
    }
    return page;
  }
};

template <class M>
struct ToMany {
  Result<FoundMany<M>> operator()(const Context& context, RawFoundMany raw) const {
    FoundMany<M> many;
    many.capacity = raw.capacity;
    many.items.reserve(raw.items.size());
    for (auto& [id, found] : raw.items) {
      Result<M> model = ToModel<M>()(context, std::move(found));
      if (!model) return std::unexpected(std::move(model).error());
      many.items.emplace_back(std::move(id), std::move(*model));
    }
    return many;
  }
};

template <class M>
[[nodiscard]] Result<std::vector<M>> to_models(const Context& context, std::vector<RawFound> found) {
  std::vector<M> models;
  models.reserve(found.size());
  for (RawFound& one : found) {
    Result<M> model = ToModel<M>()(context, std::move(one));
    if (!model) return std::unexpected(std::move(model).error());
    models.push_back(std::move(*model));
  }
  return models;
}

template <class M>
struct ToSearched {
  Result<SearchResult<M>> operator()(const Context& context, RawSearched raw) const {
    Result<std::vector<M>> models = to_models<M>(context, std::move(raw.items));
    if (!models) return std::unexpected(std::move(models).error());
    return SearchResult<M>{
        .items = std::move(*models), .cursor = std::move(raw.cursor), .capacity = raw.capacity};
  }
};

template <class M>
struct ToWrittenMany {
  Result<BatchWritten<M>> operator()(const Context& context, RawBatchWritten raw) const {
    Result<std::vector<M>> models = to_models<M>(context, std::move(raw.put));
    if (!models) return std::unexpected(std::move(models).error());
    return BatchWritten<M>{.items = std::move(*models), .capacity = raw.capacity};
  }
};

}  // namespace detail

}  // namespace bao
