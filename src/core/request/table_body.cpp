#include "core/request/table_body.hpp"

#include <algorithm>

#include "core/request/body.hpp"

namespace bao::core {

namespace {

void write_string_attribute(JsonWriter& writer, std::string_view name) {
  writer.begin_object();
  write_member(writer, "AttributeName", name);
  write_member(writer, "AttributeType", "S");
  writer.end_object();
}

void write_key_schema(JsonWriter& writer, std::string_view pk, std::string_view sk) {
  writer.key("KeySchema");
  writer.begin_array();
  writer.begin_object();
  write_member(writer, "AttributeName", pk);
  write_member(writer, "KeyType", "HASH");
  writer.end_object();
  writer.begin_object();
  write_member(writer, "AttributeName", sk);
  write_member(writer, "KeyType", "RANGE");
  writer.end_object();
  writer.end_array();
}

struct TableIndex {
  std::string name;
  std::string pk;
  std::string sk;
  std::string projection;
  std::string included;  // one attribute beside the keys
};

std::vector<TableIndex> table_indexes(const TableOptions& options) {
  std::vector<TableIndex> indexes;
  for (int gsi = 1; gsi <= 5; ++gsi) {
    indexes.push_back({.name = std::string(index_table_name(gsi)),
                       .pk = std::string(index_pk_attribute(gsi)),
                       .sk = std::string(index_sk_attribute(gsi)),
                       .projection = "ALL",
                       .included = {}});
  }
  const std::string pk(iteration_pk_attribute);
  const std::string sk(iteration_sk_attribute);
  indexes.push_back({.name = "iter_index", .pk = pk, .sk = sk, .projection = "KEYS_ONLY", .included = {}});
  if (options.search_index) {
    indexes.push_back({.name = "iter_search_index",
                       .pk = pk,
                       .sk = sk,
                       .projection = "INCLUDE",
                       .included = std::string(search_text_attribute)});
  }
  return indexes;
}

void write_index(JsonWriter& writer, const TableIndex& index) {
  writer.begin_object();
  write_member(writer, "IndexName", index.name);
  write_key_schema(writer, index.pk, index.sk);
  writer.key("Projection");
  writer.begin_object();
  write_member(writer, "ProjectionType", index.projection);
  if (!index.included.empty()) {
    writer.key("NonKeyAttributes");
    writer.begin_array();
    writer.string(index.included);
    writer.end_array();
  }
  writer.end_object();
  writer.end_object();
}

}  // namespace

std::string create_table_body(std::string_view table, const TableOptions& options) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_member(writer, "TableName", table);
  write_member(writer, "BillingMode", "PAY_PER_REQUEST");
  writer.key("AttributeDefinitions");
  writer.begin_array();
  write_string_attribute(writer, pk_attribute);
  write_string_attribute(writer, sk_attribute);
  for (int gsi = 1; gsi <= 5; ++gsi) {
    write_string_attribute(writer, index_pk_attribute(gsi));
    write_string_attribute(writer, index_sk_attribute(gsi));
  }
  write_string_attribute(writer, iteration_pk_attribute);
  write_string_attribute(writer, iteration_sk_attribute);
  writer.end_array();
  write_key_schema(writer, pk_attribute, sk_attribute);
  writer.key("GlobalSecondaryIndexes");
  writer.begin_array();
  for (const TableIndex& index : table_indexes(options)) write_index(writer, index);
  writer.end_array();
  writer.end_object();
  return body;
}

std::vector<std::string> table_index_names(const TableOptions& options) {
  std::vector<std::string> names;
  for (TableIndex& index : table_indexes(options)) names.push_back(std::move(index.name));
  return names;
}

std::string add_index_body(std::string_view table, std::string_view index) {
  const std::vector<TableIndex> indexes = table_indexes({.search_index = true});
  const auto found = std::ranges::find(indexes, index, &TableIndex::name);
  std::string body;
  if (found == indexes.end()) return body;
  JsonWriter writer(body);
  writer.begin_object();
  write_member(writer, "TableName", table);
  writer.key("AttributeDefinitions");
  writer.begin_array();
  write_string_attribute(writer, found->pk);
  write_string_attribute(writer, found->sk);
  writer.end_array();
  writer.key("GlobalSecondaryIndexUpdates");
  writer.begin_array();
  writer.begin_object();
  writer.key("Create");
  write_index(writer, *found);
  writer.end_object();
  writer.end_array();
  writer.end_object();
  return body;
}

std::string enable_ttl_body(std::string_view table) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_member(writer, "TableName", table);
  writer.key("TimeToLiveSpecification");
  writer.begin_object();
  writer.key("Enabled");
  writer.boolean(true);
  write_member(writer, "AttributeName", "ttl");
  writer.end_object();
  writer.end_object();
  return body;
}

std::string table_name_body(std::string_view table) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_member(writer, "TableName", table);
  writer.end_object();
  return body;
}

}  // namespace bao::core
