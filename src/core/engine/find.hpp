#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/engine/scope.hpp"

namespace bao::core {

struct FindOptions {
  /// How long the batch may wait for more finds, in ms. Nothing (the default): until the end of the turn,
  /// which adds no delay. 0: the find leaves at once, alone.
  std::optional<std::int64_t> batch_delay_ms;
  /// Neither answer from the cache nor put the answer there.
  bool bypass_cache = false;
  /// A strongly consistent read: twice the capacity; never answered from the cache; batches apart.
  bool consistent = false;
  /// A cache of the caller's, used instead of the scope's, also outside a scope; but for rows that the scope
  /// wrote.
  std::shared_ptr<Cache> loader;
};

/// What a find came to.
struct Found {
  /// Holds the item (or none: a miss) and the face's instance of it.
  std::shared_ptr<Entry> entry;
  /// This find's share of what was consumed; 0 where the cache answered.
  Capacity capacity;
};

/// Finds one item by the texts of its key. Inside a scope it leaves in a batch with the other finds of the
/// turn. A key that DynamoDB could not hold (empty or too long) finds nothing, without a request.
[[nodiscard]] Task<Result<Found>> find(Call& call, const Model& model, KeyTexts texts, FindOptions options);

/// Finds by primary id; one that cannot be of this model finds nothing.
[[nodiscard]] Task<Result<Found>> find_by_id(Call& call, const Model& model, std::string id,
                                             FindOptions options);

/// Finds by a unique constraint: the row of the value, then the item it names. A row whose item is gone, or
/// no longer has the value, finds nothing. ErrorCode::validation for an empty value, ErrorCode::query for an
/// unknown constraint.
[[nodiscard]] Task<Result<Found>> find_unique(Call& call, const Model& model, std::string name, Value value,
                                              FindOptions options);

struct FoundMany {
  /// One for each distinct id, in the order of first mention.
  std::vector<std::pair<std::string, Found>> items;
  Capacity capacity;
  /// How many requests its ids fill, retries and the other finds of a shared batch left aside; 0 where the
  /// cache answered everything.
  std::size_t requests = 0;
};

/// Finds any number of ids, each once, in chunks of 100, in parallel. The first error is the call's.
[[nodiscard]] Task<Result<FoundMany>> batch_find(Call& call, const Model& model, std::vector<std::string> ids,
                                                 FindOptions options);

}  // namespace bao::core
