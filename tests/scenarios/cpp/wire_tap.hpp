#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "native/http/transport.hpp"

namespace bao::scenarios {

/// A request as it was handed to the wire.
struct SentRequest {
  std::string operation;
  std::string body;
};

/// Everything that was sent, in order.
struct WireLog {
  std::vector<SentRequest> requests;
  bool print_answers = false;
};

/// Notes each request on its way to `inner`, once for each time it is sent.
[[nodiscard]] std::unique_ptr<native::Transport> tap(std::unique_ptr<native::Transport> inner,
                                                     std::shared_ptr<WireLog> log);
/// Events for the inner transport: prints answers where the log asks for it.
[[nodiscard]] native::TransportEvents tap(native::TransportEvents events, std::shared_ptr<WireLog> log);

}  // namespace bao::scenarios
