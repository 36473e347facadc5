#include <algorithm>
#include <memory>
#include <vector>

#include "local/capacity.hpp"
#include "local/item/item_size.hpp"
#include "local/item/json_codec.hpp"
#include "local/operations/collection_metrics.hpp"
#include "local/operations/common.hpp"
#include "local/operations/operations.hpp"
#include "local/operations/write.hpp"

namespace bao::local {

namespace {

constexpr std::size_t writes_max = 25;
constexpr std::size_t request_bytes_max = std::size_t{16} << 20;

struct Writes {
  std::vector<std::unique_ptr<WriteOperation>> operations;
  std::optional<ApiError> misuse;

  /// One element of a table's list: {"PutRequest": {"Item": ...}} or {"DeleteRequest": {"Key": ...}}.
  bool read(std::string_view table_name, RequestReader& reader) {
    if (!reader.enter_object()) return false;
    auto write = std::make_unique<WriteOperation>();
    write->request.table_name = table_name;
    unsigned kinds = 0;
    std::string_view name;
    while (reader.next_member(name)) {
      const bool put = name == "PutRequest";
      if ((!put && name != "DeleteRequest") || reader.peek() == core::JsonType::null) {
        if (!reader.skip()) return false;
        continue;
      }
      ++kinds;
      write->kind = put ? WriteOperation::Kind::put : WriteOperation::Kind::remove;
      if (!reader.enter_object()) return false;
      while (reader.next_member(name)) {
        const bool known = name == (put ? "Item" : "Key");
        if (!(known ? write->request.read_member(name, reader) : reader.skip())) return false;
      }
      if (!misuse && !(put ? write->request.item : write->request.key)) {
        misuse =
            validation_error("1 validation error detected: Value null at 'requestItems." +
                             std::string(table_name) + ".member." + std::to_string(operations.size() + 1) +
                             ".member." + (put ? "putRequest.item" : "deleteRequest.key") +
                             "' failed to satisfy constraint: Member must not be null");
      }
    }
    if (reader.failed()) return false;
    if (kinds != 1 && !misuse) {
      misuse = validation_error(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
          "supported datatypes");
    }
    operations.push_back(std::move(write));
    return true;
  }
};

/// Whether the key attributes are there and of the right types.
bool has_key(const Table& table, const std::string& record) {
  const Encoded item = Encoded::of_record(record);
  const auto fits = [&item](const KeyAttribute& key) {
    const Encoded value = item.find(key.name);
    return value.present() && value.tag() == key.type;
  };
  return fits(table.keys.partition) && (!table.keys.sort || fits(*table.keys.sort));
}

/// The operations from `first` on as they came, table by table.
void write_unprocessed(core::JsonWriter& writer, const Writes& writes, std::size_t first) {
  std::string_view table_name;
  for (std::size_t i = first; i < writes.operations.size(); ++i) {
    const WriteOperation& write = *writes.operations[i];
    if (i == first || *write.request.table_name != table_name) {
      if (i > first) writer.end_array();
      table_name = *write.request.table_name;
      writer.key(table_name);
      writer.begin_array();
    }
    const bool put = write.kind == WriteOperation::Kind::put;
    writer.begin_object();
    writer.key(put ? "PutRequest" : "DeleteRequest");
    writer.begin_object();
    writer.key(put ? "Item" : "Key");
    write_item(writer, Encoded::of_record(put ? *write.request.item : *write.request.key));
    writer.end_object();
    writer.end_object();
  }
  if (first < writes.operations.size()) writer.end_array();
}

/// `done`: the operations that were carried out.
std::string answer(const Writes& writes, std::size_t done, const ItemRequest& shared) {
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("UnprocessedItems");
  writer.begin_object();
  write_unprocessed(writer, writes, done);
  writer.end_object();
  const CapacityDetail detail = capacity_detail(shared.return_consumed_capacity.value_or("NONE"));
  if (detail != CapacityDetail::none) {
    std::vector<ConsumedCapacity> consumed;
    for (std::size_t i = 0; i < done; ++i) {
      const auto& write = writes.operations[i];
      auto found = std::find_if(consumed.begin(), consumed.end(), [&](const ConsumedCapacity& capacity) {
        return &capacity.table() == write->table;
      });
      if (found == consumed.end()) found = consumed.insert(consumed.end(), ConsumedCapacity(*write->table));
      write->charge(*found);
    }
    writer.key("ConsumedCapacity");
    writer.begin_array();
    for (const ConsumedCapacity& capacity : consumed) capacity.write(writer, detail);
    writer.end_array();
  }
  if (shared.return_metrics == "SIZE") write_all_collection_metrics(writer, writes.operations, done);
  writer.end_object();
  return out;
}

}  // namespace

Outcome<std::string> batch_write_item(Database& database, std::string& body) {
  RequestReader reader(body);
  Writes writes;
  ItemRequest shared;
  Constraints constraints;
  bool has_items = false;
  std::size_t tables = 0;
  const auto read_request_items = [&] {
    if (!reader.enter_object()) return false;
    std::string_view member;
    while (reader.next_member(member)) {
      if (member != "RequestItems" || reader.peek() == core::JsonType::null) {
        if (!shared.read_member(member, reader)) return false;
        continue;
      }
      has_items = true;
      if (!reader.enter_object()) return false;
      std::string_view table_name;
      while (reader.next_member(table_name)) {
        ++tables;
        constraints.name(table_of_arn(table_name), "requestItems");
        const std::size_t before = writes.operations.size();
        if (!reader.enter_array()) return false;
        while (reader.next_element()) {
          if (!writes.read(table_name, reader)) return false;
        }
        if (reader.failed()) return false;
        if (writes.operations.size() == before) {
          constraints.fail("'{" + std::string(table_name) + "=[]}'", "requestItems",
                           "Map value must satisfy constraint: [Member must have length less than or equal "
                           "to 25, Member must have length greater than or equal to 1]");
        }
      }
      if (reader.failed()) return false;
    }
    return reader.finish();
  };
  if (!read_request_items()) return std::unexpected(reader.take_error());

  constraints.one_of(shared.return_consumed_capacity, "returnConsumedCapacity", {"INDEXES", "TOTAL", "NONE"});
  constraints.one_of(shared.return_metrics, "returnItemCollectionMetrics", {"SIZE", "NONE"});
  constraints.require(has_items, "requestItems");
  if (has_items && tables == 0) {
    constraints.fail("'{}'", "requestItems", "Member must have length greater than or equal to 1");
  }
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (writes.operations.size() > writes_max)
    return invalid("Too many items requested for the BatchWriteItem call");
  if (writes.misuse) return std::unexpected(*writes.misuse);
  std::size_t bytes = 0;
  for (const auto& write : writes.operations) {
    if (auto done = check_table_name(*write->request.table_name); !done)
      return std::unexpected(std::move(done.error()));
    if (auto done = write->parse(); !done) return std::unexpected(std::move(done.error()));
    if (write->request.item) bytes += record_size(*write->request.item);
  }
  if (bytes > request_bytes_max)
    return invalid("The request is larger than the 16 MB that BatchWriteItem takes");
  for (const auto& write : writes.operations) {
    if (auto done = write->locate(database); !done) {
      // This one operation says it in the words for a Key.
      if (write->table && write->request.item && !has_key(*write->table, *write->request.item)) {
        return invalid("The provided key element does not match the schema");
      }
      return std::unexpected(std::move(done.error()));
    }
  }
  for (std::size_t i = 1; i < writes.operations.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (writes.operations[i]->table == writes.operations[j]->table &&
          writes.operations[i]->key == writes.operations[j]->key) {
        return invalid("Provided list of item keys contains duplicates");
      }
    }
  }
  std::size_t done = writes.operations.size();
  if (database.request_faults().leave_unprocessed) done = (done + 1) / 2;
  WriteBatch batch;
  for (std::size_t i = 0; i < done; ++i) {
    WriteOperation& write = *writes.operations[i];
    if (auto found = write.evaluate(database); !found) return std::unexpected(std::move(found.error()));
    write.stage(batch);
  }
  if (auto committed = database.commit(batch); !committed) {
    return std::unexpected(std::move(committed.error()));
  }
  for (std::size_t i = 0; i < done; ++i) writes.operations[i]->count(database);
  return answer(writes, done, shared);
}

}  // namespace bao::local
