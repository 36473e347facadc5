#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/context.hpp>
#include <bao/detail/call.hpp>
#include <bao/error.hpp>
#include <bao/operation.hpp>

namespace bao {

/// Options of the work on the client's table. Its deadline is the client's `timeouts.call_ms`, which should
/// be minutes: a real table takes that long, and an index over many items longer.
struct TableOptions {
  /// With `iter_search_index`, which searchable models need. Default: where the client iterates over it.
  bool search_index = false;
  /// Between two looks at a table that is being changed, in ms. Default 1 s.
  std::int64_t poll_ms = 1'000;
  /// Told at each step and look: "CREATING", "adding index gsi2", "DELETING". Default: nobody.
  std::function<void(std::string_view state)> progress = {};
};

/// What was done.
struct TableReport {
  std::vector<std::string> added_indexes = {};  ///< by update_table
  /// The service expires items by their `ttl`; false where it has no such operation (some emulators).
  bool ttl = false;
};

namespace detail {

struct TableArgs {
  enum class Kind : std::uint8_t { create, update, remove, check };
  Kind kind = Kind::create;
  TableOptions options = {};
  using Result = TableReport;
};

struct ToTableReport {
  bao::Result<TableReport> operator()(const Context&, TableReport report) const { return report; }
};

extern template std::unique_ptr<ResultCall<TableReport>> make_call(TableArgs&&);

}  // namespace detail

/// Creates the client's table with every index of docs/stored-format.md, and enables TTL; ends when it is
/// ready. ConfigurationError where it exists.
[[nodiscard]] inline auto create_table(TableOptions options = {}) {
  return Operation(detail::TableArgs{.options = std::move(options)}, detail::ToTableReport{});
}
/// Adds the indexes that the table lacks, one at a time, and enables TTL; touches nothing else.
/// ConfigurationError where there is no such table, and where its keys are not `_pk` and `_sk`, both strings:
/// it is another program's then, and nothing of it is changed.
[[nodiscard]] inline auto update_table(TableOptions options = {}) {
  return Operation(detail::TableArgs{.kind = detail::TableArgs::Kind::update, .options = std::move(options)},
                   detail::ToTableReport{});
}
/// Deletes the table with all its items; ends when it is gone. ConfigurationError where there is none.
[[nodiscard]] inline auto delete_table(TableOptions options = {}) {
  return Operation(detail::TableArgs{.kind = detail::TableArgs::Kind::remove, .options = std::move(options)},
                   detail::ToTableReport{});
}

}  // namespace bao
