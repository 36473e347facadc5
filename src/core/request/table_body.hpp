#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bao::core {

struct TableOptions {
  /// Adds `iter_search_index`, which search needs.
  bool search_index = false;
};

/// CreateTable of the one table that all models share (SPEC 5): `_pk` and `_sk`, gsi1 to gsi5 with every
/// attribute, iter_index with the keys only; pay per request. TTL is enabled by a request of its own.
[[nodiscard]] std::string create_table_body(std::string_view table, const TableOptions& options);
/// The indexes of that table, in the order in which update-table adds them.
[[nodiscard]] std::vector<std::string> table_index_names(const TableOptions& options);
/// UpdateTable that adds one of them.
[[nodiscard]] std::string add_index_body(std::string_view table, std::string_view index);
/// UpdateTimeToLive on the attribute `ttl`.
[[nodiscard]] std::string enable_ttl_body(std::string_view table);
/// {"TableName": "..."}: DescribeTable, DeleteTable, DescribeTimeToLive.
[[nodiscard]] std::string table_name_body(std::string_view table);

}  // namespace bao::core
