#include "core/request/body.hpp"

namespace bao::core {

void write_member(JsonWriter& writer, std::string_view name, std::string_view value) {
  writer.key(name);
  writer.string(value);
}

void write_row_key(JsonWriter& writer, const RowKey& key) {
  writer.begin_object();
  writer.key(pk_attribute);
  writer.attribute_string(key.pk);
  writer.key(sk_attribute);
  writer.attribute_string(key.sk);
  writer.end_object();
}

void write_common(JsonWriter& writer, std::string_view table) {
  write_member(writer, "TableName", table);
  writer.raw(R"("ReturnConsumedCapacity":"TOTAL")");
}

std::string get_item_body(std::string_view table, const RowKey& key, bool consistent) {
  std::string body;
  body.reserve(128 + table.size() + key.pk.size() + key.sk.size());
  JsonWriter writer(body);
  writer.begin_object();
  write_common(writer, table);
  if (consistent) {
    writer.key("ConsistentRead");
    writer.boolean(true);
  }
  writer.key("Key");
  write_row_key(writer, key);
  writer.end_object();
  return body;
}

std::string batch_get_item_body(std::string_view table, std::span<const RowKey* const> keys,
                                bool consistent) {
  std::string body;
  body.reserve(128 + table.size() + keys.size() * 96);
  JsonWriter writer(body);
  writer.begin_object();
  writer.key("RequestItems");
  writer.begin_object();
  writer.key(table);
  writer.begin_object();
  if (consistent) {
    writer.key("ConsistentRead");
    writer.boolean(true);
  }
  writer.key("Keys");
  writer.begin_array();
  for (const RowKey* key : keys) write_row_key(writer, *key);
  writer.end_array();
  writer.end_object();
  writer.end_object();
  write_member(writer, "ReturnConsumedCapacity", "TOTAL");
  writer.end_object();
  return body;
}

}  // namespace bao::core
