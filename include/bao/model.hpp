#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/detail/record.hpp>
#include <bao/detail/write.hpp>
#include <bao/key_value.hpp>
#include <bao/model_info.hpp>
#include <bao/operation.hpp>
#include <bao/options.hpp>
#include <bao/plugin.hpp>
#include <bao/query.hpp>
#include <bao/results.hpp>
#include <bao/task.hpp>

namespace bao {

template <class M>
class Iteration;
template <class M>
class QueryPages;
class Transaction;

/// The terms of what somebody typed: words, and phrases in double quotes. For search_all.
[[nodiscard]] std::vector<std::string> split_search_query(std::string_view query);

/// The base of a model class: `class User : public bao::Model<User, UserFields>`. An object is a handle of
/// one item: copies share it, `user->name` is its data, `User::name` (a FieldDescription) stands for the
/// field in conditions. A find always gives a handle; exists() tells whether the item is there. One that was
/// moved from is a miss, as a default constructed one.
///
/// M describes itself in a static member function `describe()` (see bao::schema).
template <class M, class F>
class Model {
 public:
  using Fields = F;

  /// A miss.
  Model() : record_(std::make_shared<detail::Record<F>>(model_info())) {}
  /// A new item, to be written by save().
  explicit Model(F fields) : record_(std::make_shared<detail::Record<F>>(model_info(), std::move(fields))) {}

  [[nodiscard]] F* operator->() { return &record()->fields; }
  [[nodiscard]] const F* operator->() const { return &record()->fields; }

  [[nodiscard]] bool exists() const { return record()->exists; }
  [[nodiscard]] explicit operator bool() const { return exists(); }
  [[nodiscard]] const std::string& primary_id() const { return detail::id_of(*record()); }
  /// Both handles are of the very same instance.
  [[nodiscard]] bool same_instance(const Model& other) const { return record() == other.record(); }
  [[nodiscard]] bool has_changes() const {
    return !detail::collect_changes(model_info(), &record()->fields, detail::Write::update).empty();
  }

  /// What was consumed to read and write this instance, its share of batches included.
  [[nodiscard]] const Capacity& consumed_capacity() const { return record()->capacity; }
  /// The same as a number; `include_related`: and for the related items that were loaded, each once.
  [[nodiscard]] double get_numeric_consumed_capacity(CapacityType type = CapacityType::total,
                                                     bool include_related = false) const {
    return detail::consumed_units(*record(), type, include_related);
  }
  void clear_consumed_capacity() { record()->capacity = {}; }

  /// The description that the library works with, made once.
  static const ModelInfo& model_info() {
    static const Known known;
    return known.info;
  }
  /// Adds hooks around the writes of this model by this client; other clients of the program do not have
  /// them. For when the program starts: not while writes of the model are under way. Writes by a DynamicModel
  /// of the same name have hooks of their own. ConfigurationError for a model that is none of the client's.
  static void register_plugin(Client& client, Plugin<M> plugin) {
    detail::add_plugin(client, name(), std::make_shared<const Plugin<M>>(std::move(plugin)));
  }
  /// The primary id that these values of the key's halves make. ValidationError where they can be no key.
  [[nodiscard]] static std::string make_primary_id(KeyValue partition, KeyValue sort = {}) {
    return detail::make_primary_id(model_info(), partition.get(), sort.get());
  }
  /// How many buckets iteration spreads the items over; 1 where the model is not iterable.
  [[nodiscard]] static std::int64_t iteration_buckets() {
    const ModelDefinition& definition = model_info().definition;
    return definition.iterable ? definition.iteration_buckets : 1;
  }
  /// Whether the coroutine that asks runs in a batch context.
  [[nodiscard]] static Task<bool> is_inside_batch_context() {
    const Context context = co_await this_context();
    co_return context.scope != nullptr;
  }

  /// Finds by primary id. In a batch context it shares a BatchGetItem with the other finds of the turn.
  [[nodiscard]] static auto find(std::string_view id, FindOptions options = {}) {
    return Operation(
        detail::FindArgs{.model = name(), .key = {.id = std::string(id)}, .options = std::move(options)},
        detail::ToModel<M>());
  }
  /// The same by the parts of the key; `sort` where the primary key has two fields.
  template <detail::KeyValueSource P>
  [[nodiscard]] static auto find_by_primary_key(const P& partition, FindOptions options = {}) {
    return find_by_parts(KeyValue(partition), KeyValue(), std::move(options));
  }
  template <detail::KeyValueSource P, detail::KeyValueSource S>
  [[nodiscard]] static auto find_by_primary_key(const P& partition, const S& sort, FindOptions options = {}) {
    return find_by_parts(KeyValue(partition), KeyValue(sort), std::move(options));
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
  [[nodiscard]] static TaskOperation<M> create(F fields, WriteOptions<M> options = {}) {
    using Create = detail::DataAction<detail::TypedWriter<M>>;
    return detail::item_of(std::make_unique<Create>(typename Create::Parts{
        .data = std::move(fields), .options = detail::hook_options(std::move(options), true)}));
  }
  /// Changes the fields that `changes` holds. ItemNotFoundError where the item is not there.
  [[nodiscard]] static TaskOperation<M> update(std::string_view id, F changes, WriteOptions<M> options = {}) {
    using Update = detail::DataAction<detail::TypedWriter<M>>;
    return detail::item_of(std::make_unique<Update>(
        typename Update::Parts{.kind = detail::TransactPart::Kind::update,
                               .key = {.id = std::string(id)},
                               .data = std::move(changes),
                               .options = detail::hook_options(std::move(options), false)}));
  }
  /// Deletes an item; gives it as it was. ItemNotFoundError where it is not there.
  [[nodiscard]] static TaskOperation<M> remove(std::string_view id, WriteOptions<M> options = {}) {
    using Remove = detail::RemoveAction<detail::TypedWriter<M>>;
    return detail::item_of(std::make_unique<Remove>(detail::TypedWriter<M>(), std::string(id),
                                                    detail::RawItem(),
                                                    detail::hook_options(std::move(options), false)));
  }
  /// Writes what changed since loading; creates a new item. No change, no request, no hooks, unless it must
  /// not exist. Saves of one instance follow one another; what changes while one is under way stays a change
  /// for the next. ItemNotFoundError for a miss, ValidationError for an instance that was read with
  /// `attributes`, in part, from a hook before a write of the same instance, and from hooks that save one
  /// another's instances where both would wait.
  [[nodiscard]] TaskOperation<void> save(SaveOptions<M> options = {}) const {
    return detail::nothing_of(std::make_unique<detail::SaveAction<M>>(self(), std::move(options)));
  }
  /// Deletes the item of this handle, with the unique values it holds. The data stays readable. It follows a
  /// save of the instance that is under way, as another save does.
  [[nodiscard]] TaskOperation<void> remove_item(WriteOptions<M> options = {}) const {
    using Remove = detail::RemoveAction<detail::TypedWriter<M>>;
    return detail::nothing_of(std::make_unique<Remove>(detail::TypedWriter<M>(), record(),
                                                       detail::hook_options(std::move(options), false)));
  }

  /// Loads the items that these RelatedFields name (without fields: all of them), in one turn: in a batch
  /// context that is one BatchGetItem, together with the other finds of the turn. They are kept in this
  /// instance, each until its id changes; what is known already is not loaded again.
  [[nodiscard]] TaskOperation<void> load_related_data(
      std::vector<RelatedFieldName<F>> fields = {},
      std::optional<LoaderContext> loader = std::nullopt) const {
    std::vector<std::shared_ptr<detail::RecordBase>> records{record()};
    return TaskOperation<void>(
        detail::load_related(std::move(records), detail::field_names(fields), std::move(loader)));
  }
  /// The item that a RelatedField names, as it was loaded; a miss where it was not.
  template <auto Member>
    requires detail::IsRelated<detail::ValueOf<Member>>::value
  [[nodiscard]] auto get_related(const FieldDescription<Member>&) const {
    using Target = typename detail::IsRelated<detail::ValueOf<Member>>::Model;
    auto known = std::static_pointer_cast<detail::RecordBase>((record()->fields.*Member)->loaded());
    return known ? detail::RecordAccess::handle<Target>(std::move(known)) : Target();
  }
  /// The same, loaded where it was not yet. A miss where the field is empty or the item is not there.
  template <auto Member>
    requires detail::IsRelated<detail::ValueOf<Member>>::value
  [[nodiscard]] auto get_or_load_related_field(const FieldDescription<Member>& field,
                                               std::optional<LoaderContext> loader = std::nullopt) const {
    using Target = typename detail::IsRelated<detail::ValueOf<Member>>::Model;
    return TaskOperation<Target>(load_one<Target>(
        self(), detail::field_names(std::vector<RelatedFieldName<F>>{field}), std::move(loader)));
  }
  /// Forgets the loaded items of these RelatedFields (without fields: of all); they are loaded again when
  /// asked for.
  void clear_related_cache(const std::vector<RelatedFieldName<F>>& fields = {}) const {
    detail::forget_related(*record(), detail::field_names(fields));
  }

  /// Puts whole items and deletes items, 25 a request, some requests in parallel, without conditions: the
  /// last writer wins. Everything is checked before the first request, and what the service leaves
  /// unprocessed is sent again. After an error each item is written or not, as a whole; the error tells how
  /// many. ConfigurationError for a model with unique constraints (their rows need transactions),
  /// ValidationError where an item is both put and deleted.
  [[nodiscard]] static TaskOperation<BatchWritten<M>> batch_write(BatchWrite<M> writes) {
    return TaskOperation<BatchWritten<M>>(detail::write_batch(
        detail::TypedWriter<M>(), std::move(writes.put), std::move(writes.remove), detail::ToWrittenMany<M>(),
        [](BatchWritten<M>& written) -> std::vector<M>& { return written.items; }));
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
  /// The terms of what somebody typed: words, and phrases in double quotes.
  [[nodiscard]] static std::vector<std::string> tokenize_search_query(std::string_view query) {
    return split_search_query(query);
  }
  /// A term as it is searched for; a ConfigurationError where the model is not searchable.
  [[nodiscard]] static std::string normalize_search_term(std::string term) {
    return detail::normalize_search_term(model_info(), std::move(term));
  }

  /// Queries an index by its name; `partition` is the value of its partition key, or an instance whose id it
  /// is. Then it is asked for the instance's tenant, as get_related does, and a ValidationError where the
  /// context has another tenant or client than the one that the instance was read for. It gives a Page; see
  /// Query for its other forms.
  [[nodiscard]] static Query<M, detail::QueryArgs> query_by_index(std::string index, KeyValue partition,
                                                                  SortCondition<F> sort = {},
                                                                  QueryOptions<M> options = {}) {
    detail::RelatedLoads related{.load = options.load_related,
                                 .fields = detail::field_names(options.related_fields),
                                 .loader = std::move(options.loader)};
    std::shared_ptr<detail::RecordBase> instance = partition.instance();
    return {query_args(std::move(index), std::move(partition).get(), sort, std::move(options)),
            std::move(related), std::move(instance)};
  }
  /// Queries the items of one partition of the primary key.
  [[nodiscard]] static auto query_by_primary_key(KeyValue partition, SortCondition<F> sort = {},
                                                 QueryOptions<M> options = {}) {
    return query_by_index({}, std::move(partition), std::move(sort), std::move(options));
  }
  /// Walks all pages of a query; see QueryPages.
  [[nodiscard]] static QueryPages<M> query_pages(std::string index, KeyValue partition,
                                                 SortCondition<F> sort = {}, QueryOptions<M> options = {}) {
    return QueryPages<M>(std::move(index), std::move(partition), std::move(sort), std::move(options));
  }
  /// One page of a Scan, restricted to this model's items of the tenant. It costs what the whole table
  /// costs, whatever the model: DynamoDB bills every row examined. An index of the model is cheaper.
  [[nodiscard]] static Query<M, detail::ScanArgs> scan(ScanOptions<M> options = {}) {
    return {detail::ScanArgs{.model = name(),
                             .filter = options.filter.tree(),
                             .limit = options.limit,
                             .start_key = std::move(options.start_key.key),
                             .index = std::move(options.index),
                             .segment = options.segment,
                             .total_segments = options.total_segments,
                             .consistent = options.consistent,
                             .attributes = detail::field_names(options.attributes)},
            {}};
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

  /// For the library: what the handles of this item share.
  [[nodiscard]] std::shared_ptr<void> shared_record() const {
    return std::shared_ptr<detail::RecordBase>(record());
  }

 protected:
  friend class Iteration<M>;
  friend class Transaction;
  friend struct detail::RecordAccess;

  [[nodiscard]] static detail::ModelName name() { return {.info = &model_info(), .name = {}}; }

 private:
  struct Known {
    ModelInfo info;
    Known() : info(M::describe()) {
      info.make_record = []() -> std::shared_ptr<detail::RecordBase> {
        return std::make_shared<detail::Record<F>>(model_info());
      };
      detail::KnownModel<M>::info.store(&info, std::memory_order_release);
    }
  };

  /// That of a miss, where the handle was moved from.
  [[nodiscard]] const std::shared_ptr<detail::Record<F>>& record() const {
    if (!record_) record_ = std::make_shared<detail::Record<F>>(model_info());
    return record_;
  }
  [[nodiscard]] M self() const { return detail::RecordAccess::handle<M>(record()); }
  [[nodiscard]] static auto find_by_parts(KeyValue partition, KeyValue sort, FindOptions options) {
    return Operation(detail::FindArgs{.model = name(),
                                      .key = {.id = {},
                                              .by_parts = true,
                                              .partition = std::move(partition).get(),
                                              .sort = std::move(sort).get()},
                                      .options = std::move(options)},
                     detail::ToModel<M>());
  }
  template <class Target>
  static Task<Result<Target>> load_one(M holder, std::vector<std::string> field,
                                       std::optional<LoaderContext> loader) {
    const std::shared_ptr<detail::RecordBase> record = detail::RecordAccess::record(holder);
    std::vector<std::shared_ptr<detail::RecordBase>> records{record};
    auto loading = detail::load_related(std::move(records), field, std::move(loader));
    Result<void> loaded = co_await std::move(loading);
    if (!loaded) co_return std::unexpected(std::move(loaded).error());
    auto target = detail::existing_related(*record, field.front());
    if (!target) co_return Target();
    co_return detail::RecordAccess::handle<Target>(std::move(target));
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
            .attributes = detail::field_names(options.attributes)};
  }

  mutable std::shared_ptr<detail::Record<F>> record_;
};

}  // namespace bao
