#include "core/engine/table_rows.hpp"

#include <utility>

#include "core/engine/batch_requests.hpp"
#include "core/engine/exchange.hpp"
#include "core/request/body.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {

namespace {

void write_number(JsonWriter& writer, std::string_view name, std::int64_t value) {
  writer.key(name);
  writer.number(value);
}

std::string scan_body(const std::string& table, const RowScan& scan) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  write_member(writer, "TableName", table);
  if (scan.total_segments > 1) {
    write_number(writer, "Segment", scan.segment);
    write_number(writer, "TotalSegments", scan.total_segments);
  }
  if (scan.limit) write_number(writer, "Limit", *scan.limit);
  if (scan.consistent) {
    writer.key("ConsistentRead");
    writer.boolean(true);
  }
  write_member(writer, "ReturnConsumedCapacity", "TOTAL");
  if (const auto* key = scan.start_key.get_if<Value::Map>()) {
    writer.key("ExclusiveStartKey");
    writer.item(*key);
  }
  writer.end_object();
  return body;
}

// An item's JSON as an entry of RequestItems.
std::string put_entry(std::string_view item) {
  std::string entry = R"({"PutRequest":{"Item":)";
  entry += item;
  entry += "}}";
  return entry;
}

std::string batch_body(const std::string& table, const std::vector<std::string>& puts) {
  std::vector<const std::string*> entries;
  entries.reserve(puts.size());
  for (const std::string& put : puts) entries.push_back(&put);
  return batch_write_body(table, entries);
}

std::vector<std::string> left_over(const Answer& answer) {
  std::vector<std::string> left;
  for (const std::uint32_t node : answer.unprocessed) {
    std::string item;
    JsonWriter(item).item(ValueView(*answer.document, node));
    left.push_back(put_entry(item));
  }
  return left;
}

}  // namespace

Task<Result<ScannedRows>> scan_rows(Call& call, RowScan scan) {
  std::string body = scan_body(call.engine().options().table_name, scan);
  const Exchange ended = co_await exchange(call, ApiOperation::scan, std::move(body), Replay::read);
  if (!ended.answer) co_return std::unexpected(exchange_error(ended, ApiOperation::scan, Replay::read));
  const Answer& answer = *ended.answer;
  ScannedRows page;
  page.capacity = call.capacity;
  page.items.reserve(answer.items.size());
  for (std::size_t i = 0; i < answer.items.size(); ++i) page.items.push_back(answer.items_ref(i));
  if (answer.last_evaluated_key) {
    page.last_evaluated_key = ValueView(*answer.document, *answer.last_evaluated_key).to_value();
  }
  co_return page;
}

Task<Result<Capacity>> put_rows(Call& call, std::vector<std::string> items) {
  for (std::string& item : items) item = put_entry(item);
  UnprocessedRetries retries;
  for (;;) {
    std::string body = batch_body(call.engine().options().table_name, items);
    const Exchange ended =
        co_await exchange(call, ApiOperation::batch_write_item, std::move(body), Replay::idempotent);
    if (!ended.answer) {
      co_return std::unexpected(exchange_error(ended, ApiOperation::batch_write_item, Replay::idempotent));
    }
    std::vector<std::string> left = left_over(*ended.answer);
    if (left.empty()) co_return call.capacity;
    if (left.size() > items.size()) co_return std::unexpected(garbled_unprocessed());
    if (std::optional<Error> error = co_await retries.wait(call, items.size(), left.size())) {
      co_return std::unexpected(std::move(*error));
    }
    items = std::move(left);
  }
}

}  // namespace bao::core
