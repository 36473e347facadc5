#include "wasm/memory_endpoint.hpp"

namespace bao::wasm {

Result<std::unique_ptr<MemoryEndpoint>> make_memory_endpoint(const std::string& /*table*/,
                                                             std::function<std::int64_t()> /*now_ms*/) {
  return std::unexpected(Error(ErrorCode::configuration,
                               "endpoint memory: needs the embedded engine, which is not in this bundle: "
                               "import \"dynamo-bao/memory\" before the first call"));
}

}  // namespace bao::wasm
