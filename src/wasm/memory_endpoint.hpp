#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <bao/error.hpp>

#include "core/request/http.hpp"

namespace bao::wasm {

/// A DynamoDB in the module, with one table: what `memory:` is.
class MemoryEndpoint {
 public:
  virtual ~MemoryEndpoint() = default;
  [[nodiscard]] virtual core::HttpResponse answer(core::HttpRequest request) = 0;
};

/// Makes the endpoint and its table. `now_ms`: since the epoch.
/// Defined twice: the module without the embedded engine has one that gives an error instead.
[[nodiscard]] Result<std::unique_ptr<MemoryEndpoint>> make_memory_endpoint(
    const std::string& table, std::function<std::int64_t()> now_ms);

}  // namespace bao::wasm
