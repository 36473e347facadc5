#include "core/request/table_body.hpp"

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

void write_index(JsonWriter& writer, std::string_view name, std::string_view pk, std::string_view sk,
                 std::string_view projection, std::string_view included = {}) {
  writer.begin_object();
  write_member(writer, "IndexName", name);
  write_key_schema(writer, pk, sk);
  writer.key("Projection");
  writer.begin_object();
  write_member(writer, "ProjectionType", projection);
  if (!included.empty()) {
    writer.key("NonKeyAttributes");
    writer.begin_array();
    writer.string(included);
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
  for (int gsi = 1; gsi <= 5; ++gsi) {
    write_index(writer, index_table_name(gsi), index_pk_attribute(gsi), index_sk_attribute(gsi), "ALL");
  }
  write_index(writer, "iter_index", iteration_pk_attribute, iteration_sk_attribute, "KEYS_ONLY");
  if (options.search_index) {
    write_index(writer, "iter_search_index", iteration_pk_attribute, iteration_sk_attribute, "INCLUDE",
                search_text_attribute);
  }
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
