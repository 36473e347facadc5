#include <algorithm>
#include <memory>
#include <vector>

#include "local/capacity.hpp"
#include "local/expressions/parser.hpp"
#include "local/item/item_size.hpp"
#include "local/item/json_codec.hpp"
#include "local/keys.hpp"
#include "local/operations/common.hpp"
#include "local/operations/operations.hpp"

namespace bao::local {

namespace {

constexpr std::size_t keys_max = 100;
constexpr std::size_t answer_bytes_max = std::size_t{16} << 20;

/// What is asked of one table.
struct TableKeys {
  std::string_view table_name;
  ItemRequest request;            ///< its projection, names and ConsistentRead
  std::vector<std::string> keys;  ///< records
  bool null_key = false;          ///< one of them is null
  std::optional<ProjectionExpression> projection;
  Table* table = nullptr;
  std::vector<std::string> store_keys;

  bool read(RequestReader& reader) {
    if (!reader.enter_object()) return false;
    std::string_view name;
    while (reader.next_member(name)) {
      if (name != "Keys" || reader.peek() == core::JsonType::null) {
        if (!request.read_member(name, reader)) return false;
        continue;
      }
      if (!reader.enter_array()) return false;
      while (reader.next_element()) {
        std::optional<std::string> key;
        if (!reader.record(key)) return false;
        if (!request.invalid_value) request.invalid_value = reader.values().invalid_value();
        reader.values().clear_invalid_value();
        if (!key) null_key = true;
        keys.push_back(std::move(key).value_or(std::string()));
      }
    }
    if (reader.failed()) return false;
    request.bind();
    return true;
  }

  Outcome<void> parse() {
    request.ignore_values();
    if (auto done = check_table_name(table_name); !done) return done;
    if (auto done = check_not_mixed(request, RequestKind::batch_get); !done) return done;
    if (auto done = check_bindings(request, request.projection.has_value(), {}, false); !done) return done;
    if (request.invalid_value) return std::unexpected(*request.invalid_value);
    if (request.legacy && request.legacy->attributes_to_get) {
      auto built = legacy_projection(request);
      if (!built) return std::unexpected(std::move(built.error()));
      projection = std::move(*built);
    }
    if (!request.projection) return {};
    auto parsed = parse_projection(*request.projection, request.bindings);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    projection = std::move(*parsed);
    return check_all_used(request.bindings);
  }

  Outcome<void> locate(Database& database) {
    auto found = database.require(table_of_arn(table_name));
    if (!found) return std::unexpected(std::move(found.error()));
    table = *found;
    for (const std::string& key : keys) {
      if (auto done = check_key(table->keys, Encoded::of_record(key)); !done) return done;
      store_keys.push_back(item_key(table->keys, Encoded::of_record(key)));
    }
    if (projection) {
      if (auto done = check_key_paths(*table, projection->ast); !done) return done;
    }
    std::vector<std::string_view> sorted(store_keys.begin(), store_keys.end());
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
      return invalid("Provided list of item keys contains duplicates");
    }
    return {};
  }

  /// The request for the keys from `first` on, as it came.
  void write_unprocessed(core::JsonWriter& writer, std::size_t first) const {
    writer.key(table_name);
    writer.begin_object();
    writer.key("Keys");
    writer.begin_array();
    for (std::size_t i = first; i < keys.size(); ++i) write_item(writer, Encoded::of_record(keys[i]));
    writer.end_array();
    if (request.consistent) {
      writer.key("ConsistentRead");
      writer.boolean(*request.consistent);
    }
    if (request.projection) {
      writer.key("ProjectionExpression");
      writer.string(*request.projection);
    }
    if (request.legacy && request.legacy->attributes_to_get) {
      writer.key("AttributesToGet");
      writer.begin_array();
      for (const std::string_view name : *request.legacy->attributes_to_get) writer.string(name);
      writer.end_array();
    }
    if (request.has_names) {
      writer.key("ExpressionAttributeNames");
      writer.begin_object();
      for (const Bindings::Name& name : request.bindings.names) {
        writer.key(name.placeholder);
        writer.string(name.name);
      }
      writer.end_object();
    }
    writer.end_object();
  }
};

using Tables = std::vector<std::unique_ptr<TableKeys>>;

Outcome<std::string> answer_keys(Database& database, const Tables& tables, CapacityDetail detail) {
  std::string out;
  core::JsonWriter writer(out);
  std::vector<ConsumedCapacity> consumed;
  std::vector<std::size_t> read_keys;
  std::size_t bytes = 0;
  std::size_t keys_left = 0;
  for (const auto& entry : tables) keys_left += entry->keys.size();
  // A fault leaves half of the work, but a batch that does nothing would be an error.
  if (database.request_faults().leave_unprocessed) keys_left = (keys_left + 1) / 2;
  writer.begin_object();
  writer.key("Responses");
  writer.begin_object();
  for (const auto& entry : tables) {
    ConsumedCapacity& capacity = consumed.emplace_back(*entry->table);
    const bool consistent = entry->request.consistent.value_or(false);
    writer.key(entry->table_name);
    writer.begin_array();
    std::size_t done = 0;
    for (; done < entry->store_keys.size() && bytes < answer_bytes_max && keys_left > 0;
         ++done, --keys_left) {
      auto record = database.read(*entry->table, entry->store_keys[done]);
      if (!record) return std::unexpected(std::move(record.error()));
      const std::size_t size = record->empty() ? 0 : record_size(*record);
      if (bytes > 0 && bytes + size > answer_bytes_max) {
        bytes = answer_bytes_max;
        break;
      }
      bytes += size;
      capacity.add_table(read_units(size, consistent));
      if (record->empty()) continue;
      write_projected_item(writer, Encoded::of_record(*record),
                           entry->projection ? &*entry->projection : nullptr);
    }
    writer.end_array();
    read_keys.push_back(done);
  }
  writer.end_object();
  writer.key("UnprocessedKeys");
  writer.begin_object();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (read_keys[i] < tables[i]->keys.size()) tables[i]->write_unprocessed(writer, read_keys[i]);
  }
  writer.end_object();
  if (detail != CapacityDetail::none) {
    writer.key("ConsumedCapacity");
    writer.begin_array();
    for (const ConsumedCapacity& capacity : consumed) capacity.write(writer, detail);
    writer.end_array();
  }
  writer.end_object();
  return out;
}

}  // namespace

Outcome<std::string> batch_get_item(Database& database, std::string& body) {
  RequestReader reader(body);
  Tables tables;
  ItemRequest shared;
  bool has_items = false;
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
        tables.push_back(std::make_unique<TableKeys>());
        tables.back()->table_name = table_name;
        if (!tables.back()->read(reader)) return false;
      }
      if (reader.failed()) return false;
    }
    return reader.finish();
  };
  if (!read_request_items()) return std::unexpected(reader.take_error());

  Constraints constraints;
  constraints.one_of(shared.return_consumed_capacity, "returnConsumedCapacity", {"INDEXES", "TOTAL", "NONE"});
  constraints.require(has_items, "requestItems");
  if (has_items && tables.empty()) {
    constraints.fail("'{}'", "requestItems", "Member must have length greater than or equal to 1");
  }
  std::size_t keys = 0;
  for (const auto& entry : tables) {
    keys += entry->keys.size();
    constraints.name(table_of_arn(entry->table_name), "requestItems");
    if (entry->null_key) {
      constraints.fail("null", "requestItems." + std::string(entry->table_name) + ".member.keys.member",
                       "Member must not be null");
    }
    if (entry->keys.empty()) {
      constraints.fail("'[]'", "requestItems." + std::string(entry->table_name) + ".member.keys",
                       "Member must have length greater than or equal to 1");
    }
  }
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (keys > keys_max) return invalid("Too many items requested for the BatchGetItem call");
  for (const auto& entry : tables) {
    if (auto done = entry->parse(); !done) return std::unexpected(std::move(done.error()));
  }
  for (const auto& entry : tables) {
    if (auto done = entry->locate(database); !done) return std::unexpected(std::move(done.error()));
  }
  return answer_keys(database, tables, capacity_detail(shared.return_consumed_capacity.value_or("NONE")));
}

}  // namespace bao::local
