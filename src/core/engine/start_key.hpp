#pragma once

#include <optional>
#include <string_view>

#include <bao/condition.hpp>
#include <bao/error.hpp>
#include <bao/value.hpp>

#include "core/schema/schema.hpp"

namespace bao::core {

/// What a read goes on in: an index, or the table.
struct ReadPlace {
  std::string_view index;  ///< its name as the caller knows it; empty: the table
  std::string_view pk;     ///< its key attributes; `_pk` and `_sk` for the table
  std::string_view sk;
  /// The one partition that is read; empty where it may be any (a scan).
  std::string_view partition;
};

/// Of an index of a model, or its primary key. `index` and the text behind `partition` live as long.
[[nodiscard]] ReadPlace place_in(const Index& index, std::string_view partition = {});

/// Refuses a start key that no earlier page of the same read can have ended with: ErrorCode::query, with the
/// attribute as its field. It holds exactly the key attributes of the table and of the index, as texts; and
/// those of a partition are the partition's own, so that the key of another tenant reads nothing. What else
/// the texts say is not looked at here: a page may end at any row.
[[nodiscard]] std::optional<Error> check_start_key(const Model& model, const ReadPlace& place,
                                                   const Value& start_key);

/// The same of a start key that check_start_key let pass, where its sort key does not meet the condition of
/// the query: DynamoDB refuses it.
[[nodiscard]] std::optional<Error> check_start_sort_key(const Model& model, const Index& index,
                                                        const SortKeyCondition& sort, const Value& start_key);

}  // namespace bao::core
