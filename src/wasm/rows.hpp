#pragma once

#include <optional>
#include <string>
#include <vector>

#include <bao/error.hpp>

#include "core/schema/schema.hpp"
#include "core/value/document.hpp"
#include "core/value/json_writer.hpp"
#include "wasm/json_tree.hpp"

namespace bao::wasm {

/// Writes items as rows: JSON arrays by field position (npm/src/bridge/contract.ts, Row).
class RowWriter {
 public:
  /// Appends the row of a stored item. ErrorCode::data_format, with nothing sensible appended, where an
  /// attribute is not what its field's type stores.
  [[nodiscard]] std::optional<Error> write(core::JsonWriter& out, const core::Model& model,
                                           const core::ItemRef& item);

 private:
  std::vector<std::uint32_t> nodes_;  // by field: the attribute's node in the document, or none
};

/// The stored item that a row was made of, as far as its fields tell; no item where a value of it cannot be
/// stored any more (a definition that became stricter), which costs a read where the item is needed.
[[nodiscard]] core::ItemRef item_of_row(const core::Model& model, const JsonNode* row);

}  // namespace bao::wasm
