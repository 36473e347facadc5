#include "scenarios/cpp/wire_tap.hpp"

#include <cstdio>
#include <utility>

namespace bao::scenarios {

namespace {

class Tap final : public native::Transport {
 public:
  Tap(std::unique_ptr<native::Transport> inner, std::shared_ptr<WireLog> log)
      : inner_(std::move(inner)), log_(std::move(log)) {}

  void send(core::RequestId id, core::HttpRequest request, std::int64_t timeout_ms) override {
    log_->requests.push_back(
        {.operation = std::string(core::api_operation_name(request.operation)), .body = request.body});
    if (log_->print_answers) {
      std::printf("  > %s %s\n", log_->requests.back().operation.c_str(), request.body.c_str());
    }
    inner_->send(id, std::move(request), timeout_ms);
  }
  void cancel(core::RequestId id) override { inner_->cancel(id); }

 private:
  std::unique_ptr<native::Transport> inner_;
  std::shared_ptr<WireLog> log_;
};

}  // namespace

std::unique_ptr<native::Transport> tap(std::unique_ptr<native::Transport> inner,
                                       std::shared_ptr<WireLog> log) {
  return std::make_unique<Tap>(std::move(inner), std::move(log));
}

native::TransportEvents tap(native::TransportEvents events, std::shared_ptr<WireLog> log) {
  if (!log->print_answers) return events;
  return {.on_response =
              [inner = events.on_response](core::RequestId id, core::HttpResponse response) {
                std::printf("  < %d %s\n", response.status, response.body.c_str());
                inner(id, std::move(response));
              },
          .on_transport_error = events.on_transport_error};
}

}  // namespace bao::scenarios
