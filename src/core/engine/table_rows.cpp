#include "core/engine/table_rows.hpp"

#include <utility>

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

std::string batch_body(const std::string& table, const std::vector<std::string>& items) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  writer.key("RequestItems");
  writer.begin_object();
  writer.key(table);
  writer.begin_array();
  for (const std::string& item : items) {
    writer.begin_object();
    writer.key("PutRequest");
    writer.begin_object();
    writer.key("Item");
    writer.raw(item);
    writer.end_object();
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  write_member(writer, "ReturnConsumedCapacity", "TOTAL");
  writer.end_object();
  return body;
}

std::vector<std::string> left_over(const Answer& answer) {
  std::vector<std::string> left;
  for (const std::uint32_t node : answer.unprocessed) {
    std::string item;
    JsonWriter(item).item(ValueView(*answer.document, node));
    left.push_back(std::move(item));
  }
  return left;
}

Error unprocessed_error(std::size_t left) {
  return {ErrorCode::throttling, ErrorDetails{.message = "BatchWriteItem: " + std::to_string(left) +
                                                         " items were still unprocessed when retries ran out",
                                              .operation = "BatchWriteItem",
                                              .retryable = true}};
}

Error garbled_error() {
  return {ErrorCode::data_format,
          ErrorDetails{.message = "BatchWriteItem left more items unprocessed than were sent",
                       .operation = "BatchWriteItem"}};
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
  Engine& engine = call.engine();
  for (int retry = 0;;) {
    std::string body = batch_body(engine.options().table_name, items);
    const Exchange ended =
        co_await exchange(call, ApiOperation::batch_write_item, std::move(body), Replay::idempotent);
    if (!ended.answer) {
      co_return std::unexpected(exchange_error(ended, ApiOperation::batch_write_item, Replay::idempotent));
    }
    std::vector<std::string> left = left_over(*ended.answer);
    if (left.empty()) co_return call.capacity;
    if (left.size() > items.size()) co_return std::unexpected(garbled_error());
    if (left.size() < items.size()) {
      // Progress: the service is slow, not stuck, so that this costs no more of the quota.
      if (retry > 0) engine.quota().release(RetryReason::unprocessed);
      retry = 0;
    }
    items = std::move(left);
    ++retry;
    if (!co_await wait_before_retry(call, retry, RetryReason::unprocessed)) {
      co_return std::unexpected(unprocessed_error(items.size()));
    }
  }
}

}  // namespace bao::core
