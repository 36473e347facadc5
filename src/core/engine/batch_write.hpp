#pragma once

#include <vector>

#include <bao/error.hpp>

#include "core/engine/write.hpp"

namespace bao::core {

/// BatchWriteItem takes this many puts and deletes at most.
inline constexpr std::size_t batch_writes_max = 25;

struct BatchWrite {
  /// The values of whole items, as create takes them. An item that stands there is replaced.
  std::vector<std::vector<Change>> puts;
  /// Keys of items to delete; one that is not there is no error.
  std::vector<KeyTexts> removes;
};

struct BatchWritten {
  std::vector<Written> puts;  ///< in the order given, with the units that each one's request consumed, shared
  Capacity capacity;
};

/// Puts whole items and deletes items, in chunks of 25, some in parallel, without conditions: the last writer
/// wins. Every item is checked before the first request. What the service leaves unprocessed is written
/// again. Where that ends with an error, items are written or not, each as a whole; the error tells how many.
/// ErrorCode::configuration for a model with unique constraints (their rows need transactions);
/// Of two puts of one item the later one counts. ErrorCode::validation where an item is both put and deleted.
[[nodiscard]] Task<Result<BatchWritten>> batch_write(Call& call, const Model& model, BatchWrite writes);

}  // namespace bao::core
