#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/operation.hpp>
#include <bao/options.hpp>

namespace bao {

/// An item of a model known at run time only: its fields as logical values (see Value).
struct DynamicItem {
  bool exists = false;
  std::string id = {};
  Value::Map fields = {};
  Capacity capacity = {};
  /// The item as stored, for a save that depends on what was loaded.
  detail::RawItem loaded = {};
};

struct DynamicPage {
  std::vector<DynamicItem> items = {};
  std::int64_t count = 0;
  PageKey last_key = {};
  Capacity capacity = {};
};

/// Query options without types; each means what it means in QueryOptions.
struct DynamicQuery {
  SortKeyCondition sort = {};
  std::optional<std::int64_t> limit = std::nullopt;
  PageKey start_key = {};
  bool descending = false;
  Condition filter = {};
  bool count_only = false;
  bool consistent = false;
};

/// Scan options without types; each means what it means in ScanOptions.
struct DynamicScan {
  Condition filter = {};
  std::optional<std::int64_t> limit = std::nullopt;
  PageKey start_key = {};
  std::string index = {};
  std::optional<std::int64_t> segment = std::nullopt;
  std::optional<std::int64_t> total_segments = std::nullopt;
  bool consistent = false;
};

/// Options of an iteration without types; each means what it means in IterateOptions.
struct DynamicIterate {
  std::int64_t batch_size = 100;
  std::optional<std::int64_t> bucket = std::nullopt;  ///< nothing: all
  Condition filter = {};
  IterationPosition from = {};
};

/// Options of a search without types; each means what it means in SearchOptions.
struct DynamicSearch {
  bool any_term = false;
  std::optional<std::int64_t> limit = 100;
  std::int64_t batch_size = 100;
  std::int64_t queries_per_bucket_max = 10;
  std::int64_t parallel = 1;
  std::optional<std::int64_t> bucket = std::nullopt;  ///< nothing: all
  std::string cursor = {};
  Condition filter = {};
};

struct DynamicSearched {
  std::vector<DynamicItem> items = {};
  std::string cursor = {};  ///< empty: everything was examined
  Capacity capacity = {};
};

/// One step of an iteration. May be empty before `next.ended`.
struct DynamicBatch {
  std::vector<DynamicItem> items = {};
  IterationPosition next = {};
  Capacity capacity = {};
};

struct DynamicWrite {
  Condition condition = {};
  bool force_reindex = false;
};

namespace detail {

struct ToDynamic {
  std::string model = {};
  Result<DynamicItem> operator()(const Context& context, RawFound found) const;
};
struct ToDynamicPage {
  std::string model = {};
  Result<DynamicPage> operator()(const Context& context, RawPage raw) const;
};
struct ToDynamicMany {
  std::string model = {};
  Result<std::vector<DynamicItem>> operator()(const Context& context, RawFoundMany found) const;
};
struct ToDynamicBatch {
  std::string model = {};
  Result<DynamicBatch> operator()(const Context& context, RawBatch raw) const;
};
struct ToDynamicSearched {
  std::string model = {};
  Result<DynamicSearched> operator()(const Context& context, RawSearched raw) const;
};
struct ToDynamicWritten {
  std::string model = {};
  Result<std::vector<DynamicItem>> operator()(const Context& context, RawBatchWritten raw) const;
};

}  // namespace detail

/// A model by its name: for tools, and for programs whose models are data.
class DynamicModel {
 public:
  explicit DynamicModel(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] auto find(std::string_view id, FindOptions options = {}) const {
    return Operation(
        detail::FindArgs{.model = model(), .key = {.id = std::string(id)}, .options = std::move(options)},
        detail::ToDynamic{name_});
  }
  /// The same by the parts of the key; a null `sort` where the primary key has one field.
  [[nodiscard]] auto find_by_primary_key(Value partition, Value sort = {}, FindOptions options = {}) const {
    detail::RawKey key{.by_parts = true, .partition = std::move(partition), .sort = std::move(sort)};
    return Operation(detail::FindArgs{.model = model(), .key = std::move(key), .options = std::move(options)},
                     detail::ToDynamic{name_});
  }
  [[nodiscard]] auto find_many(std::vector<std::string> ids, FindOptions options = {}) const {
    return Operation(
        detail::FindManyArgs{.model = model(), .ids = std::move(ids), .options = std::move(options)},
        detail::ToDynamicMany{name_});
  }
  [[nodiscard]] auto find_by_unique_constraint(std::string constraint, Value value,
                                               FindOptions options = {}) const {
    return Operation(detail::FindUniqueArgs{.model = model(),
                                            .constraint = std::move(constraint),
                                            .value = std::move(value),
                                            .options = std::move(options)},
                     detail::ToDynamic{name_});
  }
  [[nodiscard]] auto create(std::vector<DynamicChange> changes, DynamicWrite options = {}) const {
    return Operation(
        detail::CreateArgs{
            .model = model(), .changes = {}, .named = std::move(changes), .options = raw(std::move(options))},
        detail::ToDynamic{name_});
  }
  /// `base`: the item as loaded, for a save from a (possibly stale) instance; empty for a plain update.
  [[nodiscard]] auto update(std::string_view id, std::vector<DynamicChange> changes,
                            DynamicWrite options = {}, detail::RawItem base = {}) const {
    return Operation(detail::UpdateArgs{.model = model(),
                                        .key = {.id = std::string(id)},
                                        .changes = {},
                                        .named = std::move(changes),
                                        .base = std::move(base),
                                        .options = raw(std::move(options))},
                     detail::ToDynamic{name_});
  }
  [[nodiscard]] auto remove(std::string_view id, DynamicWrite options = {}, detail::RawItem base = {}) const {
    return Operation(detail::RemoveArgs{.model = model(),
                                        .key = {.id = std::string(id)},
                                        .base = std::move(base),
                                        .options = raw(std::move(options))},
                     detail::ToDynamic{name_});
  }
  /// An empty index name queries the primary key.
  [[nodiscard]] auto query(std::string index, Value partition, DynamicQuery options = {}) const {
    return Operation(detail::QueryArgs{.model = model(),
                                       .index = std::move(index),
                                       .partition = std::move(partition),
                                       .sort = std::move(options.sort),
                                       .limit = options.limit,
                                       .start_key = std::move(options.start_key.key),
                                       .descending = options.descending,
                                       .filter = std::move(options.filter),
                                       .count_only = options.count_only,
                                       .consistent = options.consistent,
                                       .attributes = {}},
                     detail::ToDynamicPage{name_});
  }

  [[nodiscard]] auto scan(DynamicScan options = {}) const {
    return Operation(detail::ScanArgs{.model = model(),
                                      .filter = std::move(options.filter),
                                      .limit = options.limit,
                                      .start_key = std::move(options.start_key.key),
                                      .index = std::move(options.index),
                                      .segment = options.segment,
                                      .total_segments = options.total_segments,
                                      .consistent = options.consistent},
                     detail::ToDynamicPage{name_});
  }
  /// An empty index name counts all items.
  [[nodiscard]] auto count(Condition filter = {}, std::string index = {}, bool consistent = false) const {
    return Operation(detail::CountArgs{.model = model(),
                                       .filter = std::move(filter),
                                       .index = std::move(index),
                                       .consistent = consistent},
                     detail::ToCount());
  }
  /// One step; `next` of its result is where the following one starts.
  [[nodiscard]] auto iterate(DynamicIterate options = {}) const {
    return Operation(detail::IterateArgs{.model = model(),
                                         .batch_size = options.batch_size,
                                         .bucket = options.bucket,
                                         .filter = std::move(options.filter),
                                         .from = std::move(options.from)},
                     detail::ToDynamicBatch{name_});
  }
  [[nodiscard]] auto search(std::vector<std::string> terms, DynamicSearch options = {}) const {
    return Operation(detail::SearchArgs{.model = model(),
                                        .terms = std::move(terms),
                                        .any_term = options.any_term,
                                        .limit = options.limit,
                                        .batch_size = options.batch_size,
                                        .queries_per_bucket_max = options.queries_per_bucket_max,
                                        .parallel = options.parallel,
                                        .bucket = options.bucket,
                                        .cursor = std::move(options.cursor),
                                        .filter = std::move(options.filter)},
                     detail::ToDynamicSearched{name_});
  }
  /// Gives the items that were put.
  [[nodiscard]] auto batch_write(std::vector<std::vector<DynamicChange>> put,
                                 std::vector<std::string> remove = {}) const {
    return Operation(
        detail::BatchWriteArgs{
            .model = model(), .put = {}, .named = std::move(put), .remove = std::move(remove)},
        detail::ToDynamicWritten{name_});
  }

 private:
  [[nodiscard]] detail::ModelName model() const { return {.info = nullptr, .name = name_}; }
  [[nodiscard]] static detail::RawWriteOptions raw(DynamicWrite options) {
    return {.condition = std::move(options.condition), .force_reindex = options.force_reindex};
  }

  std::string name_;
};

}  // namespace bao
