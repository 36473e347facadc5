#include <algorithm>
#include <utility>

#include "local/item/item_size.hpp"
#include "local/keys.hpp"
#include "local/operations/common.hpp"
#include "local/operations/describe.hpp"
#include "local/operations/operations.hpp"
#include "local/operations/table_request.hpp"

namespace bao::local {

namespace {

constexpr std::size_t local_indexes_max = 5;
constexpr std::size_t global_indexes_max = 20;

std::unexpected<ApiError> bad_parameter(const std::string& message) {
  return invalid("One or more parameter values were invalid: " + message);
}

/// A name for the table's life in the form of a UUID, from its name and birth.
std::string table_id(std::string_view name, std::int64_t created_ms) {
  static constexpr std::string_view digits = "0123456789abcdef";
  const std::uint64_t words[2] = {partition_hash(name), partition_hash(std::to_string(created_ms))};
  std::string id;
  for (unsigned i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) id += '-';
    id += digits[words[i / 16] >> (4 * (i % 16)) & 0xF];
  }
  return id;
}

Outcome<Table> define_table(const TableRequest& request) {
  Table table;
  table.name = *request.table_name;
  table.pay_per_request = request.pay_per_request();
  table.deletion_protection = request.deletion_protection.value_or(false);
  if (table.pay_per_request && request.throughput) {
    return bad_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (!table.pay_per_request && !request.throughput) {
    return bad_parameter(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  }
  if (request.throughput) table.throughput = {*request.throughput->read, *request.throughput->write};
  table.attributes = attribute_definitions(request);
  auto keys = key_schema(*request.keys, table.attributes);
  if (!keys) return std::unexpected(std::move(keys.error()));
  table.keys = std::move(*keys);

  for (const auto* requests : {&request.local_indexes, &request.global_indexes}) {
    if (!*requests) continue;
    const bool global = requests == &request.global_indexes;
    if ((*requests)->empty()) {
      return bad_parameter("List of " +
                           std::string(global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes") +
                           " is empty");
    }
    if ((*requests)->size() > (global ? global_indexes_max : local_indexes_max)) {
      return bad_parameter(std::string(global ? "GlobalSecondaryIndex" : "LocalSecondaryIndex") +
                           " count exceeds the per-table limit of " +
                           std::to_string(global ? global_indexes_max : local_indexes_max));
    }
    for (const IndexRequest& index_request : **requests) {
      if (table.index(*index_request.name))
        return bad_parameter("Duplicate index name: " + std::string(*index_request.name));
      auto index = secondary_index(index_request, table.keys, table.attributes, table.pay_per_request);
      if (!index) return std::unexpected(std::move(index.error()));
      table.indexes.push_back(std::move(*index));
    }
  }
  for (const KeyAttribute& attribute : table.attributes) {
    bool used = is_key(table.keys, attribute.name);
    for (const SecondaryIndex& index : table.indexes) used = used || is_key(index.keys, attribute.name);
    if (used) continue;
    if (table.indexes.empty()) {
      return bad_parameter(
          "Number of attributes in KeySchema does not exactly match number of attributes defined in "
          "AttributeDefinitions");
    }
    return bad_parameter("Some AttributeDefinitions are not used. AttributeDefinitions: the attribute " +
                         attribute.name + " is part of no key");
  }
  return table;
}

std::string description(std::string_view member, const Table& table, std::string_view status) {
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key(member);
  write_table_description(writer, table, status);
  writer.end_object();
  return out;
}

/// Fills a new index from the items that the table has. One item's keys may not fit: it stays out.
Outcome<void> backfill(Database& database, const Table& table, const SecondaryIndex& index) {
  WriteBatch batch;
  auto cursor = database.store().cursor(table.space);
  for (bool more = cursor->seek({}); more; more = cursor->next()) {
    const Encoded item = Encoded::of_record(cursor->value());
    const auto fits = [&](const KeyAttribute& key, std::size_t size_max) {
      const Encoded value = item.find(key.name);
      return value.present() && value.tag() == key.type &&
             (key.type == Tag::number || !value.text().empty()) && value.text().size() <= size_max;
    };
    if (!fits(index.keys.partition, partition_key_size_max)) continue;
    if (index.keys.sort && !fits(*index.keys.sort, sort_key_size_max)) continue;
    batch.put(index.space, index_key(index, item, cursor->key()), {});
  }
  if (cursor->error()) return std::unexpected(internal_error(cursor->error()->message));
  return database.commit(batch);
}

Outcome<void> apply_index_update(Database& database, Table& table, const TableRequest::IndexUpdate& update) {
  if (update.create) {
    if (table.index(*update.create->name))
      return invalid("Attempting to create an index which already exists");
    auto index = secondary_index(*update.create, table.keys, table.attributes, table.pay_per_request);
    if (!index) return std::unexpected(std::move(index.error()));
    index->space = database.new_space();
    if (auto done = backfill(database, table, *index); !done) return done;
    table.indexes.push_back(std::move(*index));
    return {};
  }
  const std::string_view name = update.remove.value_or(update.update.value_or(""));
  const auto found =
      std::find_if(table.indexes.begin(), table.indexes.end(),
                   [name](const SecondaryIndex& index) { return index.global && index.name == name; });
  if (found == table.indexes.end())
    return std::unexpected(resource_not_found("Requested resource not found"));
  if (update.remove) {
    WriteBatch batch;
    batch.drop_space(found->space);
    if (auto done = database.commit(batch); !done) return done;
    table.indexes.erase(found);
    return {};
  }
  if (update.throughput.read && update.throughput.write) {
    found->throughput = {*update.throughput.read, *update.throughput.write};
  }
  return {};
}

Outcome<void> merge_attributes(Table& table, const TableRequest& request) {
  for (KeyAttribute& attribute : attribute_definitions(request)) {
    const KeyAttribute* known = table.attribute(attribute.name);
    if (!known) {
      table.attributes.push_back(std::move(attribute));
    } else if (known->type != attribute.type) {
      return bad_parameter("Attribute " + attribute.name + " is defined with another type already");
    }
  }
  return {};
}

void drop_unused_attributes(Table& table) {
  std::erase_if(table.attributes, [&](const KeyAttribute& attribute) {
    bool used = is_key(table.keys, attribute.name);
    for (const SecondaryIndex& index : table.indexes) used = used || is_key(index.keys, attribute.name);
    return !used;
  });
}

/// The requests that hold little more than a table's name.
struct NamedRequest {
  std::optional<std::string_view> table_name;
  std::optional<std::string_view> exclusive_start;
  std::optional<std::int64_t> limit;
  bool has_ttl = false;
  std::optional<std::string_view> ttl_attribute;
  std::optional<bool> ttl_enabled;

  Outcome<void> read(std::string& body) {
    RequestReader reader(body);
    const auto read_members = [&] {
      if (!reader.enter_object()) return false;
      std::string_view name;
      while (reader.next_member(name)) {
        bool good = true;
        if (name == "TableName") {
          good = reader.string(table_name);
        } else if (name == "ExclusiveStartTableName") {
          good = reader.string(exclusive_start);
        } else if (name == "Limit") {
          good = reader.integer(limit);
        } else if (name == "TimeToLiveSpecification" && reader.peek() != core::JsonType::null) {
          has_ttl = true;
          good = reader.enter_object();
          while (good && reader.next_member(name)) {
            good = name == "AttributeName" ? reader.string(ttl_attribute)
                   : name == "Enabled"     ? reader.boolean(ttl_enabled)
                                           : reader.skip();
          }
        } else {
          good = reader.skip();
        }
        if (!good) return false;
      }
      return reader.finish();
    };
    if (!read_members()) return std::unexpected(reader.take_error());
    return {};
  }
};

/// Reads a request and finds its table, which must be there.
Outcome<Table*> named_table(Database& database, std::string& body, NamedRequest& request) {
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  Constraints constraints;
  constraints.require(request.table_name.has_value(), "tableName");
  if (request.table_name) constraints.name(table_of_arn(*request.table_name), "tableName");
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = check_table_name(*request.table_name); !done)
    return std::unexpected(std::move(done.error()));
  const std::string_view name = table_of_arn(*request.table_name);
  if (Table* table = database.find(name)) return table;
  return std::unexpected(
      resource_not_found("Requested resource not found: Table: " + std::string(name) + " not found"));
}

}  // namespace

Outcome<std::string> create_table(Database& database, std::string& body) {
  TableRequest request;
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  Constraints constraints;
  request.constraints(constraints, true);
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  auto defined = define_table(request);
  if (!defined) return std::unexpected(std::move(defined.error()));
  if (database.find(defined->name)) {
    return std::unexpected(resource_in_use("Table already exists: " + defined->name));
  }
  auto table = std::make_unique<Table>(std::move(*defined));
  table->created_ms = database.now_ms();
  table->id = table_id(table->name, table->created_ms);
  table->space = database.new_space();
  for (SecondaryIndex& index : table->indexes) index.space = database.new_space();
  std::string answer = description("TableDescription", *table, "ACTIVE");
  std::string name = table->name;
  database.tables().emplace(std::move(name), std::move(table));
  return answer;
}

Outcome<std::string> update_table(Database& database, std::string& body) {
  TableRequest request;
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  Constraints constraints;
  request.constraints(constraints, false);
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  const bool any_index_update = request.index_updates && !request.index_updates->empty();
  if (!request.throughput && !request.billing_mode && !any_index_update && !request.deletion_protection) {
    return invalid(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required");
  }
  const std::string_view name = table_of_arn(*request.table_name);
  Table* table = database.find(name);
  if (!table) {
    return std::unexpected(
        resource_not_found("Requested resource not found: Table: " + std::string(name) + " not found"));
  }
  std::size_t structural = 0;
  if (request.index_updates) {
    for (const TableRequest::IndexUpdate& update : *request.index_updates) {
      const int kinds = (update.create ? 1 : 0) + (update.remove ? 1 : 0) + (update.update ? 1 : 0);
      if (kinds != 1) {
        return bad_parameter(
            "One of GlobalSecondaryIndexUpdate's Create, Delete and Update must be specified, and only one");
      }
      if (!update.update) ++structural;
    }
  }
  if (structural > 1) {
    return std::unexpected(service_error(
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"));
  }
  std::size_t global_count = structural;
  for (const SecondaryIndex& index : table->indexes) global_count += index.global ? 1 : 0;
  if (global_count > global_indexes_max + 1 ||
      (global_count > global_indexes_max && request.index_updates->front().create)) {
    return std::unexpected(service_error(
        "LimitExceededException",
        "Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the per-table limit of 20"));
  }
  // Everything happens on a copy that takes the table's place at the end: an update is whole or not at all.
  Table changed = *table;
  if (auto done = merge_attributes(changed, request); !done) return std::unexpected(std::move(done.error()));
  if (request.billing_mode) {
    changed.pay_per_request = request.pay_per_request();
    if (changed.pay_per_request) changed.throughput = {};
    if (!changed.pay_per_request && !request.throughput && table->pay_per_request) {
      return bad_parameter(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
    }
  }
  if (request.throughput) {
    if (changed.pay_per_request) {
      return bad_parameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
          "PAY_PER_REQUEST");
    }
    changed.throughput = {*request.throughput->read, *request.throughput->write};
  }
  if (request.deletion_protection) changed.deletion_protection = *request.deletion_protection;
  if (request.index_updates) {
    for (const TableRequest::IndexUpdate& update : *request.index_updates) {
      if (auto done = apply_index_update(database, changed, update); !done) {
        return std::unexpected(std::move(done.error()));
      }
    }
  }
  drop_unused_attributes(changed);
  *table = std::move(changed);
  return description("TableDescription", *table, "ACTIVE");
}

Outcome<std::string> delete_table(Database& database, std::string& body) {
  NamedRequest request;
  auto table = named_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  if ((*table)->deletion_protection) {
    return invalid(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
        "protection first.");
  }
  WriteBatch batch;
  batch.drop_space((*table)->space);
  for (const SecondaryIndex& index : (*table)->indexes) batch.drop_space(index.space);
  if (auto done = database.commit(batch); !done) return std::unexpected(std::move(done.error()));
  std::string answer = description("TableDescription", **table, "DELETING");
  database.tables().erase(database.tables().find((*table)->name));
  return answer;
}

Outcome<std::string> describe_table(Database& database, std::string& body) {
  NamedRequest request;
  auto table = named_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  return description("Table", **table, "ACTIVE");
}

Outcome<std::string> list_tables(Database& database, std::string& body) {
  NamedRequest request;
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  Constraints constraints;
  constraints.name(request.exclusive_start, "exclusiveStartTableName");
  constraints.at_least(request.limit, "limit", 1);
  constraints.at_most(request.limit, "limit", 100);
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  const std::int64_t limit = request.limit.value_or(100);
  const auto& tables = database.tables();
  auto at = request.exclusive_start ? tables.upper_bound(*request.exclusive_start) : tables.begin();
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("TableNames");
  writer.begin_array();
  std::string_view last;
  for (std::int64_t shown = 0; at != tables.end() && shown < limit; ++at, ++shown) {
    last = at->first;
    writer.string(last);
  }
  writer.end_array();
  if (at != tables.end()) {
    writer.key("LastEvaluatedTableName");
    writer.string(last);
  }
  writer.end_object();
  return out;
}

Outcome<std::string> update_time_to_live(Database& database, std::string& body) {
  NamedRequest request;
  auto table = named_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  Constraints constraints;
  constraints.require(request.has_ttl, "timeToLiveSpecification");
  if (request.has_ttl) {
    constraints.require(request.ttl_attribute.has_value(), "timeToLiveSpecification.attributeName");
    constraints.require(request.ttl_enabled.has_value(), "timeToLiveSpecification.enabled");
  }
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (request.ttl_attribute->empty())
    return invalid("TimeToLiveSpecification.AttributeName must be non empty");
  std::optional<std::string>& current = (*table)->ttl_attribute;
  if (*request.ttl_enabled) {
    if (current == *request.ttl_attribute) return invalid("TimeToLive is already enabled");
    if (current)
      return invalid("TimeToLive is active on a different AttributeName: current AttributeName is " +
                     *current);
    current = std::string(*request.ttl_attribute);
  } else {
    if (!current) return invalid("TimeToLive is already disabled");
    if (*current != *request.ttl_attribute) {
      return invalid("TimeToLive is active on a different AttributeName: current AttributeName is " +
                     *current);
    }
    current.reset();
  }
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("TimeToLiveSpecification");
  writer.begin_object();
  writer.key("Enabled");
  writer.boolean(*request.ttl_enabled);
  writer.key("AttributeName");
  writer.string(*request.ttl_attribute);
  writer.end_object();
  writer.end_object();
  return out;
}

Outcome<std::string> describe_time_to_live(Database& database, std::string& body) {
  NamedRequest request;
  auto table = named_table(database, body, request);
  if (!table) return std::unexpected(std::move(table.error()));
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key("TimeToLiveDescription");
  writer.begin_object();
  writer.key("TimeToLiveStatus");
  writer.string((*table)->ttl_attribute ? "ENABLED" : "DISABLED");
  if ((*table)->ttl_attribute) {
    writer.key("AttributeName");
    writer.string(*(*table)->ttl_attribute);
  }
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace bao::local
