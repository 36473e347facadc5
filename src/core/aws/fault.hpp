#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/error.hpp>

#include "core/request/http.hpp"
#include "core/value/document.hpp"

namespace bao::core {

/// What a failed answer means for the caller of one request.
struct Fault {
  enum class Kind : std::uint8_t {
    throttled,         ///< certainly not executed; try again
    server_error,      ///< 5xx: may have been executed; try again
    clock_skew,        ///< not executed; correct the clock from the Date header and try again
    condition_failed,  ///< ConditionalCheckFailedException
    transaction_cancelled,
    transaction_conflict,     ///< not executed; try again
    transaction_in_progress,  ///< same token still running; try again
    bad_answer,  ///< not JSON, wrong CRC32, truncated: the request may have been executed; try again
    refused,     ///< any other 4xx: final
  };
  struct CancellationReason {
    std::string code;  ///< "None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", ...
    std::string message;
    std::optional<std::uint32_t> item;  ///< node in `document`
  };

  Kind kind = Kind::refused;
  int status = 0;
  std::string name;  ///< "ThrottlingException", without the prefix up to '#'
  std::string text;  ///< the service's own message
  std::string request_id;
  std::vector<CancellationReason> reasons;
  /// The item that ReturnValuesOnConditionCheckFailure asked for, where the service gave it.
  ItemRef item;
  std::shared_ptr<const Document> document;
};

/// Parses an answer whose status is not 200. Garbage gives bad_answer below 500, server_error for
/// 5xx.
[[nodiscard]] Fault parse_fault(HttpResponse response);

/// The typed error for a fault that ends a call (throttling, service, data_format, conditional). ExpiredToken
/// faults are of kind refused, and their error is retryable: fresh credentials may help.
[[nodiscard]] Error fault_error(const Fault& fault, ApiOperation operation);

/// Milliseconds since the epoch of a Date header ("Mon, 23 Nov 2026 20:02:17 GMT", RFC 9110 IMF-fixdate).
[[nodiscard]] std::optional<std::int64_t> parse_http_date_ms(const std::string& date);

/// CRC-32 as in zlib, which the header x-amz-crc32 carries.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);

}  // namespace bao::core
