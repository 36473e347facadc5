#pragma once

#include <string>
#include <utility>
#include <vector>

#include <bao/detail/call.hpp>
#include <bao/operation.hpp>
#include <bao/table.hpp>

#include "core/engine/table_rows.hpp"
#include "core/fsck/check.hpp"

// The client's table item by item, past all models: for `bao export` and `bao import`.
namespace bao::detail {

struct ScanRowsArgs {
  core::RowScan scan = {};
  using Result = core::ScannedRows;
};
struct PutRowsArgs {
  std::vector<std::string> items = {};
  using Result = Capacity;
};

struct CheckRowsArgs {
  std::vector<core::ItemRef> rows = {};
  core::Repairs repairs = {};
  using Result = core::CheckedRows;
};

extern template std::unique_ptr<ResultCall<core::ScannedRows>> make_call(ScanRowsArgs&&);
extern template std::unique_ptr<ResultCall<Capacity>> make_call(PutRowsArgs&&);
extern template std::unique_ptr<ResultCall<core::CheckedRows>> make_call(CheckRowsArgs&&);

struct AsItIs {
  template <class R>
  bao::Result<R> operator()(const Context& /*context*/, R result) const {
    return result;
  }
};

/// As core::scan_rows.
[[nodiscard]] inline auto scan_rows(core::RowScan scan) {
  return Operation(ScanRowsArgs{.scan = std::move(scan)}, AsItIs{});
}
/// As core::put_rows.
[[nodiscard]] inline auto put_rows(std::vector<std::string> items) {
  return Operation(PutRowsArgs{.items = std::move(items)}, AsItIs{});
}

/// As core::check_rows.
[[nodiscard]] inline auto check_rows(std::vector<core::ItemRef> rows, core::Repairs repairs) {
  return Operation(CheckRowsArgs{.rows = std::move(rows), .repairs = repairs}, AsItIs{});
}

/// ConfigurationError where the client's table is not there, or is one that cannot hold models.
[[nodiscard]] inline auto check_table() {
  return Operation(TableArgs{.kind = TableArgs::Kind::check}, ToTableReport{});
}

}  // namespace bao::detail
