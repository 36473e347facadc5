#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bao/condition.hpp>
#include <bao/error.hpp>

#include "core/engine/pages.hpp"

namespace bao::core {

struct QueryOptions {
  /// Items examined for one page, as DynamoDB's Limit. Nothing: as many as fit a page of 1 MB.
  std::optional<std::int64_t> limit = 100;
  /// Where an earlier page ended: its last_evaluated_key.
  Value start_key;
  bool descending = false;
  Condition filter;
  /// Count only; without a limit the whole result is counted, page after page.
  bool count_only = false;
  /// Strongly consistent; a QueryError on a GSI.
  bool consistent = false;
  /// Only these fields (and the key attributes); all where empty.
  std::vector<std::string> attributes;
};

/// Queries an index of the model; a null name queries the primary key. `partition` is a logical value of the
/// index's partition key field, null where that is the model's prefix.
[[nodiscard]] Task<Result<Page>> query(Call& call, const Model& model, std::string index_name,
                                       Value partition, SortKeyCondition sort, QueryOptions options);

}  // namespace bao::core
