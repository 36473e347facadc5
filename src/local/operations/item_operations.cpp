#include "local/capacity.hpp"
#include "local/item/json_codec.hpp"
#include "local/operations/collection_metrics.hpp"
#include "local/operations/common.hpp"
#include "local/operations/operations.hpp"
#include "local/operations/single_item.hpp"

namespace bao::local {

namespace {

using Kind = WriteOperation::Kind;

Outcome<std::string> write_one(Database& database, std::string& body, Kind kind) {
  WriteOperation write;
  write.kind = kind;
  if (auto done = read_request(body, write.request); !done) return std::unexpected(std::move(done.error()));
  if (auto done = run_write(database, write); !done) return std::unexpected(std::move(done.error()));

  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  std::string part;
  if (const Encoded attributes = returned_values(write, part); attributes.present()) {
    writer.key("Attributes");
    write_item(writer, attributes);
  }
  const CapacityDetail detail = capacity_detail(write.request.return_consumed_capacity.value_or("NONE"));
  if (detail != CapacityDetail::none) {
    ConsumedCapacity capacity(*write.table);
    write.charge(capacity);
    writer.key("ConsumedCapacity");
    capacity.write(writer, detail);
  }
  if (write.request.return_metrics == "SIZE" && write.table->has_local_indexes()) {
    writer.key("ItemCollectionMetrics");
    write_collection_metrics(writer, write);
  }
  writer.end_object();
  return out;
}

}  // namespace

Outcome<std::string> put_item(Database& database, std::string& body) {
  return write_one(database, body, Kind::put);
}
Outcome<std::string> update_item(Database& database, std::string& body) {
  return write_one(database, body, Kind::update);
}
Outcome<std::string> delete_item(Database& database, std::string& body) {
  return write_one(database, body, Kind::remove);
}

Outcome<std::string> get_item(Database& database, std::string& body) {
  ItemRequest request;
  if (auto done = read_request(body, request); !done) return std::unexpected(std::move(done.error()));
  auto read = run_get(database, request);
  if (!read) return std::unexpected(std::move(read.error()));

  std::string out;
  out.reserve(read->record.size() * 2 + 64);
  core::JsonWriter writer(out);
  writer.begin_object();
  if (!read->record.empty()) {
    writer.key("Item");
    write_projected_item(writer, Encoded::of_record(read->record),
                         read->projection ? &*read->projection : nullptr);
  }
  const CapacityDetail detail = capacity_detail(request.return_consumed_capacity.value_or("NONE"));
  if (detail != CapacityDetail::none) {
    ConsumedCapacity capacity(*read->table);
    capacity.add_table(read->units);
    writer.key("ConsumedCapacity");
    capacity.write(writer, detail);
  }
  writer.end_object();
  return out;
}

}  // namespace bao::local
