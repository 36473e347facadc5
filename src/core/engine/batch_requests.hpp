#pragma once

#include <optional>
#include <span>
#include <string>

#include <bao/error.hpp>

#include "core/engine/exchange.hpp"

namespace bao::core {

// What everything that writes by BatchWriteItem shares.

/// The body of a request with these entries of RequestItems, each a JSON text ({"PutRequest":...}).
[[nodiscard]] std::string batch_write_body(const std::string& table,
                                           std::span<const std::string* const> entries);

/// Paces what a BatchWriteItem left unprocessed: one for all the requests of a chunk.
class UnprocessedRetries {
 public:
  /// Waits before the `left` of `sent` items go out again; an error where retries have run out.
  [[nodiscard]] Task<std::optional<Error>> wait(Call& call, std::size_t sent, std::size_t left);

 private:
  int retry_ = 0;
};

/// The answer names what was not sent: what became of the rest is unknown.
[[nodiscard]] Error garbled_unprocessed();

}  // namespace bao::core
