#include "wasm/memory_endpoint.hpp"

#include <utility>

#include "core/request/table_body.hpp"
#include "local/local_engine.hpp"
#include "local/store/memory_store.hpp"

namespace bao::wasm {

namespace {

class Embedded final : public MemoryEndpoint {
 public:
  explicit Embedded(std::function<std::int64_t()> now_ms)
      : engine_(local::make_memory_store(), local::LocalEngineOptions{.now_ms = std::move(now_ms)}) {}

  core::HttpResponse answer(core::HttpRequest request) override {
    return handle(core::api_operation_name(request.operation), std::move(request.body));
  }
  core::HttpResponse handle(std::string_view operation, std::string body) {
    local::Answer answer = engine_.handle(operation, std::move(body));
    core::HttpResponse response;
    response.status = answer.status;
    response.body = std::move(answer.body);
    return response;
  }

 private:
  local::LocalEngine engine_;
};

}  // namespace

Result<std::unique_ptr<MemoryEndpoint>> make_memory_endpoint(const std::string& table,
                                                             std::function<std::int64_t()> now_ms) {
  auto embedded = std::make_unique<Embedded>(std::move(now_ms));
  core::HttpResponse made = embedded->handle("CreateTable", core::create_table_body(table, {}));
  if (made.status == 200) made = embedded->handle("UpdateTimeToLive", core::enable_ttl_body(table));
  if (made.status == 200) return embedded;
  return std::unexpected(
      Error(ErrorCode::configuration, "the embedded engine cannot make table '" + table + "': " + made.body));
}

}  // namespace bao::wasm
