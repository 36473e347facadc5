#pragma once

#include <memory>
#include <vector>

#include "core/value/json_writer.hpp"
#include "local/operations/write.hpp"

namespace bao::local {

/// The metrics of the item collection that a write belongs to.
void write_collection_metrics(core::JsonWriter& writer, const WriteOperation& write);

/// "ItemCollectionMetrics" of the first `count` writes of a batch or transaction: by table, each collection
/// that they change once. Tables without local indexes have no collections; nothing is written where there
/// are none at all.
void write_all_collection_metrics(core::JsonWriter& writer,
                                  const std::vector<std::unique_ptr<WriteOperation>>& writes,
                                  std::size_t count);

}  // namespace bao::local
