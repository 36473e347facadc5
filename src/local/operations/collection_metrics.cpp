#include "local/operations/collection_metrics.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "local/item/json_codec.hpp"

namespace bao::local {

namespace {

/// The partition key's value, encoded.
Encoded collection_of(const WriteOperation& write) {
  const bool put = write.kind == WriteOperation::Kind::put;
  const Encoded item = Encoded::of_record(put ? *write.request.item : *write.request.key);
  return item.find(write.table->keys.partition.name);
}

}  // namespace

void write_collection_metrics(core::JsonWriter& writer, const WriteOperation& write) {
  writer.begin_object();
  writer.key("ItemCollectionKey");
  writer.begin_object();
  writer.key(write.table->keys.partition.name);
  write_value(writer, collection_of(write));
  writer.end_object();
  writer.key("SizeEstimateRangeGB");
  writer.begin_array();
  writer.raw("0.0");
  writer.raw("1.0");
  writer.end_array();
  writer.end_object();
}

void write_all_collection_metrics(core::JsonWriter& writer,
                                  const std::vector<std::unique_ptr<WriteOperation>>& writes,
                                  std::size_t count) {
  std::map<std::string_view, std::vector<const WriteOperation*>> collections;  // by table
  for (std::size_t i = 0; i < count; ++i) {
    const WriteOperation& write = *writes[i];
    if (write.kind == WriteOperation::Kind::check || !write.table->has_local_indexes()) continue;
    std::vector<const WriteOperation*>& of_table = collections[write.table->name];
    const bool known = std::ranges::any_of(of_table, [&write](const WriteOperation* other) {
      return collection_of(*other).bytes() == collection_of(write).bytes();
    });
    if (!known) of_table.push_back(&write);
  }
  if (collections.empty()) return;
  writer.key("ItemCollectionMetrics");
  writer.begin_object();
  for (const auto& [table, of_table] : collections) {
    writer.key(table);
    writer.begin_array();
    for (const WriteOperation* write : of_table) write_collection_metrics(writer, *write);
    writer.end_array();
  }
  writer.end_object();
}

}  // namespace bao::local
