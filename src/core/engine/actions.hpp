#pragma once

#include <cstdint>
#include <variant>

#include <bao/error.hpp>

#include "core/request/http.hpp"

namespace bao::core {

/// Time, as the driver tells it with each event.
struct Moment {
  std::int64_t wall_ms = 0;    ///< since the epoch, UTC
  std::int64_t steady_ms = 0;  ///< from any fixed point; never goes back
};

enum class RequestId : std::uint64_t {};
enum class TimerId : std::uint64_t {};
enum class TurnId : std::uint64_t {};
enum class OperationId : std::uint64_t {};

// Actions: what the core asks of its driver. A closed list.

/// Send and answer with Engine::on_response or Engine::on_transport_error, exactly once, unless cancelled.
struct SendRequest {
  RequestId id{};
  HttpRequest request;
  std::int64_t timeout_ms = 0;  ///< for the whole attempt, connect and last byte of the answer included
};
/// Nobody waits for this request any more: close it, and send no event for it.
struct CancelRequest {
  RequestId id{};
};
/// Call Engine::on_timer once, after this delay.
struct StartTimer {
  TimerId id{};
  std::int64_t delay_ms = 0;
};
struct CancelTimer {
  TimerId id{};
};
/// Call Engine::on_turn_over once, when everything that is ready to run now has run (native: a handler posted
/// behind those already queued). Each batch asks for its own: in a Worker what a callback does belongs to the
/// request that asked for the callback, so that one request's batch must not leave on behalf of another.
struct RequestTurn {
  TurnId id{};
};
/// Signing needs credentials, or fresh ones: call Engine::on_credentials. At most one is outstanding.
struct RequestCredentials {};
/// The operation ended; its result waits in the slot that the face gave to Engine::start, `token` with it.
struct Complete {
  OperationId id{};
  void* token = nullptr;
};

using Action = std::variant<SendRequest, CancelRequest, StartTimer, CancelTimer, RequestTurn,
                            RequestCredentials, Complete>;

}  // namespace bao::core
