#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/model_info.hpp>
#include <bao/operation.hpp>
#include <bao/options.hpp>
#include <bao/task.hpp>

namespace bao {

template <class M>
class Iteration;
class Transaction;

namespace detail {

/// What the handles of one item share.
template <class F>
struct Record {
  F fields = {};
  RawItem loaded = {};
  std::string id = {};  ///< made when it is asked for
  bool exists = false;
  Capacity capacity = {};
};

template <class M>
struct ToModel;
template <class M>
struct ToPage;
template <class M>
struct ToMany;
template <class M>
struct ToWrittenMany;
template <class M>
struct ToSearched;
template <class M>
struct IntoModel;
template <class M>
struct ToRemoved;

}  // namespace detail

/// One page of a query of model M.
template <class M>
struct Page {
  std::vector<M> items = {};
  std::int64_t count = 0;  ///< items, or what count_only counted
  PageKey last_key = {};   ///< where the next page starts; empty at the end
  Capacity capacity = {};
};

template <class M>
struct FoundMany {
  /// One for each distinct id, in the order of first mention; those that are not there have !exists().
  std::vector<std::pair<std::string, M>> items = {};
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

/// The terms of what somebody typed: words, and phrases in double quotes. For search_all.
[[nodiscard]] std::vector<std::string> split_search_query(std::string_view query);

/// The base of a model class: `class User : public bao::Model<User, UserFields>`. An object is a handle of
/// one item: copies share it, `user->name` is its data, `User::name` (a FieldDescription) stands for the
/// field in conditions. A find always gives a handle; exists() tells whether the item is there.
///
/// M describes itself in a static member function `describe()` (see bao::schema).
template <class M, class F>
class Model {
 public:
  using Fields = F;

  /// A miss.
  Model() : record_(std::make_shared<detail::Record<F>>()) {}
  /// A new item, to be written by save().
  explicit Model(F fields) : Model() { record_->fields = std::move(fields); }

  [[nodiscard]] F* operator->() { return &record_->fields; }
  [[nodiscard]] const F* operator->() const { return &record_->fields; }

  [[nodiscard]] bool exists() const { return record_->exists; }
  [[nodiscard]] explicit operator bool() const { return exists(); }
  [[nodiscard]] const std::string& primary_id() const {
    if (record_->id.empty()) record_->id = detail::item_id(model_info(), record_->loaded);
    return record_->id;
  }
  [[nodiscard]] const Capacity& consumed_capacity() const { return record_->capacity; }
  void clear_consumed_capacity() { record_->capacity = {}; }
  /// Both handles are of the very same instance.
  [[nodiscard]] bool same_instance(const Model& other) const { return record_ == other.record_; }
  [[nodiscard]] bool has_changes() const {
    return !detail::collect_changes(model_info(), &record_->fields).empty();
  }

  /// The description that the library works with, made once.
  static const ModelInfo& model_info() {
    static const ModelInfo info = M::describe();
    return info;
  }

  /// Finds by primary id. In a batch context it shares a BatchGetItem with the other finds of the turn.
  [[nodiscard]] static auto find(std::string_view id, FindOptions options = {}) {
    return Operation(
        detail::FindArgs{.model = name(), .key = {.id = std::string(id)}, .options = std::move(options)},
        detail::ToModel<M>());
  }
  /// The same by the parts of the key; `sort` where the primary key has two fields.
  template <class P>
  [[nodiscard]] static auto find_by_primary_key(const P& partition) {
    return find_by_parts(Value(partition), Value());
  }
  template <class P, class S>
  [[nodiscard]] static auto find_by_primary_key(const P& partition, const S& sort) {
    return find_by_parts(Value(partition), Value(sort));
  }
  /// Any number of ids, each asked once, in chunks of 100, in parallel.
  [[nodiscard]] static auto batch_find(std::vector<std::string> ids, FindOptions options = {}) {
    return Operation(
        detail::FindManyArgs{.model = name(), .ids = std::move(ids), .options = std::move(options)},
        detail::ToMany<M>());
  }
  /// By the name of a unique constraint. ValidationError for an empty value.
  [[nodiscard]] static auto find_by_unique_constraint(std::string constraint, Value value,
                                                      FindOptions options = {}) {
    return Operation(detail::FindUniqueArgs{.model = name(),
                                            .constraint = std::move(constraint),
                                            .value = std::move(value),
                                            .options = std::move(options)},
                     detail::ToModel<M>());
  }

  /// Creates an item. ConditionalError where the key exists or a unique value is taken.
  [[nodiscard]] static auto create(F fields, WriteOptions<M> options = {}) {
    return Operation(detail::CreateArgs{.model = name(),
                                        .changes = detail::collect_changes(model_info(), &fields),
                                        .named = {},
                                        .options = raw(std::move(options))},
                     detail::ToModel<M>());
  }
  /// Changes the fields that `changes` holds. ItemNotFoundError where the item is not there.
  [[nodiscard]] static auto update(std::string_view id, F changes, WriteOptions<M> options = {}) {
    return Operation(detail::UpdateArgs{.model = name(),
                                        .key = {.id = std::string(id)},
                                        .changes = detail::collect_changes(model_info(), &changes),
                                        .named = {},
                                        .base = {},
                                        .options = raw(std::move(options))},
                     detail::ToModel<M>());
  }
  /// Deletes an item; gives it as it was. ItemNotFoundError where it is not there.
  [[nodiscard]] static auto remove(std::string_view id, WriteOptions<M> options = {}) {
    return Operation(
        detail::RemoveArgs{
            .model = name(), .key = {.id = std::string(id)}, .base = {}, .options = raw(std::move(options))},
        detail::ToModel<M>());
  }
  /// Writes what changed since loading; creates a new item. No change, no request.
  [[nodiscard]] Task<void> save(WriteOptions<M> options = {}) {
    // Each in a variable of its own: g++ 12 destroys braced temporaries of an awaited expression twice.
    if (!exists()) {
      auto creation = creation_of(raw(std::move(options)));
      co_await std::move(creation);
    } else {
      auto change = change_of(raw(std::move(options)));
      co_await std::move(change);
    }
  }
  /// Deletes the item of this handle, with the unique values it holds. The data stays readable.
  [[nodiscard]] Task<void> remove_item(WriteOptions<M> options = {}) {
    auto removal = removal_of(raw(std::move(options)));
    co_await std::move(removal);
  }

  /// Puts whole items and deletes items, 25 a request, some requests in parallel, without conditions: the
  /// last writer wins. Everything is checked before the first request, and what the service leaves
  /// unprocessed is sent again. After an error each item is written or not, as a whole; the error tells how
  /// many. ConfigurationError for a model with unique constraints (their rows need transactions),
  /// ValidationError where an item is both put and deleted.
  [[nodiscard]] static auto batch_write(BatchWrite<M> writes) {
    detail::BatchWriteArgs args{.model = name(), .put = {}, .named = {}, .remove = std::move(writes.remove)};
    args.put.reserve(writes.put.size());
    for (F& fields : writes.put) args.put.push_back(detail::collect_changes(model_info(), &fields));
    return Operation(std::move(args), detail::ToWrittenMany<M>());
  }

  /// Walks all items of an iterable model, in batches; see Iteration.
  [[nodiscard]] static Iteration<M> iterate_all(IterateOptions<M> options = {}) {
    return Iteration<M>(std::nullopt, std::move(options));
  }
  /// The same for one of its buckets, counted from 0: workers can share the walk.
  [[nodiscard]] static Iteration<M> iterate_bucket(std::int64_t bucket, IterateOptions<M> options = {}) {
    return Iteration<M>(bucket, std::move(options));
  }

  /// Items of a searchable and iterable model whose search fields hold the terms, each folded as the texts
  /// are (letters and numbers, in lower case unless the model is case sensitive). Needs
  /// Config::db.iteration_index_name "iter_search_index", else it is a ConfigurationError. QueryError for no
  /// term, options out of range, and a cursor of another search.
  [[nodiscard]] static auto search_all(std::vector<std::string> terms, SearchOptions<M> options = {}) {
    return Operation(search_args(std::nullopt, std::move(terms), std::move(options)),
                     detail::ToSearched<M>());
  }
  /// The same in one bucket, counted from 0.
  [[nodiscard]] static auto search_bucket(std::int64_t bucket, std::vector<std::string> terms,
                                          SearchOptions<M> options = {}) {
    return Operation(search_args(bucket, std::move(terms), std::move(options)), detail::ToSearched<M>());
  }
  /// A term as it is searched for; a ConfigurationError where the model is not searchable.
  [[nodiscard]] static std::string normalize_search_term(std::string term) {
    return detail::normalize_search_term(model_info(), std::move(term));
  }

  /// Queries an index by its name; `partition` is the value of its partition key.
  [[nodiscard]] static auto query_by_index(std::string index, Value partition, SortCondition<F> sort = {},
                                           QueryOptions<M> options = {}) {
    return Operation(query_args(std::move(index), std::move(partition), sort, std::move(options)),
                     detail::ToPage<M>());
  }
  /// Queries the items of one partition of the primary key.
  [[nodiscard]] static auto query_by_primary_key(Value partition, SortCondition<F> sort = {},
                                                 QueryOptions<M> options = {}) {
    return query_by_index({}, std::move(partition), sort, std::move(options));
  }
  /// One page of a Scan, restricted to this model's items of the tenant. It costs what the whole table
  /// costs, whatever the model: DynamoDB bills every row examined. An index of the model is cheaper.
  [[nodiscard]] static auto scan(ScanOptions<M> options = {}) {
    return Operation(detail::ScanArgs{.model = name(),
                                      .filter = options.filter.tree(),
                                      .limit = options.limit,
                                      .start_key = std::move(options.start_key.key),
                                      .index = std::move(options.index),
                                      .segment = options.segment,
                                      .total_segments = options.total_segments,
                                      .consistent = options.consistent},
                     detail::ToPage<M>());
  }
  /// How many items there are, all pages read within the call's deadline: a Query where all of them share a
  /// partition, else a Scan.
  [[nodiscard]] static auto count(CountOptions<M> options = {}) {
    return Operation(detail::CountArgs{.model = name(),
                                       .filter = options.filter.tree(),
                                       .index = std::move(options.index),
                                       .consistent = options.consistent},
                     detail::ToCount());
  }

 protected:
  friend class Iteration<M>;
  friend class Transaction;
  template <class>
  friend struct detail::ToModel;
  template <class>
  friend struct detail::ToPage;
  template <class>
  friend struct detail::ToMany;

  [[nodiscard]] static detail::ModelName name() { return {.info = &model_info(), .name = {}}; }

 private:
  [[nodiscard]] static auto find_by_parts(Value partition, Value sort) {
    return Operation(
        detail::FindArgs{
            .model = name(),
            .key = {.id = {}, .by_parts = true, .partition = std::move(partition), .sort = std::move(sort)},
            .options = {}},
        detail::ToModel<M>());
  }
  [[nodiscard]] auto creation_of(detail::RawWriteOptions options) const {
    return Operation(detail::CreateArgs{.model = name(),
                                        .changes = detail::collect_changes(model_info(), &record_->fields),
                                        .named = {},
                                        .options = std::move(options)},
                     detail::IntoModel<M>{record_});
  }
  [[nodiscard]] auto change_of(detail::RawWriteOptions options) const {
    return Operation(detail::UpdateArgs{.model = name(),
                                        .key = {.id = primary_id()},
                                        .changes = detail::collect_changes(model_info(), &record_->fields),
                                        .named = {},
                                        .base = record_->loaded,
                                        .options = std::move(options)},
                     detail::IntoModel<M>{record_});
  }
  [[nodiscard]] auto removal_of(detail::RawWriteOptions options) const {
    return Operation(detail::RemoveArgs{.model = name(),
                                        .key = {.id = primary_id()},
                                        .base = record_->loaded,
                                        .options = std::move(options)},
                     detail::ToRemoved<M>{});
  }
  [[nodiscard]] static detail::RawWriteOptions raw(WriteOptions<M> options) {
    return {.condition = options.condition.tree(), .force_reindex = options.force_reindex};
  }
  [[nodiscard]] static detail::SearchArgs search_args(std::optional<std::int64_t> bucket,
                                                      std::vector<std::string> terms,
                                                      SearchOptions<M> options) {
    return {.model = name(),
            .terms = std::move(terms),
            .any_term = options.any_term,
            .limit = options.limit,
            .batch_size = options.batch_size,
            .queries_per_bucket_max = options.queries_per_bucket_max,
            .parallel = options.parallel,
            .bucket = bucket,
            .cursor = std::move(options.cursor),
            .filter = options.filter.tree()};
  }
  [[nodiscard]] static detail::QueryArgs query_args(std::string index, Value partition,
                                                    const SortCondition<F>& sort, QueryOptions<M> options) {
    return {.model = name(),
            .index = std::move(index),
            .partition = std::move(partition),
            .sort = sort.get(),
            .limit = options.limit,
            .start_key = std::move(options.start_key.key),
            .descending = options.descending,
            .filter = options.filter.tree(),
            .count_only = options.count_only,
            .consistent = options.consistent,
            .attributes = {}};
  }

  std::shared_ptr<detail::Record<F>> record_;
};

namespace detail {

template <class F>
[[nodiscard]] Result<void> fill(const ModelInfo& model, Record<F>& record, RawItem item, Capacity capacity) {
  record.capacity += capacity;
  if (!item) return {};
  if (std::optional<Error> error = load_fields(model, item, &record.fields)) {
    return std::unexpected(std::move(*error));
  }
  record.id.clear();
  record.loaded = std::move(item);
  record.exists = true;
  return {};
}

/// A found item: the instance that the cache has, or a new one that it then keeps.
template <class M>
struct ToModel {
  Result<M> operator()(const Context&, RawFound found) const {
    using R = Record<typename M::Fields>;
    M model;
    if (std::shared_ptr<void> known = found.entry.instance()) {
      model.record_ = std::static_pointer_cast<R>(std::move(known));
      model.record_->capacity += found.capacity;
      return model;
    }
    Result<void> filled = fill(M::model_info(), *model.record_, std::move(found.item), found.capacity);
    if (!filled) return std::unexpected(std::move(filled).error());
    found.entry.keep(model.record_);
    return model;
  }
};

/// A saved item goes back into the instance that was saved.
template <class M>
struct IntoModel {
  std::shared_ptr<Record<typename M::Fields>> record = {};
  Result<void> operator()(const Context&, RawFound found) const {
    Result<void> filled = fill(M::model_info(), *record, std::move(found.item), found.capacity);
    if (!filled) return filled;
    settle_fields(M::model_info(), &record->fields);
    found.entry.keep(record);
    return {};
  }
};

template <class M>
struct ToRemoved {
  Result<void> operator()(const Context&, const RawFound&) const { return {}; }
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
      Result<void> filled = fill(M::model_info(), *model.record_, std::move(item), Capacity{});
      if (!filled) return std::unexpected(std::move(filled).error());
      page.items.push_back(std::move(model));
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
struct ToSearched {
  Result<SearchResult<M>> operator()(const Context& context, RawSearched raw) const {
    SearchResult<M> result;
    result.cursor = std::move(raw.cursor);
    result.capacity = raw.capacity;
    result.items.reserve(raw.items.size());
    for (RawFound& found : raw.items) {
      Result<M> model = ToModel<M>()(context, std::move(found));
      if (!model) return std::unexpected(std::move(model).error());
      result.items.push_back(std::move(*model));
    }
    return result;
  }
};

template <class M>
struct ToWrittenMany {
  Result<BatchWritten<M>> operator()(const Context& context, RawBatchWritten raw) const {
    BatchWritten<M> written;
    written.capacity = raw.capacity;
    written.items.reserve(raw.put.size());
    for (RawFound& put : raw.put) {
      Result<M> model = ToModel<M>()(context, std::move(put));
      if (!model) return std::unexpected(std::move(model).error());
      written.items.push_back(std::move(*model));
    }
    return written;
  }
};

}  // namespace detail

}  // namespace bao
