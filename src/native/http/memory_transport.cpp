#include "native/http/memory_transport.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <utility>

namespace bao::native {
namespace {

constexpr std::chrono::milliseconds settle_after{100};

class MemoryTransport final : public Transport {
 public:
  MemoryTransport(boost::asio::any_io_executor executor, std::shared_ptr<local::LocalEngine> engine,
                  TransportEvents events, local::Store* file_store)
      : state_(std::make_shared<State>(executor, std::move(engine), std::move(events), file_store)),
        executor_(std::move(executor)) {}

  ~MemoryTransport() override {
    state_->waiting.clear();
    state_->settling.cancel();
  }

  void send(core::RequestId id, core::HttpRequest request, std::int64_t) override {
    state_->waiting.push_back({id, std::move(request)});
    boost::asio::post(executor_, [state = state_, id] { answer(state, id); });
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
    State(const boost::asio::any_io_executor& executor, std::shared_ptr<local::LocalEngine> used_engine,
          TransportEvents used_events, local::Store* used_store)
        : engine(std::move(used_engine)),
          events(std::move(used_events)),
          file_store(used_store),
          settling(executor) {}
    std::shared_ptr<local::LocalEngine> engine;
    TransportEvents events;
    local::Store* file_store;
    boost::asio::steady_timer settling;
    bool is_settling = false;
    std::deque<Waiting> waiting;
  };

  // An error needs no report here: the store refuses every later request with it.
  static void settle_soon(const std::shared_ptr<State>& state) {
    if (!state->file_store || !state->file_store->is_unsettled() || state->is_settling) return;
    state->is_settling = true;
    state->settling.expires_after(settle_after);
    state->settling.async_wait([state](boost::system::error_code) {
      state->is_settling = false;
      (void)state->file_store->settle(true);
    });
  }

  static void answer(const std::shared_ptr<State>& shared, core::RequestId id) {
    State& state = *shared;
    const auto found = std::ranges::find(state.waiting, id, &Waiting::id);
    if (found == state.waiting.end()) return;
    core::HttpRequest request = std::move(found->request);
    state.waiting.erase(found);
    local::Answer answer =
        state.engine->handle(core::api_operation_name(request.operation), std::move(request.body));
    core::HttpResponse response;
    response.status = answer.status;
    response.body = std::move(answer.body);
    settle_soon(shared);
    state.events.on_response(id, std::move(response));
  }

  std::shared_ptr<State> state_;
  boost::asio::any_io_executor executor_;
};

}  // namespace

std::unique_ptr<Transport> make_memory_transport(boost::asio::any_io_executor executor,
                                                 std::shared_ptr<local::LocalEngine> engine,
                                                 TransportEvents events, local::Store* file_store) {
  return std::make_unique<MemoryTransport>(std::move(executor), std::move(engine), std::move(events),
                                           file_store);
}

}  // namespace bao::native
