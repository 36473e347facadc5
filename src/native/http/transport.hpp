#pragma once

#include <cstdint>
#include <functional>

#include "core/engine/actions.hpp"
#include "core/request/http.hpp"

namespace bao::native {

/// What a transport reports: exactly one of the two for each request that was sent and not cancelled, on the
/// transport's executor and never from inside send() or cancel(). Either may destroy the transport.
struct TransportEvents {
  std::function<void(core::RequestId, core::HttpResponse)> on_response;
  std::function<void(core::RequestId, core::TransportError)> on_transport_error;
};

/// How requests reach DynamoDB. Used from one executor only. Destroying it ends what is in flight, silently.
class Transport {
 public:
  virtual ~Transport() = default;

  /// `id` is not in flight already. `timeout_ms` is for the whole attempt: waiting for a connection,
  /// connecting, and everything up to the last byte of the answer.
  virtual void send(core::RequestId id, core::HttpRequest request, std::int64_t timeout_ms) = 0;
  /// No event comes for `id` any more; its connection is closed. Unknown ids are ignored.
  virtual void cancel(core::RequestId id) = 0;
};

}  // namespace bao::native
