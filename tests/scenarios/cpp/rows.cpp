// Rows read and written past the library: what is stored, and what others may have stored.

#include "core/value/document.hpp"
#include "core/value/json_reader.hpp"
#include "core/value/json_writer.hpp"
#include "scenarios/cpp/failure.hpp"
#include "scenarios/cpp/scenario.hpp"

namespace bao::scenarios {

namespace {

std::string row_body(const std::string& table, const char* member, const Value::Map& row, bool read) {
  std::string body;
  core::JsonWriter writer(body);
  writer.begin_object();
  writer.key("TableName");
  writer.string(table);
  if (read) {
    writer.key("ConsistentRead");
    writer.boolean(true);
  }
  writer.key(member);
  writer.item(row);
  writer.end_object();
  return body;
}

Value::Map to_row(const YAML::Node& node, const Names& names) {
  Value::Map row;
  for (const auto& attribute : node) {
    row.insert_or_assign(attribute.first.Scalar(), to_value(attribute.second, names));
  }
  return row;
}

std::string checked(const YAML::Node& step, Engine::Answer answer) {
  if (answer.status != 200) throw Failure(step, "the row is refused: " + answer.body);
  return std::move(answer.body);
}

}  // namespace

Outcome Scenario::read_row(const YAML::Node& step, const Names& names) {
  const auto body = row_body(parts_.table, "Key", to_row(step["key"], names), true);
  core::Document document;
  document.text = checked(step, parts_.engine.request("GetItem", body));
  core::JsonReader reader(document.text);
  std::string_view name;
  DynamicItem item;
  reader.enter_object();
  while (reader.next_member(name)) {
    std::uint32_t index = 0;
    if (name != "Item") {
      reader.skip_value();
    } else if (reader.read_item(document, index)) {
      const Value row = core::ValueView(document, index).to_value();
      item.exists = true;
      item.fields = *row.get_if<Value::Map>();
    }
  }
  if (reader.failed()) throw Failure(step, "unreadable answer: " + reader.error().to_string());
  return {.item = std::move(item)};
}

Outcome Scenario::put_row(const YAML::Node& step, const Names& names) {
  const auto body = row_body(parts_.table, "Item", to_row(step["row"], names), false);
  checked(step, parts_.engine.request("PutItem", body));
  return {};
}

Outcome Scenario::delete_row(const YAML::Node& step, const Names& names) {
  const auto body = row_body(parts_.table, "Key", to_row(step["key"], names), false);
  checked(step, parts_.engine.request("DeleteItem", body));
  return {};
}

}  // namespace bao::scenarios
