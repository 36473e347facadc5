#include "core/engine/batch_requests.hpp"

#include "core/request/body.hpp"
#include "core/value/concat.hpp"
#include "core/value/json_writer.hpp"

namespace bao::core {

std::string batch_write_body(const std::string& table, std::span<const std::string* const> entries) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  writer.key("RequestItems");
  writer.begin_object();
  writer.key(table);
  writer.begin_array();
  for (const std::string* entry : entries) writer.raw(*entry);
  writer.end_array();
  writer.end_object();
  write_member(writer, "ReturnConsumedCapacity", "TOTAL");
  writer.end_object();
  return body;
}

Task<std::optional<Error>> UnprocessedRetries::wait(Call& call, std::size_t sent, std::size_t left) {
  if (left < sent) {
    // Progress: the service is slow, not stuck, so that this costs no more of the quota.
    if (retry_ > 0) call.engine().quota().release(RetryReason::unprocessed);
    retry_ = 0;
  }
  ++retry_;
  if (co_await wait_before_retry(call, retry_, RetryReason::unprocessed)) co_return std::nullopt;
  co_return Error(ErrorCode::throttling,
                  ErrorDetails{.message = concat({"BatchWriteItem: ", left,
                                                  " items were still unprocessed when retries ran out"}),
                               .operation = "BatchWriteItem",
                               .retryable = true});
}

Error garbled_unprocessed() {
  return {ErrorCode::data_format,
          ErrorDetails{.message = "BatchWriteItem left an item unprocessed that was not sent",
                       .operation = "BatchWriteItem"}};
}

}  // namespace bao::core
