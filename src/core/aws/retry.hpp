#pragma once

#include <cstdint>
#include <optional>

namespace bao::core {

/// The AWS SDKs' standard retry mode: full-jitter exponential backoff and a retry quota shared by the calls
/// of one client. Sources: AWS SDKs and Tools Reference Guide, "Retry behavior".
struct RetryOptions {
  int max_attempts = 8;                  ///< tries of one request, the first included; 1: never retry
  std::int64_t backoff_base_ms = 50;     ///< DynamoDB's clients start lower than the general 100 ms...
  std::int64_t backoff_max_ms = 20'000;  ///< ...and no wait is longer than this
  int quota = 500;                       ///< tokens; a retry takes 5, one after a timeout 10
};

enum class RetryReason : std::uint8_t {
  throttled,
  server_error,
  connection,
  timed_out,
  clock_skew,
  unprocessed
};

/// Tokens that retries spend and successes give back, so that a service in trouble is not asked harder.
class RetryQuota {
 public:
  explicit RetryQuota(int capacity) : available_(capacity), capacity_(capacity) {}
  /// Takes the cost of one retry; false: none left, give up.
  [[nodiscard]] bool acquire(RetryReason reason);
  /// After a success: gives back what its last retry took, or 1.
  void release(std::optional<RetryReason> last_retry);
  [[nodiscard]] int available() const { return available_; }

 private:
  int available_;
  int capacity_;
};

/// The wait before retry number `retry` (1 for the first): uniform in [0, min(max, base * 2^(retry-1))].
/// `random` is 64 uniform bits.
[[nodiscard]] std::int64_t backoff_ms(const RetryOptions& options, int retry, std::uint64_t random);

}  // namespace bao::core
