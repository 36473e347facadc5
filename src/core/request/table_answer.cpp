#include "core/request/table_answer.hpp"

#include <algorithm>

namespace bao::core {

namespace {

bool read_text(JsonReader& reader, std::string& text) {
  std::string_view view;
  if (!reader.read_string(view)) return false;
  text.assign(view);
  return true;
}

bool read_index(JsonReader& reader, TableState::Index& index) {
  if (!reader.enter_object()) return false;
  std::string_view name;
  while (reader.next_member(name)) {
    const bool ok = name == "IndexName"     ? read_text(reader, index.name)
                    : name == "IndexStatus" ? read_text(reader, index.status)
                                            : reader.skip_value();
    if (!ok) return false;
  }
  return !reader.failed();
}

// An element of KeySchema, or of AttributeDefinitions.
bool read_key(JsonReader& reader, TableState::Key& key) {
  if (!reader.enter_object()) return false;
  std::string_view name;
  while (reader.next_member(name)) {
    const bool ok = name == "AttributeName"   ? read_text(reader, key.name)
                    : name == "KeyType"       ? read_text(reader, key.role)
                    : name == "AttributeType" ? read_text(reader, key.type)
                                              : reader.skip_value();
    if (!ok) return false;
  }
  return !reader.failed();
}

template <class T>
bool read_list(JsonReader& reader, std::vector<T>& list, bool (*read)(JsonReader&, T&)) {
  if (reader.peek() == JsonType::null) return reader.read_null();
  if (!reader.enter_array()) return false;
  while (reader.next_element()) {
    if (!read(reader, list.emplace_back())) return false;
  }
  return !reader.failed();
}

}  // namespace

bool TableState::active() const {
  return status == "ACTIVE" && std::ranges::all_of(indexes, [](const Index& index) {
           return index.status.empty() || index.status == "ACTIVE";
         });
}

bool TableState::has_index(std::string_view name) const {
  return std::ranges::any_of(indexes, [&](const Index& index) { return index.name == name; });
}

bool read_table(JsonReader& reader, TableState& table) {
  if (!reader.enter_object()) return false;
  std::vector<TableState::Key> types;
  std::string_view name;
  while (reader.next_member(name)) {
    const bool ok = name == "TableStatus"              ? read_text(reader, table.status)
                    : name == "GlobalSecondaryIndexes" ? read_list(reader, table.indexes, read_index)
                    : name == "KeySchema"              ? read_list(reader, table.keys, read_key)
                    : name == "AttributeDefinitions"   ? read_list(reader, types, read_key)
                                                       : reader.skip_value();
    if (!ok) return false;
  }
  for (TableState::Key& key : table.keys) {
    const auto found = std::ranges::find(types, key.name, &TableState::Key::name);
    if (found != types.end()) key.type = found->type;
  }
  return !reader.failed();
}

bool read_ttl_status(JsonReader& reader, std::string& status) {
  if (!reader.enter_object()) return false;
  std::string_view name;
  while (reader.next_member(name)) {
    const bool ok = name == "TimeToLiveStatus" ? read_text(reader, status) : reader.skip_value();
    if (!ok) return false;
  }
  return !reader.failed();
}

}  // namespace bao::core
