#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "local/operations/write.hpp"

// PutItem, UpdateItem, DeleteItem and GetItem between the decoding of a request and the encoding of its
// answer: what JSON and typed callers have in common.

namespace bao::local {

/// From the request's checks to the commit.
[[nodiscard]] Outcome<void> run_write(Database& database, WriteOperation& write);
/// The values that ReturnValues asks for; not present() where there are none. `part` holds those that are
/// only a part of the item.
[[nodiscard]] Encoded returned_values(const WriteOperation& write, std::string& part);

struct ItemRead {
  const Table* table = nullptr;
  std::string_view record;  ///< valid until the next commit; empty: no item
  std::optional<ProjectionExpression> projection;
  HalfUnits units = 0;
};
[[nodiscard]] Outcome<ItemRead> run_get(Database& database, ItemRequest& request);

}  // namespace bao::local
