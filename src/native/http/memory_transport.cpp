#include "native/http/memory_transport.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <list>
#include <string>
#include <utility>
#include <variant>

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
    state_->late.clear();
    state_->settling.cancel();
  }

  void send(core::RequestId id, core::HttpRequest request, std::int64_t timeout_ms) override {
    state_->waiting.push_back({id, std::move(request), timeout_ms});
    boost::asio::post(executor_, [state = state_, id] { answer(state, id); });
  }

  void cancel(core::RequestId id) override {
    std::erase_if(state_->waiting, [id](const Waiting& waiting) { return waiting.id == id; });
    std::erase_if(state_->late, [id](const Late& late) { return late.id == id; });
  }

 private:
  struct Waiting {
    core::RequestId id;
    core::HttpRequest request;
    std::int64_t timeout_ms;
  };
  using Outcome = std::variant<core::HttpResponse, core::TransportError>;
  /// What a fault's latency holds back.
  struct Late {
    core::RequestId id;
    Outcome outcome;
    boost::asio::steady_timer timer;
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
    std::list<Late> late;
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
    Waiting waiting = std::move(*found);
    state.waiting.erase(found);
    local::Answer answer = state.engine->handle(core::api_operation_name(waiting.request.operation),
                                                std::move(waiting.request.body));
    settle_soon(shared);
    const std::int64_t delay_ms = answer.delay_ms;
    if (delay_ms >= waiting.timeout_ms) {
      report_later(shared, id, waiting.timeout_ms,
                   core::TransportError{core::TransportError::Kind::timed_out,
                                        "the embedded engine gave no answer within " +
                                            std::to_string(waiting.timeout_ms) + " ms (a fault)"});
    } else if (delay_ms > 0) {
      report_later(shared, id, delay_ms, outcome_of(std::move(answer)));
    } else {
      report(state, id, outcome_of(std::move(answer)));
    }
  }

  static Outcome outcome_of(local::Answer answer) {
    if (answer.dropped) {
      return core::TransportError{core::TransportError::Kind::lost,
                                  "the embedded engine dropped the connection (a fault)"};
    }
    core::HttpResponse response;
    response.status = answer.status;
    response.body = std::move(answer.body);
    return response;
  }

  static void report(State& state, core::RequestId id, Outcome outcome) {
    if (auto* response = std::get_if<core::HttpResponse>(&outcome)) {
      state.events.on_response(id, std::move(*response));
    } else {
      state.events.on_transport_error(id, std::get<core::TransportError>(std::move(outcome)));
    }
  }

  static void report_later(const std::shared_ptr<State>& state, core::RequestId id, std::int64_t after_ms,
                           Outcome outcome) {
    Late& late = state->late.emplace_back(id, std::move(outcome),
                                          boost::asio::steady_timer(state->settling.get_executor()));
    late.timer.expires_after(std::chrono::milliseconds(after_ms));
    late.timer.async_wait([state, id](boost::system::error_code) {
      const auto found = std::ranges::find(state->late, id, &Late::id);
      if (found == state->late.end()) return;  // cancelled
      Outcome due = std::move(found->outcome);
      state->late.erase(found);
      report(*state, id, std::move(due));
    });
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
