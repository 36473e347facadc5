#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/value/document.hpp"

// Items of the engine's table as they lie there, of whatever model or none: for export and import.
namespace bao::core {

struct RowScan {
  /// Where an earlier page of the same segment ended: its last_evaluated_key.
  Value start_key;
  std::int64_t segment = 0;
  std::int64_t total_segments = 1;  ///< 1 to 1,000,000
  /// Rows of one page at the most. Nothing: as many as fit a page of 1 MB.
  std::optional<std::int64_t> limit;
  bool consistent = false;
};

struct ScannedRows {
  std::vector<ItemRef> items;
  Value last_evaluated_key;  ///< a map of key attributes; null at the segment's end
  Capacity capacity;
};

/// One page of a Scan of the whole table.
[[nodiscard]] Task<Result<ScannedRows>> scan_rows(Call& call, RowScan scan);

/// BatchWriteItem takes this many items at the most.
inline constexpr std::size_t put_rows_max = 25;

/// Puts items as they are, replacing those of the same keys, in one BatchWriteItem of at most 25 items and 16
/// MB. `items` are JSON texts ({"name":{"S":"x"},...}). What the service leaves unprocessed is sent again.
/// Where that ends with an error, some of the items may be written, each as a whole. Gives what was consumed.
[[nodiscard]] Task<Result<Capacity>> put_rows(Call& call, std::vector<std::string> items);

}  // namespace bao::core
