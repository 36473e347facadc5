#include "wasm/engine/abi.hpp"

#include <string>
#include <utility>

#include "core/request/table_body.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace bao::wasm {

class EmbeddedEngine {
 public:
  EmbeddedEngine()
      : engine_(local::make_memory_store(), local::LocalEngineOptions{.now_ms = [this] { return now_ms_; }}) {
  }
  EmbeddedEngine(const EmbeddedEngine&) = delete;
  EmbeddedEngine& operator=(const EmbeddedEngine&) = delete;

  void set_time(double wall_ms) { now_ms_ = static_cast<std::int64_t>(wall_ms); }
  local::Answer handle(std::string_view operation, std::string body) {
    return engine_.handle(operation, std::move(body));
  }
  void sweep(std::size_t items_max) { (void)engine_.sweep(items_max); }

 private:
  std::int64_t now_ms_ = 0;
  local::LocalEngine engine_;
};

}  // namespace bao::wasm

namespace wasm = bao::wasm;
namespace core = bao::core;
namespace local = bao::local;

wasm::EmbeddedEngine* bao_engine_new() {
  return new wasm::EmbeddedEngine();
}

void bao_engine_delete(wasm::EmbeddedEngine* engine) {
  delete engine;
}

std::uint32_t bao_engine_make_table(wasm::EmbeddedEngine* engine, std::uint32_t size,
                                    std::uint32_t search_index, double wall_ms) {
  const std::string table = wasm::taken(0, size);
  engine->set_time(wall_ms);
  local::Answer made =
      engine->handle("CreateTable", core::create_table_body(table, {.search_index = search_index != 0}));
  if (made.status == 200) made = engine->handle("UpdateTimeToLive", core::enable_ttl_body(table));
  if (made.status == 200) return 1;
  wasm::give_and_keep("the embedded engine cannot make table '" + table + "': " + made.body);
  return 0;
}

std::uint32_t bao_engine_handle(wasm::EmbeddedEngine* engine, std::uint32_t operation_size,
                                std::uint32_t size, double wall_ms) {
  engine->set_time(wall_ms);
  local::Answer answer =
      engine->handle(wasm::taken(0, operation_size), wasm::taken(operation_size, size - operation_size));
  wasm::give_and_keep(std::move(answer.body));
  return static_cast<std::uint32_t>(answer.status);
}

void bao_engine_sweep(wasm::EmbeddedEngine* engine, std::uint32_t items_max, double wall_ms) {
  engine->set_time(wall_ms);
  engine->sweep(items_max);
}
