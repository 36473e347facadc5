#include "core/aws/retry.hpp"

#include <gtest/gtest.h>

#include <random>

namespace bao::core {
namespace {

TEST(RetryQuota, ARetryTakesFiveAndOneAfterATimeoutTen) {
  RetryQuota quota(20);
  EXPECT_TRUE(quota.acquire(RetryReason::throttled));
  EXPECT_EQ(quota.available(), 15);
  EXPECT_TRUE(quota.acquire(RetryReason::timed_out));
  EXPECT_EQ(quota.available(), 5);
  EXPECT_FALSE(quota.acquire(RetryReason::timed_out));
  EXPECT_EQ(quota.available(), 5) << "what is refused costs nothing";
  EXPECT_TRUE(quota.acquire(RetryReason::connection));
  EXPECT_FALSE(quota.acquire(RetryReason::server_error));
  EXPECT_EQ(quota.available(), 0);
}

TEST(RetryQuota, ASuccessGivesBack) {
  RetryQuota quota(20);
  ASSERT_TRUE(quota.acquire(RetryReason::timed_out));
  ASSERT_TRUE(quota.acquire(RetryReason::throttled));
  quota.release(RetryReason::throttled);
  EXPECT_EQ(quota.available(), 10);
  quota.release(RetryReason::timed_out);
  EXPECT_EQ(quota.available(), 20);
  quota.release(RetryReason::timed_out);
  EXPECT_EQ(quota.available(), 20) << "never above its capacity";
  ASSERT_TRUE(quota.acquire(RetryReason::throttled));
  quota.release(std::nullopt);
  EXPECT_EQ(quota.available(), 16) << "a call without a retry gives back 1";
}

TEST(Backoff, DoublesUpToItsLimit) {
  const RetryOptions options{.backoff_base_ms = 50, .backoff_max_ms = 1000};
  const std::int64_t longest[] = {50, 100, 200, 400, 800, 1000, 1000};
  std::mt19937_64 random(6);
  for (int retry = 1; retry <= 7; ++retry) {
    std::int64_t seen_max = 0;
    std::int64_t seen_min = 1000;
    for (int i = 0; i < 20'000; ++i) {
      const std::int64_t wait = backoff_ms(options, retry, random());
      seen_max = std::max(seen_max, wait);
      seen_min = std::min(seen_min, wait);
    }
    EXPECT_EQ(seen_max, longest[retry - 1]);
    EXPECT_EQ(seen_min, 0);
  }
}

TEST(Backoff, Extremes) {
  EXPECT_LE(backoff_ms({}, 1'000'000, ~std::uint64_t{0}), 20'000);
  EXPECT_EQ(backoff_ms({.backoff_base_ms = 0}, 5, 12345), 0);
  EXPECT_LE(backoff_ms({.backoff_base_ms = 500, .backoff_max_ms = 100}, 1, 12345), 100);
  const std::int64_t huge = std::int64_t{1} << 62;
  EXPECT_LE(backoff_ms({.backoff_base_ms = huge, .backoff_max_ms = huge}, 3, ~std::uint64_t{0}), huge);
}

}  // namespace
}  // namespace bao::core
