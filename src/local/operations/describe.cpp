#include "local/operations/describe.hpp"

#include <string>

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

void write_indexes(core::JsonWriter& writer, const Table& table, bool global, std::string_view status) {
  bool any = false;
  for (const SecondaryIndex& index : table.indexes) {
    if (index.global != global) continue;
    if (!any) {
      writer.key(global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes");
      writer.begin_array();
      any = true;
    }
    writer.begin_object();
    write_string(writer, "IndexName", index.name);
    write_keys(writer, index.keys);
    write_projection(writer, index.projection);
    if (global) {
      write_string(writer, "IndexStatus", status);
      write_throughput(writer, index.throughput);
    }
    write_count(writer, "IndexSizeBytes", index.bytes);
    write_count(writer, "ItemCount", index.entries);
    write_string(writer, "IndexArn", arn_of(table) + "/index/" + index.name);
    writer.end_object();
  }
  if (any) writer.end_array();
}

/// Milliseconds as the service shows dates: seconds with three decimals.
std::string date_text(std::int64_t ms) {
  std::string fraction = std::to_string(ms % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(ms / 1000) + "." + fraction;
}

}  // namespace

void write_table_description(core::JsonWriter& writer, const Table& table, std::string_view status) {
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
  write_string(writer, "TableStatus", status);
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
    writer.raw(date_text(table.created_ms));
    writer.end_object();
  }
  write_indexes(writer, table, false, status);
  write_indexes(writer, table, true, status == "DELETING" ? status : "ACTIVE");
  writer.key("DeletionProtectionEnabled");
  writer.boolean(table.deletion_protection);
  writer.end_object();
}

}  // namespace bao::local
