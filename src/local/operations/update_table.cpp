#include <algorithm>
#include <utility>

#include "local/capacity.hpp"
#include "local/item/item_size.hpp"
#include "local/keys.hpp"
#include "local/operations/common.hpp"
#include "local/operations/describe.hpp"
#include "local/operations/named_request.hpp"
#include "local/operations/operations.hpp"
#include "local/operations/table_request.hpp"

namespace bao::local {

namespace {

std::unexpected<ApiError> bad_parameter(const std::string& message) {
  return invalid("One or more parameter values were invalid: " + message);
}

/// Fills a new index from the items that the table has. One item's keys may not fit: it stays out.
Outcome<void> backfill(Database& database, const Table& table, SecondaryIndex& index, WriteBatch& batch) {
  auto cursor = database.store().cursor(table.space);
  for (bool more = cursor->seek({}); more; more = cursor->next()) {
    const Encoded item = Encoded::of_record(cursor->value());
    std::string entry = index_key(index, item, cursor->key());
    if (entry.empty()) continue;
    ++index.entries;
    index.bytes += projected_size(table, index, item, record_size(cursor->value()));
    batch.put(index.space, std::move(entry), {});
  }
  if (cursor->error()) return std::unexpected(internal_error(cursor->error()->message));
  return {};
}

std::unexpected<ApiError> unchanged(const std::string& what, const Throughput& throughput) {
  const std::string read = std::to_string(throughput.read);
  const std::string write = std::to_string(throughput.write);
  return invalid("The provisioned throughput for the " + what +
                 " will not change. The requested value equals the current value. Current ReadCapacityUnits "
                 "provisioned for the " +
                 what + ": " + read + ". Requested ReadCapacityUnits: " + read +
                 ". Current WriteCapacityUnits provisioned for the " + what + ": " + write +
                 ". Requested WriteCapacityUnits: " + write + ".");
}

std::string_view index_name(const TableRequest::IndexUpdate& update) {
  if (update.create) return *update.create->name;
  return *(update.remove ? update.remove : update.update)->name;
}

/// Each index may be in one update of a request only; how many indexes are made and deleted is told in
/// `structural`.
Outcome<void> check_index_updates(const std::vector<TableRequest::IndexUpdate>& updates,
                                  std::size_t& structural) {
  for (auto update = updates.begin(); update != updates.end(); ++update) {
    const int kinds = (update->create ? 1 : 0) + (update->remove ? 1 : 0) + (update->update ? 1 : 0);
    if (kinds != 1) {
      return bad_parameter(
          "One of GlobalSecondaryIndexUpdate's Create, Delete and Update must be specified, and only one");
    }
    const std::string_view name = index_name(*update);
    if (std::any_of(updates.begin(), update,
                    [name](const auto& other) { return index_name(other) == name; })) {
      return bad_parameter(
          "Only one global secondary index update per index is allowed simultaneously. Index: " +
          std::string(name));
    }
    if (!update->update) ++structural;
  }
  return {};
}

/// Changes the definition and stages what that changes in the store. `was_provisioned`: before the request.
Outcome<void> apply_index_update(Database& database, Table& table, const TableRequest::IndexUpdate& update,
                                 bool was_provisioned, WriteBatch& batch) {
  if (update.create) {
    if (table.index(*update.create->name))
      return invalid("Attempting to create an index which already exists");
    auto index = secondary_index(*update.create, table.keys, table.attributes, table.pay_per_request);
    if (!index) return std::unexpected(std::move(index.error()));
    index->space = database.new_space();
    if (auto done = backfill(database, table, *index, batch); !done) return done;
    index->phase = Phase::creating;
    table.indexes.push_back(std::move(*index));
    return {};
  }
  const std::string_view name = index_name(update);
  const auto found =
      std::find_if(table.indexes.begin(), table.indexes.end(),
                   [name](const SecondaryIndex& index) { return index.global && index.name == name; });
  if (found == table.indexes.end())
    return std::unexpected(resource_not_found("Requested resource not found"));
  if (update.remove) {
    batch.drop_space(found->space);
    table.leaving_indexes.push_back(std::move(*found));
    table.indexes.erase(found);
    return {};
  }
  const Throughput wanted{*update.update->throughput->read, *update.update->throughput->write};
  if (was_provisioned && wanted == found->throughput) return unchanged("index " + found->name, wanted);
  found->throughput = wanted;
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

}  // namespace

Outcome<std::string> update_table(Database& database, std::string& body) {
  TableRequest request;
  if (auto done = request.read(body); !done) return std::unexpected(std::move(done.error()));
  Constraints constraints;
  request.constraints(constraints, false);
  if (auto done = constraints.result(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = request.check_stream(); !done) return std::unexpected(std::move(done.error()));
  const bool any_index_update = request.index_updates && !request.index_updates->empty();
  if (!request.throughput && !request.billing_mode && !any_index_update && !request.deletion_protection &&
      !request.table_class) {
    if (request.has_stream) return invalid("Table has no stream to disable");
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
  if (auto done = check_steady(*table); !done) return std::unexpected(std::move(done.error()));
  std::size_t structural = 0;
  if (request.index_updates) {
    if (auto done = check_index_updates(*request.index_updates, structural); !done) {
      return std::unexpected(std::move(done.error()));
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
    if (changed.pay_per_request) {
      changed.throughput = {};
      if (!table->pay_per_request) changed.billing_changed_ms = database.now_ms();
    }
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
    if (!table->pay_per_request && changed.throughput == table->throughput) {
      return unchanged("table", changed.throughput);
    }
  }
  if (request.table_class) changed.table_class = request.requested_class();
  if (request.deletion_protection) changed.deletion_protection = *request.deletion_protection;
  WriteBatch batch;
  if (request.index_updates) {
    for (const TableRequest::IndexUpdate& update : *request.index_updates) {
      if (auto done = apply_index_update(database, changed, update, !table->pay_per_request, batch); !done) {
        return std::unexpected(std::move(done.error()));
      }
    }
    if (auto done = check_projections(changed.indexes); !done)
      return std::unexpected(std::move(done.error()));
  }
  drop_unused_attributes(changed);
  if (auto done = database.commit_definition(batch, changed); !done) {
    return std::unexpected(std::move(done.error()));
  }
  *table = std::move(changed);
  database.begin(*table, Phase::updating);
  std::string answer = table_description("TableDescription", *table);
  if (table->phase == Phase::steady) table->end_changes();
  return answer;
}

}  // namespace bao::local
