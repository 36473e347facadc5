#include "core/engine/transaction.hpp"

#include "core/request/body.hpp"

namespace bao::core {

template <class Write>
std::size_t Transaction::add(std::string_view kind, const std::string& condition,
                             const Placeholders& placeholders, Write write) {
  std::string action;
  JsonWriter writer(action);
  writer.begin_object();
  writer.key(kind);
  writer.begin_object();
  write_member(writer, "TableName", table_);
  write(writer);
  if (!condition.empty()) write_member(writer, "ConditionExpression", condition);
  placeholders.write_members(writer);
  if (!condition.empty()) write_member(writer, "ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  writer.end_object();
  writer.end_object();
  actions_.push_back(std::move(action));
  return actions_.size() - 1;
}

std::size_t Transaction::put(const Value::Map& item, const std::string& condition,
                             const Placeholders& placeholders) {
  return add("Put", condition, placeholders, [&](JsonWriter& writer) {
    writer.key("Item");
    writer.item(item);
  });
}

std::size_t Transaction::update(const RowKey& key, const std::string& update, const std::string& condition,
                                const Placeholders& placeholders) {
  if (update.empty()) return check(key, condition, placeholders);
  return add("Update", condition, placeholders, [&](JsonWriter& writer) {
    writer.key("Key");
    write_row_key(writer, key);
    write_member(writer, "UpdateExpression", update);
  });
}

std::size_t Transaction::remove(const RowKey& key, const std::string& condition,
                                const Placeholders& placeholders) {
  return add("Delete", condition, placeholders, [&](JsonWriter& writer) {
    writer.key("Key");
    write_row_key(writer, key);
  });
}

std::size_t Transaction::check(const RowKey& key, const std::string& condition,
                               const Placeholders& placeholders) {
  return add("ConditionCheck", condition, placeholders, [&](JsonWriter& writer) {
    writer.key("Key");
    write_row_key(writer, key);
  });
}

std::string Transaction::body(std::string_view token) const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_member(writer, "ClientRequestToken", token);
  write_member(writer, "ReturnConsumedCapacity", "TOTAL");
  writer.key("TransactItems");
  writer.begin_array();
  for (const std::string& action : actions_) writer.raw(action);
  writer.end_array();
  writer.end_object();
  return body;
}

}  // namespace bao::core
