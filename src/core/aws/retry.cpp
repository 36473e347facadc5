#include "core/aws/retry.hpp"

#include <algorithm>

namespace bao::core {
namespace {

int cost(RetryReason reason) {
  return reason == RetryReason::timed_out ? 10 : 5;
}

}  // namespace

bool RetryQuota::acquire(RetryReason reason) {
  if (available_ < cost(reason)) return false;
  available_ -= cost(reason);
  return true;
}

void RetryQuota::release(std::optional<RetryReason> last_retry) {
  available_ = std::min(capacity_, available_ + (last_retry ? cost(*last_retry) : 1));
}

std::int64_t backoff_ms(const RetryOptions& options, int retry, std::uint64_t random) {
  std::int64_t longest = std::max<std::int64_t>(0, std::min(options.backoff_base_ms, options.backoff_max_ms));
  for (int i = 1; i < retry && longest > 0 && longest < options.backoff_max_ms; ++i) {
    // Halving the limit instead of doubling the wait cannot overflow.
    longest = longest > options.backoff_max_ms / 2 ? options.backoff_max_ms : longest * 2;
  }
  // The bias of the remainder is below 2^-40 for waits of seconds.
  return static_cast<std::int64_t>(random % (static_cast<std::uint64_t>(longest) + 1));
}

}  // namespace bao::core
