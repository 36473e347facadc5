#include <boost/asio/io_context.hpp>
#include <chrono>

#include "core/request/table_body.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"
#include "native/face/client_state.hpp"
#include "native/http/memory_transport.hpp"
#include "scenarios/cpp/engine.hpp"
#include "scenarios/cpp/failure.hpp"

namespace bao::scenarios {

namespace {

std::int64_t now_ms() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class MemoryEngine final : public Engine {
 public:
  void create_table(const std::string& table, bool search_index) override {
    const local::Answer created =
        engine_->handle("CreateTable", core::create_table_body(table, {.search_index = search_index}));
    if (created.status != 200) throw Failure("CreateTable: " + created.body);
    const local::Answer ttl = engine_->handle("UpdateTimeToLive", core::enable_ttl_body(table));
    if (ttl.status != 200) throw Failure("UpdateTimeToLive: " + ttl.body);
  }

  Client connect(Config config, const std::shared_ptr<WireLog>& log) override {
    config.aws.endpoint = "memory:";
    Client client = init_models(std::move(config));
    // The client's own embedded engine gives way to ours, which the test can look into.
    detail::ClientState& state = *client.context().client;
    state.set_transport(tap(
        native::make_memory_transport(state.io().get_executor(), engine_, tap(state.transport_events(), log)),
        log));
    return client;
  }

  Answer request(std::string_view operation, const std::string& body) override {
    local::Answer answer = engine_->handle(operation, body);
    return {.status = answer.status, .body = std::move(answer.body)};
  }

 private:
  std::shared_ptr<local::LocalEngine> engine_ = std::make_shared<local::LocalEngine>(
      local::make_memory_store(), local::LocalEngineOptions{.now_ms = now_ms});
};

}  // namespace

std::unique_ptr<Engine> make_memory_engine() {
  return std::make_unique<MemoryEngine>();
}

}  // namespace bao::scenarios
