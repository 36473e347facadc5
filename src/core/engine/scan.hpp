#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/engine/pages.hpp"

namespace bao::core {

struct ScanOptions {
  Condition filter;
  /// Rows examined for one page, those of other models and tenants included, as DynamoDB's Limit: a page may
  /// hold fewer items, or none, before the end. Nothing: as many as fit a page of 1 MB.
  std::optional<std::int64_t> limit;
  /// Where an earlier page (of the same segment) ended: its last_evaluated_key.
  Value start_key;
  /// Scans this index: the items that are in it. Empty: the table.
  std::string index;
  /// One of several scans that share the work: from 0 to total_segments - 1. Both or neither.
  std::optional<std::int64_t> segment;
  std::optional<std::int64_t> total_segments;  ///< 1 to 1,000,000
  /// Strongly consistent; a QueryError on a GSI.
  bool consistent = false;
  /// Only these fields (and the key attributes); all where empty.
  std::vector<std::string> attributes;
};

/// One page of a Scan of the table (or of an index), restricted to the model's rows of the call's tenant.
/// What it costs grows with the whole table, not with the model: DynamoDB bills every row examined.
[[nodiscard]] Task<Result<Page>> scan(Call& call, const Model& model, ScanOptions options);

struct CountOptions {
  Condition filter;
  /// Counts the items in this index. Empty: all items of the model.
  std::string index;
  bool consistent = false;  ///< a QueryError on a GSI
};

/// Counts the model's items of the call's tenant, page after page, within the call's deadline. A Query where
/// all of them are in one partition (its key is the model's prefix), a Scan otherwise. Gives no items.
[[nodiscard]] Task<Result<Page>> count(Call& call, const Model& model, CountOptions options);

}  // namespace bao::core
