#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/options.hpp>

// Data, options and results of models known at run time only (DynamicModel).
namespace bao {

/// An item of a model known at run time only: its fields as logical values (see Value).
struct DynamicItem {
  bool exists = false;
  bool is_new = true;  ///< made by the program: a save creates it. False for what was read, misses included.
  std::string id = {};
  Value::Map fields = {};
  Capacity capacity = {};
  /// The item as stored, for a save that depends on what was loaded.
  detail::RawItem loaded = {};
  /// By RelatedField: the items that were loaded.
  std::map<std::string, std::shared_ptr<const DynamicItem>, std::less<>> related = {};
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
  std::vector<std::string> attributes = {};
  bool load_related = false;
  /// Load_related: of these fields only. QueryError for a name that is no RelatedField's.
  std::vector<std::string> related_fields = {};
  /// The page's items are those that the one field of related_fields names; those that are not there are left
  /// out. `count` is what was queried. QueryError without load_related, or with another number of fields.
  bool related_only = false;
  std::optional<LoaderContext> loader = std::nullopt;
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
  std::vector<std::string> attributes = {};
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

/// Write options without types; each means what it means in WriteOptions.
struct DynamicWrite {
  Condition condition = {};
  bool force_reindex = false;
  std::any note = {};
};

/// Options of a save without types; each means what it means in SaveOptions and SaveConstraints.
struct DynamicSave {
  bool must_exist = false;
  bool must_not_exist = false;
  std::vector<std::string> field_matches = {};
  Condition condition = {};
  bool force_reindex = false;
  std::any note = {};
};

}  // namespace bao
