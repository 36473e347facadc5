#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bao::core {

/// DynamoDB's API operations that this library sends.
enum class ApiOperation : std::uint8_t {
  get_item,
  put_item,
  update_item,
  delete_item,
  query,
  scan,
  batch_get_item,
  batch_write_item,
  transact_get_items,
  transact_write_items,
  create_table,
  update_table,
  delete_table,
  describe_table,
  list_tables,
  update_time_to_live,
  describe_time_to_live,
};

/// In the order of ApiOperation.
inline constexpr std::array<std::string_view, 17> api_targets{
    "DynamoDB_20120810.GetItem",
    "DynamoDB_20120810.PutItem",
    "DynamoDB_20120810.UpdateItem",
    "DynamoDB_20120810.DeleteItem",
    "DynamoDB_20120810.Query",
    "DynamoDB_20120810.Scan",
    "DynamoDB_20120810.BatchGetItem",
    "DynamoDB_20120810.BatchWriteItem",
    "DynamoDB_20120810.TransactGetItems",
    "DynamoDB_20120810.TransactWriteItems",
    "DynamoDB_20120810.CreateTable",
    "DynamoDB_20120810.UpdateTable",
    "DynamoDB_20120810.DeleteTable",
    "DynamoDB_20120810.DescribeTable",
    "DynamoDB_20120810.ListTables",
    "DynamoDB_20120810.UpdateTimeToLive",
    "DynamoDB_20120810.DescribeTimeToLive",
};
static_assert(static_cast<std::size_t>(ApiOperation::describe_time_to_live) + 1 == api_targets.size());

/// "DynamoDB_20120810.GetItem": the X-Amz-Target header.
[[nodiscard]] constexpr std::string_view api_target(ApiOperation operation) {
  return api_targets[static_cast<std::size_t>(operation)];
}
/// "GetItem"
[[nodiscard]] constexpr std::string_view api_operation_name(ApiOperation operation) {
  return api_target(operation).substr(std::string_view("DynamoDB_20120810.").size());
}

/// What a driver sends: POST / to the endpoint, with
///   Content-Type: application/x-amz-json-1.0
///   Accept-Encoding: identity          (so that CRC32 is over the bytes as sent)
///   X-Amz-Target: api_target(operation)
///   X-Amz-Date, Authorization, and X-Amz-Security-Token where it is not empty.
/// Host is the endpoint's authority, exactly as the engine was configured with (it is signed).
struct HttpRequest {
  ApiOperation operation = ApiOperation::get_item;
  std::string body;
  std::string amz_date;
  std::string authorization;
  std::string security_token;
};

/// What came back, whatever the status.
struct HttpResponse {
  int status = 0;
  std::string body;
  std::string request_id;              ///< x-amzn-RequestId
  std::string date;                    ///< Date header, for clock skew
  std::optional<std::uint32_t> crc32;  ///< x-amz-crc32; absent where Content-Encoding is set
};

/// No usable answer.
struct TransportError {
  enum class Kind : std::uint8_t {
    not_sent,       ///< certain that the service saw nothing: DNS, connect or TLS failed
    lost,           ///< sent, at least in part, and the connection failed before a whole answer
    timed_out,      ///< sent, at least in part, and the attempt's time ran out
    misconfigured,  ///< the service saw nothing, nor will it see another try
  };
  Kind kind = Kind::lost;
  std::string message;
};

}  // namespace bao::core
