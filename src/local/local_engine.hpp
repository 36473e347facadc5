#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "local/store/store.hpp"

namespace bao::local {

struct Answer {
  int status = 200;
  std::string body;  ///< JSON; errors as DynamoDB sends them: {"__type":"...","message":"..."}
};

struct LocalEngineOptions {
  /// Milliseconds since the epoch; called for table dates, idempotency tokens and TTL. Required.
  std::function<std::int64_t()> now_ms;
};

/// A DynamoDB in the process: the same bytes in, the same bytes out. Not thread safe: one caller at a time.
class LocalEngine {
 public:
  LocalEngine(std::unique_ptr<Store> store, LocalEngineOptions options);
  ~LocalEngine();
  LocalEngine(LocalEngine&&) noexcept;
  LocalEngine& operator=(LocalEngine&&) noexcept;

  /// Answers one request. `operation` is the part of X-Amz-Target after the dot ("GetItem"). Never throws:
  /// bad input gets DynamoDB's error for it.
  [[nodiscard]] Answer handle(std::string_view operation, std::string body);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bao::local
