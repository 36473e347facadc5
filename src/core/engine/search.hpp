#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/engine/find.hpp"

namespace bao::core {

struct SearchOptions {
  /// One of the terms is enough; false: all of them.
  bool any_term = false;
  /// Items of one call at the most; nothing: as many as its queries find.
  std::optional<std::int64_t> limit = 100;
  /// Texts that one query examines, as DynamoDB's Limit. No request examines more than 1 MB of them.
  std::int64_t batch_size = 100;
  /// Queries that one call spends on a bucket; what is left is for the next call.
  std::int64_t queries_per_bucket_max = 10;
  /// Buckets that are queried at the same time: 1 to 100. More answer sooner, and may read what the limit
  /// then leaves for the next call to read again.
  std::int64_t parallel = 1;
  /// Only this bucket; nothing: all of them.
  std::optional<std::int64_t> bucket;
  /// Where an earlier call of the same search stopped; empty: the start.
  std::string cursor;
  /// On `_searchText`, besides the terms.
  Condition filter;
  /// How the items themselves are found.
  FindOptions find;
};

struct SearchResult {
  /// Primary ids and items in the order of the buckets; those that are gone by now are left out.
  std::vector<std::pair<std::string, Found>> items;
  /// Where to go on; empty: everything was examined.
  std::string cursor;
  Capacity capacity;
};

/// ErrorCode::configuration.
[[nodiscard]] Error not_searchable(const Model& model);

/// Finds items of a searchable and iterable model (of the call's tenant) by the words of its search fields:
/// each term, folded as the texts are, has to be part of `_searchText`. Reads keys from the search index,
/// then the items, which share the scope's cache and batches. ErrorCode::configuration where the model is not
/// searchable or iterable, or the client does not iterate over search_index_name; ErrorCode::query for
/// options out of range, no term, and a cursor of another search.
[[nodiscard]] Task<Result<SearchResult>> search(Call& call, const Model& model,
                                                std::vector<std::string> terms, SearchOptions options);

}  // namespace bao::core
