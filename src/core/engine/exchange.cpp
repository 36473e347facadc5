#include "core/engine/exchange.hpp"

#include <algorithm>

#include "core/engine/scope.hpp"
#include "core/value/concat.hpp"

namespace bao::core {

namespace {

bool is_write(ApiOperation operation) {
  switch (operation) {
    case ApiOperation::put_item:
    case ApiOperation::update_item:
    case ApiOperation::delete_item:
    case ApiOperation::batch_write_item:
    case ApiOperation::transact_write_items:
      return true;
    default:
      return false;
  }
}

void count_capacity(Call& call, ApiOperation operation, double units) {
  Capacity consumed;
  (is_write(operation) ? consumed.write : consumed.read) = units;
  call.capacity += consumed;
  if (call.scope()) call.scope()->capacity += consumed;
}

std::string text_of(ApiOperation operation) {
  return std::string(api_operation_name(operation));
}

Error cancelled_error(ApiOperation operation) {
  return {ErrorCode::cancelled, ErrorDetails{.message = concat({text_of(operation), " was cancelled"}),
                                             .operation = text_of(operation)}};
}

Error timeout_error(ApiOperation operation, const Engine& engine, const std::string& last) {
  std::string message = concat({text_of(operation), " did not end within ", engine.options().call_ms, " ms"});
  if (!last.empty()) append(message, {"; last: ", last});
  return {ErrorCode::timeout,
          ErrorDetails{.message = std::move(message), .operation = text_of(operation), .retryable = true}};
}

Error transport_error(ApiOperation operation, const std::string& last) {
  return {ErrorCode::transport, ErrorDetails{.message = concat({text_of(operation), ": ", last}),
                                             .operation = text_of(operation),
                                             .retryable = true}};
}

// What one attempt came to.
struct Attempt {
  enum class End : std::uint8_t { answered, judged, retry, stop };
  End end = End::stop;
  RetryReason reason = RetryReason::connection;
  bool maybe_executed = false;
  /// A retry after a mistake of ours was mended: costs neither quota nor wait, and is had once a request.
  enum class Free : std::uint8_t { no, new_clock, new_credentials };
  Free free = Free::no;
};

Attempt judge_fault(Engine& engine, Fault fault, const std::string& date, ApiOperation operation,
                    Exchange& ended) {
  const bool expired = fault.name == "ExpiredTokenException" || fault.name == "ExpiredToken" ||
                       fault.name == "UnrecognizedClientException";
  const Fault::Kind kind = fault.kind;
  ended.failure.reset();
  switch (kind) {
    case Fault::Kind::condition_failed:
    case Fault::Kind::transaction_cancelled:
      ended.fault = std::move(fault);
      return {.end = Attempt::End::judged};
    case Fault::Kind::refused:
      if (expired) {
        engine.drop_credentials();
        ended.failure = fault_error(fault, operation);
        return {.end = Attempt::End::retry, .free = Attempt::Free::new_credentials};
      }
      ended.fault = std::move(fault);
      return {.end = Attempt::End::judged};
    case Fault::Kind::clock_skew: {
      ended.failure = fault_error(fault, operation);
      const std::optional<std::int64_t> service_ms = parse_http_date_ms(date);
      if (!service_ms) return {.end = Attempt::End::stop};
      engine.correct_clock(*service_ms);
      return {.end = Attempt::End::retry, .free = Attempt::Free::new_clock};
    }
    case Fault::Kind::throttled:
    case Fault::Kind::transaction_conflict:
    case Fault::Kind::transaction_in_progress:
      ended.failure = fault_error(fault, operation);
      return {.end = Attempt::End::retry, .reason = RetryReason::throttled};
    case Fault::Kind::server_error:
    case Fault::Kind::bad_answer:
      ended.failure = fault_error(fault, operation);
      return {.end = Attempt::End::retry, .reason = RetryReason::server_error, .maybe_executed = true};
  }
  return {};
}

Fault garbled(const HttpResponse& response, std::string text) {
  Fault fault;
  fault.kind = Fault::Kind::bad_answer;
  fault.status = response.status;
  fault.request_id = response.request_id;
  fault.text = std::move(text);
  return fault;
}

// A body that lacks what every answer of its operation has is not the service's: its emptiness means nothing.
bool is_complete(const Answer& answer, ApiOperation operation) {
  switch (operation) {
    case ApiOperation::batch_get_item:
      return answer.has_items || !answer.unprocessed.empty();
    case ApiOperation::batch_write_item:
      return answer.has_unprocessed_items;
    case ApiOperation::query:
    case ApiOperation::scan:
      return answer.has_items || answer.has_count;
    case ApiOperation::describe_table:
      return !answer.table.status.empty();
    case ApiOperation::describe_time_to_live:
      return !answer.ttl_status.empty();
    default:
      return true;
  }
}

Attempt judge_response(Call& call, HttpResponse response, ApiOperation operation, Exchange& ended) {
  Engine& engine = call.engine();
  if (response.crc32 && crc32(response.body) != *response.crc32) {
    return judge_fault(engine, garbled(response, "the answer's CRC32 does not match its bytes"),
                       response.date, operation, ended);
  }
  if (response.status != 200) {
    const std::string date = response.date;
    return judge_fault(engine, parse_fault(std::move(response)), date, operation, ended);
  }
  auto answer = parse_answer(std::move(response.body));
  if (!answer) {
    return judge_fault(engine,
                       garbled(response, concat({"the answer cannot be read: ", answer.error().to_string()})),
                       response.date, operation, ended);
  }
  if (!is_complete(*answer, operation)) {
    return judge_fault(engine, garbled(response, "the answer lacks what every answer of its kind has"),
                       response.date, operation, ended);
  }
  count_capacity(call, operation, answer->capacity_units);
  ended.answer = std::move(*answer);
  ended.failure.reset();
  return {.end = Attempt::End::answered};
}

Attempt judge_outcome(Call& call, Engine::SendOutcome outcome, ApiOperation operation, Exchange& ended) {
  if (auto* response = std::get_if<HttpResponse>(&outcome)) {
    return judge_response(call, std::move(*response), operation, ended);
  }
  const TransportError& error = std::get<TransportError>(outcome);
  ended.failure = transport_error(operation, error.message);
  switch (error.kind) {
    case TransportError::Kind::not_sent:
      return {.end = Attempt::End::retry, .reason = RetryReason::connection};
    case TransportError::Kind::lost:
      return {.end = Attempt::End::retry, .reason = RetryReason::connection, .maybe_executed = true};
    case TransportError::Kind::timed_out:
      return {.end = Attempt::End::retry, .reason = RetryReason::timed_out, .maybe_executed = true};
    case TransportError::Kind::misconfigured:
      ended.failure = Error(ErrorCode::configuration, error.message);
      return {};
  }
  return {};
}

}  // namespace

std::optional<Error> refuse_outside_scope(const Call& call, const Engine& engine) {
  if (call.scope() || !engine.options().require_batch_context) return std::nullopt;
  return Error(ErrorCode::batch_context_required,
               "Batch operations must be executed within runWithBatchContext() "
               "(C++: bao::run_with_batch_context): batchContext.requireBatchContext is on");
}

Task<bool> wait_before_retry(Call& call, int retry, RetryReason reason) {
  Engine& engine = call.engine();
  const RetryOptions& options = engine.options().retry;
  if (call.cancelled() || retry >= options.max_attempts) co_return false;
  const std::int64_t delay_ms = backoff_ms(options, retry, engine.random().next());
  if (engine.now().steady_ms + delay_ms >= call.deadline_ms()) co_return false;
  if (!engine.quota().acquire(reason)) co_return false;
  if (delay_ms == 0) co_return true;
  co_return co_await engine.sleep(call, delay_ms);
}

Task<Exchange> exchange(Call& call, ApiOperation operation, std::string body, Replay replay) {
  Engine& engine = call.engine();
  Exchange ended;
  std::optional<RetryReason> last_retry;
  bool clock_corrected = false;
  bool credentials_renewed = false;
  for (int retry = 0;;) {
    if (std::optional<Error> error = co_await engine.credentials(call)) {
      ended.failure = std::move(error);
      co_return ended;
    }
    if (call.cancelled()) {
      ended.failure = cancelled_error(operation);
      co_return ended;
    }
    const std::int64_t left_ms = call.deadline_ms() - engine.now().steady_ms;
    if (left_ms <= 0) {
      ended.failure = timeout_error(operation, engine, ended.failure ? ended.failure->message() : "");
      co_return ended;
    }
    HttpRequest request{.operation = operation, .body = body};
    std::optional<Engine::SendOutcome> outcome =
        co_await engine.send(call, std::move(request), std::min(engine.options().attempt_ms, left_ms));
    if (!outcome) {
      // Cancelled while the request was out: a write may have been executed.
      ended.maybe_executed = ended.maybe_executed || replay != Replay::read;
      ended.failure = cancelled_error(operation);
      co_return ended;
    }
    const Attempt attempt = judge_outcome(call, std::move(*outcome), operation, ended);
    ended.maybe_executed = ended.maybe_executed || (attempt.maybe_executed && replay != Replay::read);
    if (attempt.end == Attempt::End::answered) {
      engine.quota().release(last_retry);
      co_return ended;
    }
    if (attempt.end != Attempt::End::retry) co_return ended;
    if (attempt.maybe_executed && replay == Replay::once) co_return ended;
    if (attempt.free != Attempt::Free::no) {
      bool& mended = attempt.free == Attempt::Free::new_clock ? clock_corrected : credentials_renewed;
      if (std::exchange(mended, true)) co_return ended;
      continue;
    }
    ++retry;
    if (!co_await wait_before_retry(call, retry, attempt.reason)) {
      if (call.cancelled()) {
        ended.failure = cancelled_error(operation);
      } else if (engine.now().steady_ms + engine.options().retry.backoff_base_ms >= call.deadline_ms()) {
        ended.failure = timeout_error(operation, engine, ended.failure->message());
      }
      co_return ended;
    }
    last_retry = attempt.reason;
  }
}

Error exchange_error(const Exchange& ended, ApiOperation operation, Replay replay) {
  Error error = ended.fault ? fault_error(*ended.fault, operation) : *ended.failure;
  if (!ended.maybe_executed || replay == Replay::read) return error;
  ErrorDetails details = error.details();
  details.message = concat({"whether the write was done is not known: ", details.message});
  details.operation = text_of(operation);
  return {ErrorCode::ambiguous_write, std::move(details)};
}

}  // namespace bao::core
