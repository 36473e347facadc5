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

/// The index that iteration reads unless the client is set to search_index_name; both have the same keys.
inline constexpr std::string_view iteration_index_name = "iter_index";
/// Also holds `_searchText`.
inline constexpr std::string_view search_index_name = "iter_search_index";

/// How far an iteration has come. Default constructed: the start.
struct IterationPosition {
  std::uint32_t bucket = 0;
  Value start_key;  ///< within the bucket; null: its start
  bool ended = false;
};

struct IterateOptions {
  /// Keys read for one batch, at the most; one request never reads more than 1000.
  std::int64_t batch_size = 100;
  /// Only this bucket, whatever the position says of buckets; nothing: all of them, one after the other.
  std::optional<std::int64_t> bucket;
  /// On what the iteration index projects: `_searchText`, where the index has it.
  Condition filter;
  /// How the items themselves are found.
  FindOptions find;
};

struct IterationBatch {
  /// Primary ids and items, in the order of the index; those that are gone by now are left out. May be empty
  /// before the end.
  std::vector<std::pair<std::string, Found>> items;
  IterationPosition next;
  Capacity capacity;
};

/// How many buckets the iteration rows of a model are spread over; 1 where it is not iterable.
[[nodiscard]] std::uint32_t iteration_buckets(const Model& model);

// What a walk over the iteration index and a search in it refuse.

/// ErrorCode::configuration: the model is not iterable.
[[nodiscard]] std::optional<Error> check_iterable(const Model& model);
[[nodiscard]] std::optional<Error> check_bucket(const Model& model, const std::string& index,
                                                std::optional<std::int64_t> bucket);
/// ErrorCode::query: a condition on fields that the index does not hold.
[[nodiscard]] std::optional<Error> check_projected(const Model& model, const std::string& index,
                                                   const Condition& filter);

/// One step of a walk over all items of an iterable model (of the call's tenant): one Query of the iteration
/// index for keys, and finds of the items, which share the scope's cache and batches. Each step is a call of
/// its own, with a deadline of its own. ErrorCode::configuration where the model is not iterable,
/// ErrorCode::query for a bucket that it does not have, a batch size below 1, a filter on attributes that the
/// index does not project, or a position in a bucket of another model or tenant.
[[nodiscard]] Task<Result<IterationBatch>> iterate(Call& call, const Model& model, IterateOptions options,
                                                   IterationPosition from);

}  // namespace bao::core
