#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "local/capacity.hpp"
#include "local/database.hpp"
#include "local/operations/item_request.hpp"
#include "local/operations/key_range.hpp"

namespace bao::local {

/// A Query or Scan, once its request is understood: which keys to walk, and what to make of the items.
struct PageRequest {
  const Table* table = nullptr;
  const SecondaryIndex* index = nullptr;  ///< null: the table itself
  KeyRange range;
  bool forward = true;
  std::optional<std::int64_t> limit;
  std::optional<ConditionExpression> filter;
  std::optional<ProjectionExpression> projection;
  bool count_only = false;
  bool consistent = false;
  /// A local index is asked for attributes that it does not hold: each item is fetched from the table.
  bool fetch = false;
  CapacityDetail capacity = CapacityDetail::none;
};

/// Walks one page (1 MB, Limit) and writes the whole answer.
[[nodiscard]] Outcome<std::string> answer_page(Database& database, const PageRequest& page,
                                               const Bindings& bindings);

/// The parts of Query and Scan that are the same: Select, projection, index, filter.
[[nodiscard]] Outcome<void> check_page_request(const ItemRequest& request, RequestKind kind);
[[nodiscard]] Outcome<void> fill_page(Database& database, const ItemRequest& request, PageRequest& page);
/// The store key of ExclusiveStartKey; the service's error where it does not fit.
[[nodiscard]] Outcome<std::string> start_key(const PageRequest& page, const std::string& record);

}  // namespace bao::local
