#pragma once

#include <memory>
#include <optional>
#include <string>

#include <bao/error.hpp>

#include "core/aws/fault.hpp"
#include "core/engine/engine.hpp"
#include "core/request/answer.hpp"

namespace bao::core {

/// What another try may do.
enum class Replay : std::uint8_t {
  read,        ///< changes nothing
  idempotent,  ///< a write that has the same effect once or twice (or carries a token that makes it so)
  once,        ///< a write that must not run twice: no retry once an attempt may have been executed
};

/// The end of one request, retries included.
struct Exchange {
  /// The service answered 200.
  std::optional<Answer> answer;
  /// It refused, for a reason that the operation must judge: condition_failed, transaction_cancelled, or
  /// refused.
  std::optional<Fault> fault;
  /// An attempt before this end may have been executed although its answer was lost.
  bool maybe_executed = false;
  /// Neither answer nor fault: the tries ran out; this says why. Where maybe_executed is set, the caller
  /// must settle the outcome or report it as ambiguous.
  std::optional<Error> failure;
};

/// Sends a request and retries it as the AWS SDKs' standard mode does, within the call's deadline.
/// Counts what it consumed in the call (and in its scope).
[[nodiscard]] Task<Exchange> exchange(Call& call, ApiOperation operation, std::string body, Replay replay);

/// Refuses what strict mode forbids: an operation that would send a request outside a batch context.
[[nodiscard]] std::optional<Error> refuse_outside_scope(const Call& call, const Engine& engine);

/// Waits before try number `retry` (1: the first repetition), or says why not to: quota, attempts, deadline
/// or cancellation.
[[nodiscard]] Task<bool> wait_before_retry(Call& call, int retry, RetryReason reason);

/// The error of an exchange that has no answer, for an operation that has nothing to settle.
[[nodiscard]] Error exchange_error(const Exchange& ended, ApiOperation operation, Replay replay);

}  // namespace bao::core
