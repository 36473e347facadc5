#include "wasm/engine/local_abi.hpp"

#include <string>
#include <utility>

#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace bao::wasm {

struct LocalOutput {
  const char* text = nullptr;
  std::size_t size = 0;
};

namespace {

// Made when first needed, so that nothing runs at instantiation.
struct Local {
  std::int64_t now_ms = 0;
  std::string input;
  std::string body;
  LocalOutput output;
  local::LocalEngine engine{local::make_memory_store(),
                            local::LocalEngineOptions{.now_ms = [this] { return now_ms; }}};
};

Local& local_state() {
  static Local* const made = new Local();  // never freed: it lives as long as the module
  return *made;
}

}  // namespace
}  // namespace bao::wasm

using bao::wasm::local_state;

char* bao_local_input(std::uint32_t size) {
  local_state().input.resize(size);
  return local_state().input.data();
}

const bao::wasm::LocalOutput* bao_local_output() {
  return &local_state().output;
}

std::uint32_t bao_local_answer(std::uint32_t operation_size, double wall_ms) {
  auto& state = local_state();
  state.now_ms = static_cast<std::int64_t>(wall_ms);
  const std::string operation = state.input.substr(0, operation_size);
  bao::local::Answer answer = state.engine.handle(operation, state.input.substr(operation.size()));
  state.body = std::move(answer.body);
  state.output = {.text = state.body.data(), .size = state.body.size()};
  return static_cast<std::uint32_t>(answer.status);
}

void bao_local_sweep(std::uint32_t items_max, double wall_ms) {
  local_state().now_ms = static_cast<std::int64_t>(wall_ms);
  (void)local_state().engine.sweep(items_max);
}
