#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/database.hpp"
#include "local/operations/table_request.hpp"

namespace bao::local {

/// The requests that hold little more than a table's name.
struct NamedRequest {
  std::optional<std::string_view> table_name;
  std::optional<std::string_view> exclusive_start;
  std::optional<std::int64_t> limit;
  bool has_ttl = false;
  std::optional<std::string_view> ttl_attribute;
  std::optional<bool> ttl_enabled;
  std::optional<std::string_view> resource_arn;
  std::optional<std::vector<TagRequest>> tags;
  std::optional<std::vector<std::string_view>> tag_keys;

  [[nodiscard]] Outcome<void> read(std::string& body);
};

/// Reads a request and finds its table, which must be there.
[[nodiscard]] Outcome<Table*> named_table(Database& database, std::string& body, NamedRequest& request);

/// ResourceInUseException where the table goes through a change.
[[nodiscard]] Outcome<void> check_steady(const Table& table);

/// "ACTIVE", "CREATING", ...
[[nodiscard]] std::string_view status_name(Phase phase);

}  // namespace bao::local
