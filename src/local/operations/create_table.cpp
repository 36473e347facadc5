#include <utility>

#include "local/keys.hpp"
#include "local/operations/common.hpp"
#include "local/operations/describe.hpp"
#include "local/operations/operations.hpp"
#include "local/operations/table_request.hpp"

namespace bao::local {

namespace {

constexpr std::size_t local_indexes_max = 5;

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
  table.table_class = request.requested_class();
  table.attributes = attribute_definitions(request);
  if (auto done = check_named_once(table.attributes); !done) return std::unexpected(std::move(done.error()));
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
  if (auto done = check_projections(table.indexes); !done) return std::unexpected(std::move(done.error()));
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
  if (request.tags) {
    for (const TagRequest& tag : *request.tags) {
      table.tags.push_back({std::string(*tag.key), std::string(*tag.value)});
    }
  }
  return table;
}

}  // namespace

Outcome<std::string> create_table(Database& database, std::string& body) {
  TableRequest request;
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  Constraints constraints;
  request.constraints(constraints, true);
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = request.check_stream(); !done) return std::unexpected(std::move(done.error()));
  if (request.tags) {
    if (auto done = check_tags(*request.tags); !done) return std::unexpected(std::move(done.error()));
  }
  auto defined = define_table(request);
  if (!defined) return std::unexpected(std::move(defined.error()));
  if (database.find(defined->name)) {
    return std::unexpected(resource_in_use("Table already exists: " + defined->name));
  }
  auto table = std::make_unique<Table>(std::move(*defined));
  table->created_ms = database.now_ms();
  table->billing_changed_ms = table->created_ms;
  table->id = table_id(table->name, table->created_ms);
  table->space = database.new_space();
  for (SecondaryIndex& index : table->indexes) index.space = database.new_space();
  database.begin(*table, Phase::creating);
  auto added = database.add(std::move(table));
  if (!added) return std::unexpected(std::move(added.error()));
  return table_description("TableDescription", **added);
}

}  // namespace bao::local
