#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bao/error.hpp>

#include "core/engine/engine.hpp"
#include "core/request/http.hpp"
#include "core/value/document.hpp"

// What query, scan and their like share.
namespace bao::core {

/// Items that one request examined and let through, and where the next one starts.
struct Page {
  std::vector<ItemRef> items;
  std::int64_t count = 0;
  /// A map of key attributes; null at the end.
  Value last_evaluated_key;
  Capacity capacity;
};

[[nodiscard]] Error query_error(const Model& model, std::string_view index, std::string message);

/// The index with this name; an empty name is the primary key. ErrorCode::query for an unknown one.
[[nodiscard]] Result<Index> index_to_read(const Model& model, const std::string& name);

/// Refuses a limit that DynamoDB does not take, and a consistent read of a GSI.
[[nodiscard]] std::optional<Error> check_page(const Model& model, const Index& index,
                                              std::optional<std::int64_t> limit, bool consistent);

/// Sends `body`, a Query or Scan that lacks its closing brace and ExclusiveStartKey, and gives its page;
/// `to_the_end`: all pages, as one.
[[nodiscard]] Task<Result<Page>> read_pages(Call& call, ApiOperation operation, std::string body,
                                            Value start_key, bool to_the_end);

}  // namespace bao::core
