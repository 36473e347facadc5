#include "native/http/memory_transport.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <deque>
#include <utility>

namespace bao::native {
namespace {

class MemoryTransport final : public Transport {
 public:
  MemoryTransport(boost::asio::any_io_executor executor, std::shared_ptr<local::LocalEngine> engine,
                  TransportEvents events)
      : state_(std::make_shared<State>(std::move(engine), std::move(events))),
        executor_(std::move(executor)) {}

  ~MemoryTransport() override { state_->waiting.clear(); }

  void send(core::RequestId id, core::HttpRequest request, std::int64_t) override {
    state_->waiting.push_back({id, std::move(request)});
    boost::asio::post(executor_, [state = state_, id] { answer(*state, id); });
  }

  void cancel(core::RequestId id) override {
    std::erase_if(state_->waiting, [id](const Waiting& waiting) { return waiting.id == id; });
  }

 private:
  struct Waiting {
    core::RequestId id;
    core::HttpRequest request;
  };
  /// Outlives the transport while a handler runs: the callback may destroy the transport.
  struct State {
    State(std::shared_ptr<local::LocalEngine> used_engine, TransportEvents used_events)
        : engine(std::move(used_engine)), events(std::move(used_events)) {}
    std::shared_ptr<local::LocalEngine> engine;
    TransportEvents events;
    std::deque<Waiting> waiting;
  };

  static void answer(State& state, core::RequestId id) {
    const auto found = std::ranges::find(state.waiting, id, &Waiting::id);
    if (found == state.waiting.end()) return;
    core::HttpRequest request = std::move(found->request);
    state.waiting.erase(found);
    local::Answer answer =
        state.engine->handle(core::api_operation_name(request.operation), std::move(request.body));
    core::HttpResponse response;
    response.status = answer.status;
    response.body = std::move(answer.body);
    state.events.on_response(id, std::move(response));
  }

  std::shared_ptr<State> state_;
  boost::asio::any_io_executor executor_;
};

}  // namespace

std::unique_ptr<Transport> make_memory_transport(boost::asio::any_io_executor executor,
                                                 std::shared_ptr<local::LocalEngine> engine,
                                                 TransportEvents events) {
  return std::make_unique<MemoryTransport>(std::move(executor), std::move(engine), std::move(events));
}

}  // namespace bao::native
