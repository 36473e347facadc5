#pragma once

#include <any>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/condition.hpp>
#include <bao/expression.hpp>

namespace bao {

namespace detail {
class LoaderState;
}

/// A cache of the caller's: finds given the same one share what they read, inside or outside a batch
/// context. Copies share one cache.
class LoaderContext {
 public:
  LoaderContext();
  [[nodiscard]] const std::shared_ptr<detail::LoaderState>& state() const { return state_; }

 private:
  std::shared_ptr<detail::LoaderState> state_;
};

struct FindOptions {
  /// How long the batch may wait for more finds, in ms. Nothing (the default): until the end of the turn,
  /// which adds no delay. 0: this find leaves at once, alone.
  std::optional<std::int64_t> batch_delay_ms = std::nullopt;
  /// Neither answered from the cache nor put there. Default false.
  bool bypass_cache = false;
  /// A strongly consistent read: twice the capacity; never answered from the cache. Default false.
  bool consistent = false;
  /// A cache of the caller's, in place of the batch context's; but what the context wrote is found in its
  /// own.
  std::optional<LoaderContext> loader = std::nullopt;
};

/// A position in a query's or scan's result: `last_key` of an earlier page. Empty: the start. A key that is
/// of another index, or for a query of another partition, tenant or sort key condition, is a QueryError that
/// names the attribute at fault.
struct PageKey {
  Value key = {};
  [[nodiscard]] explicit operator bool() const { return !key.is_null(); }
};

/// A field of the data F, by its description: `Post::title`.
template <class F>
class FieldName {
 public:
  template <auto Member>
    requires std::same_as<detail::ClassOf<Member>, F>
  FieldName(const FieldDescription<Member>& field) : name_(field.name) {}

  [[nodiscard]] std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

/// A RelatedField of the data F, by its description: `Post::author`.
template <class F>
class RelatedFieldName {
 public:
  template <auto Member>
    requires(std::same_as<detail::ClassOf<Member>, F> && detail::IsRelated<detail::ValueOf<Member>>::value)
  RelatedFieldName(const FieldDescription<Member>& field) : name_(field.name) {}

  [[nodiscard]] std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

/// Fields of model M: `{Post::title, Post::rank}`.
template <class M>
using FieldList = std::vector<FieldName<typename M::Fields>>;
/// RelatedFields of model M: `{Post::author}`.
template <class M>
using RelatedFieldList = std::vector<RelatedFieldName<typename M::Fields>>;

namespace detail {

template <class Fields>
[[nodiscard]] std::vector<std::string> field_names(const Fields& fields) {
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const auto& field : fields) names.emplace_back(field.name());
  return names;
}

}  // namespace detail

/// Options of a query of model M.
template <class M>
struct QueryOptions {
  /// Items examined for one page, before the filter, as DynamoDB's Limit. Nothing (the default): 100, or with
  /// count_only everything, page after page. 0: as many as fit a page of 1 MB.
  std::optional<std::int64_t> limit = std::nullopt;
  PageKey start_key = {};
  /// From the highest sort key down. Default false.
  bool descending = false;
  ModelCondition<typename M::Fields> filter = {};
  /// Only count. Default false.
  bool count_only = false;
  /// Strongly consistent; a QueryError on a global secondary index. Default false.
  bool consistent = false;
  /// Only these fields are read, and those of the primary key. The items refuse save(). Default: all.
  FieldList<M> attributes = {};
  /// Finds the items that the RelatedFields of the page's items name, all in one turn: in a batch context
  /// one BatchGetItem. They are kept in the items, for get_related. Default false.
  bool load_related = false;
  /// load_related: of these fields only. Empty (the default): of all RelatedFields.
  RelatedFieldList<M> related_fields = {};
  /// load_related: the caller's cache for what is found.
  std::optional<LoaderContext> loader = std::nullopt;
};

/// Options of a scan of model M.
template <class M>
struct ScanOptions {
  ModelCondition<typename M::Fields> filter = {};
  /// Rows examined for one page, those of other models and tenants included, as DynamoDB's Limit: a page may
  /// hold fewer items, or none, before the end. Nothing (the default): as many as fit a page of 1 MB.
  std::optional<std::int64_t> limit = std::nullopt;
  /// `last_key` of an earlier page of the same segment.
  PageKey start_key = {};
  /// Scans the items that are in this index. Empty (the default): the table.
  std::string index = {};
  /// One of several scans that share the work: 0 to total_segments - 1. Both or neither.
  std::optional<std::int64_t> segment = std::nullopt;
  std::optional<std::int64_t> total_segments = std::nullopt;  ///< 1 to 1,000,000
  /// Strongly consistent; a QueryError on a global secondary index. Default false.
  bool consistent = false;
  /// Only these fields are read, and those of the primary key. The items refuse save(). Default: all.
  FieldList<M> attributes = {};
};

/// Options of a count of model M.
template <class M>
struct CountOptions {
  ModelCondition<typename M::Fields> filter = {};
  /// Counts the items that are in this index. Empty (the default): all items.
  std::string index = {};
  /// Strongly consistent; a QueryError on a global secondary index. Default false.
  bool consistent = false;
};

/// How far an iteration over a model has come. Default constructed: the start.
struct IterationPosition {
  std::uint32_t bucket = 0;
  Value start_key = {};  ///< within the bucket; null: its start
  bool ended = false;
};

/// Options of an iteration over model M.
template <class M>
struct IterateOptions {
  /// Items of one batch at most; no request reads more than 1000 keys. Default 100.
  std::int64_t batch_size = 100;
  /// On what the iteration index holds besides keys: `_searchText`, where the client iterates over
  /// iter_search_index. Any other field is a QueryError.
  ModelCondition<typename M::Fields> filter = {};
  /// Where to go on: `position()` of an earlier iteration with the same options.
  IterationPosition from = {};
};

/// Options of a search of model M.
template <class M>
struct SearchOptions {
  /// One of the terms is enough. Default: all of them.
  bool any_term = false;
  /// Items at most; nothing: as many as the queries find. Default 100.
  std::optional<std::int64_t> limit = 100;
  /// Texts that one query examines. Default 100.
  std::int64_t batch_size = 100;
  /// Queries that one call spends on a bucket; the cursor goes on where they end. Default 10.
  std::int64_t queries_per_bucket_max = 10;
  /// Buckets that are queried at the same time: 1 to 100. More answer sooner, and may examine what the limit
  /// leaves for the next call to examine again. Default 1.
  std::int64_t parallel = 1;
  /// `cursor` of an earlier result of the same search. Empty: the start.
  std::string cursor = {};
  /// On `_searchText`, besides the terms.
  ModelCondition<typename M::Fields> filter = {};
};

/// What batch_write does to model M.
template <class M>
struct BatchWrite {
  /// Whole items. One that stands there is replaced; of two with one key the later counts.
  std::vector<typename M::Fields> put = {};
  /// Primary ids of items to delete; one that is not there is no error.
  std::vector<std::string> remove = {};
};

/// Options of create, update and remove.
template <class M>
struct WriteOptions {
  /// Must hold for the stored item, or the write is a ConditionalError.
  ModelCondition<typename M::Fields> condition = {};
  /// update: computes every index key anew, changed or not. Default false.
  bool force_reindex = false;
  /// For the hooks of plugins, which get it as it is.
  std::any note = {};
};

/// What else must hold for a save.
template <class M>
struct SaveConstraints {
  /// A new instance, too, is a change of an item that is there: its key names it. ItemNotFoundError where it
  /// is not. Default false: a new instance is created.
  bool must_exist = false;
  /// The whole instance is created, also one that was read; ConditionalError where the item is there.
  /// Default false: what changed is written.
  bool must_not_exist = false;
  /// These fields still have the values that they were read with (or none, in a new instance), else it is a
  /// ConditionalError.
  FieldList<M> field_matches = {};
};

/// Options of save.
template <class M>
struct SaveOptions {
  SaveConstraints<M> constraints = {};
  /// Must hold for the stored item, or the write is a ConditionalError.
  ModelCondition<typename M::Fields> condition = {};
  /// Computes every index key anew, changed or not; then a save without a change is a write. Default false.
  bool force_reindex = false;
  /// For the hooks of plugins, which get it as it is.
  std::any note = {};
};

/// What hooks are told: the options of the write, and whether the item is new.
template <class M>
struct HookOptions : SaveOptions<M> {
  bool is_new = false;
};

}  // namespace bao
