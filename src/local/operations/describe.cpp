#include "local/operations/describe.hpp"

#include <string>

#include "local/operations/named_request.hpp"

namespace bao::local {

namespace {

void write_string(core::JsonWriter& writer, std::string_view key, std::string_view value) {
  writer.key(key);
  writer.string(value);
}

void write_count(core::JsonWriter& writer, std::string_view key, std::uint64_t value) {
  writer.key(key);
  writer.number(static_cast<std::int64_t>(value));
}

void write_keys(core::JsonWriter& writer, const KeySchema& keys) {
  const auto element = [&](const KeyAttribute& key, std::string_view type) {
    writer.begin_object();
    write_string(writer, "AttributeName", key.name);
    write_string(writer, "KeyType", type);
    writer.end_object();
  };
  writer.key("KeySchema");
  writer.begin_array();
  element(keys.partition, "HASH");
  if (keys.sort) element(*keys.sort, "RANGE");
  writer.end_array();
}

void write_throughput(core::JsonWriter& writer, const Throughput& throughput) {
  writer.key("ProvisionedThroughput");
  writer.begin_object();
  writer.key("NumberOfDecreasesToday");
  writer.number(0);
  writer.key("ReadCapacityUnits");
  writer.number(throughput.read);
  writer.key("WriteCapacityUnits");
  writer.number(throughput.write);
  writer.end_object();
}

void write_projection(core::JsonWriter& writer, const Projection& projection) {
  writer.key("Projection");
  writer.begin_object();
  switch (projection.kind) {
    case Projection::Kind::all:
      write_string(writer, "ProjectionType", "ALL");
      break;
    case Projection::Kind::keys_only:
      write_string(writer, "ProjectionType", "KEYS_ONLY");
      break;
    case Projection::Kind::include:
      write_string(writer, "ProjectionType", "INCLUDE");
      writer.key("NonKeyAttributes");
      writer.begin_array();
      for (const std::string& name : projection.include) writer.string(name);
      writer.end_array();
      break;
  }
  writer.end_object();
}

std::string arn_of(const Table& table) {
  return "arn:aws:dynamodb:local:000000000000:table/" + table.name;
}

void write_index(core::JsonWriter& writer, const Table& table, const SecondaryIndex& index, Phase phase) {
  writer.begin_object();
  write_string(writer, "IndexName", index.name);
  write_keys(writer, index.keys);
  write_projection(writer, index.projection);
  if (index.global) {
    write_string(writer, "IndexStatus", status_name(phase));
    if (index.phase == Phase::creating) {
      writer.key("Backfilling");
      writer.boolean(true);
    }
    write_throughput(writer, index.throughput);
  }
  write_count(writer, "IndexSizeBytes", index.bytes);
  write_count(writer, "ItemCount", index.entries);
  write_string(writer, "IndexArn", arn_of(table) + "/index/" + index.name);
  writer.end_object();
}

/// Indexes share the table's phase where it is being made or deleted, and have one of their own else.
void write_indexes(core::JsonWriter& writer, const Table& table, bool global, Phase table_phase) {
  bool any = false;
  const auto write_one = [&](const SecondaryIndex& index, Phase own) {
    if (index.global != global) return;
    if (!any) {
      writer.key(global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes");
      writer.begin_array();
      any = true;
    }
    const bool shared = table_phase == Phase::creating || table_phase == Phase::deleting;
    write_index(writer, table, index, shared ? table_phase : own);
  };
  for (const SecondaryIndex& index : table.indexes) write_one(index, index.phase);
  for (const SecondaryIndex& index : table.leaving_indexes) write_one(index, Phase::deleting);
  if (any) writer.end_array();
}

/// Milliseconds as the service shows dates: seconds with three decimals.
std::string date_text(std::int64_t ms) {
  std::string fraction = std::to_string(ms % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(ms / 1000) + "." + fraction;
}

}  // namespace

void write_table_description(core::JsonWriter& writer, const Table& table, Phase phase) {
  writer.begin_object();
  writer.key("AttributeDefinitions");
  writer.begin_array();
  for (const KeyAttribute& attribute : table.attributes) {
    writer.begin_object();
    write_string(writer, "AttributeName", attribute.name);
    write_string(writer, "AttributeType", type_name(attribute.type));
    writer.end_object();
  }
  writer.end_array();
  write_string(writer, "TableName", table.name);
  write_keys(writer, table.keys);
  write_string(writer, "TableStatus", status_name(phase));
  writer.key("CreationDateTime");
  writer.raw(date_text(table.created_ms));
  write_throughput(writer, table.throughput);
  write_count(writer, "TableSizeBytes", table.bytes);
  write_count(writer, "ItemCount", table.items);
  write_string(writer, "TableArn", arn_of(table));
  write_string(writer, "TableId", table.id);
  if (table.pay_per_request) {
    writer.key("BillingModeSummary");
    writer.begin_object();
    write_string(writer, "BillingMode", "PAY_PER_REQUEST");
    writer.key("LastUpdateToPayPerRequestDateTime");
    writer.raw(date_text(table.billing_changed_ms));
    writer.end_object();
  }
  if (table.table_class) {
    writer.key("TableClassSummary");
    writer.begin_object();
    write_string(writer, "TableClass",
                 *table.table_class == TableClass::standard ? "STANDARD" : "STANDARD_INFREQUENT_ACCESS");
    writer.end_object();
  }
  write_indexes(writer, table, false, phase);
  write_indexes(writer, table, true, phase);
  writer.key("DeletionProtectionEnabled");
  writer.boolean(table.deletion_protection);
  writer.end_object();
}

std::string table_description(std::string_view member, const Table& table) {
  return table_description(member, table, table.phase);
}

std::string table_description(std::string_view member, const Table& table, Phase phase) {
  std::string out;
  core::JsonWriter writer(out);
  writer.begin_object();
  writer.key(member);
  write_table_description(writer, table, phase);
  writer.end_object();
  return out;
}

}  // namespace bao::local
