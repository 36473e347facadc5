#include "core/request/answer.hpp"

#include <optional>

#include "core/value/number.hpp"

namespace bao::core {

namespace {

bool read_integer(JsonReader& reader, std::int64_t& value) {
  std::string_view text;
  if (!reader.read_number(text)) return false;
  const std::optional<std::int64_t> whole = number_to_int64(text);
  value = whole.value_or(0);
  return whole.has_value();
}

// {"TableName": "t", "CapacityUnits": 1.5, ...}; only the total is of interest.
bool read_capacity(JsonReader& reader, double& units) {
  if (reader.peek() == JsonType::null) return reader.read_null();
  if (!reader.enter_object()) return false;
  std::string_view name;
  while (reader.next_member(name)) {
    if (name == "CapacityUnits") {
      std::string_view text;
      if (!reader.read_number(text)) return false;
      units += number_to_double(text).value_or(0);
    } else if (!reader.skip_value()) {
      return false;
    }
  }
  return !reader.failed();
}

// One table's figures, or a list of them (batches and transactions).
bool read_capacities(JsonReader& reader, double& units) {
  if (reader.peek() != JsonType::array) return read_capacity(reader, units);
  if (!reader.enter_array()) return false;
  while (reader.next_element()) {
    if (!read_capacity(reader, units)) return false;
  }
  return !reader.failed();
}

bool read_items(JsonReader& reader, Document& document, std::vector<std::uint32_t>& items) {
  if (!reader.enter_array()) return false;
  while (reader.next_element()) {
    std::uint32_t index = 0;
    if (!reader.read_item(document, index)) return false;
    items.push_back(index);
  }
  return !reader.failed();
}

// {"table": [items]}: every request of this library names one table.
bool read_responses(JsonReader& reader, Document& document, Answer& answer) {
  if (!reader.enter_object()) return false;
  std::string_view table;
  while (reader.next_member(table)) {
    answer.has_items = true;
    if (!read_items(reader, document, answer.items)) return false;
  }
  return !reader.failed();
}

// {"table": {"Keys": [keys], ...}}
bool read_unprocessed_keys(JsonReader& reader, Document& document, std::vector<std::uint32_t>& keys) {
  if (!reader.enter_object()) return false;
  std::string_view table;
  while (reader.next_member(table)) {
    if (!reader.enter_object()) return false;
    std::string_view name;
    while (reader.next_member(name)) {
      const bool ok = name == "Keys" ? read_items(reader, document, keys) : reader.skip_value();
      if (!ok) return false;
    }
    if (reader.failed()) return false;
  }
  return !reader.failed();
}

// {"PutRequest": {"Item": item}} or {"DeleteRequest": {"Key": key}}
bool read_write_request(JsonReader& reader, Document& document, std::vector<std::uint32_t>& rows) {
  if (!reader.enter_object()) return false;
  std::string_view kind;
  while (reader.next_member(kind)) {
    if (!reader.enter_object()) return false;
    std::string_view name;
    while (reader.next_member(name)) {
      std::uint32_t index = 0;
      if (!reader.read_item(document, index)) return false;
      rows.push_back(index);
    }
    if (reader.failed()) return false;
  }
  return !reader.failed();
}

// {"table": [write requests]}
bool read_unprocessed_items(JsonReader& reader, Document& document, std::vector<std::uint32_t>& rows) {
  if (!reader.enter_object()) return false;
  std::string_view table;
  while (reader.next_member(table)) {
    if (!reader.enter_array()) return false;
    while (reader.next_element()) {
      if (!read_write_request(reader, document, rows)) return false;
    }
    if (reader.failed()) return false;
  }
  return !reader.failed();
}

bool read_optional_item(JsonReader& reader, Document& document, std::optional<std::uint32_t>& item) {
  if (reader.peek() == JsonType::null) return reader.read_null();
  std::uint32_t index = 0;
  if (!reader.read_item(document, index)) return false;
  item = index;
  return true;
}

bool read_member(JsonReader& reader, std::string_view name, Document& document, Answer& answer) {
  if (name == "Item" || name == "Attributes") return read_optional_item(reader, document, answer.item);
  if (name == "Items") {
    answer.has_items = true;
    return read_items(reader, document, answer.items);
  }
  if (name == "Responses") return read_responses(reader, document, answer);
  if (name == "UnprocessedKeys") return read_unprocessed_keys(reader, document, answer.unprocessed);
  if (name == "UnprocessedItems") {
    answer.has_unprocessed_items = true;
    return read_unprocessed_items(reader, document, answer.unprocessed);
  }
  if (name == "LastEvaluatedKey") return read_optional_item(reader, document, answer.last_evaluated_key);
  if (name == "Count") {
    answer.has_count = true;
    return read_integer(reader, answer.count);
  }
  if (name == "ScannedCount") return read_integer(reader, answer.scanned_count);
  if (name == "ConsumedCapacity") return read_capacities(reader, answer.capacity_units);
  if (name == "Table" || name == "TableDescription") return read_table(reader, answer.table);
  if (name == "TimeToLiveDescription") return read_ttl_status(reader, answer.ttl_status);
  return reader.skip_value();
}

}  // namespace

std::expected<Answer, CodecError> parse_answer(std::string body) {
  Answer answer;
  auto document = std::make_shared<Document>();
  document->text = std::move(body);
  // An attribute takes about 24 bytes of JSON at the least; most take more.
  document->nodes.reserve(document->text.size() / 32 + 4);
  JsonReader reader(document->text);
  std::string_view name;
  if (reader.enter_object()) {
    while (reader.next_member(name)) {
      if (!read_member(reader, name, *document, answer)) break;
    }
  }
  if (!reader.failed()) reader.finish();
  if (reader.failed()) return std::unexpected(reader.error());
  answer.document = std::move(document);
  return answer;
}

}  // namespace bao::core
