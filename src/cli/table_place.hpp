#pragma once

#include <expected>
#include <optional>
#include <string>

#include "cli/commands.hpp"

namespace bao::cli {

/// Where a table is.
struct TablePlace {
  std::optional<std::string> file = {};  ///< the embedded engine's; nothing: a service has the table
};

/// Where an address leads. Each command that works on a table asks here before anything else. What cannot be
/// meant is an error: no name (to the library that is the default table's), memory:, and, where the table
/// `must_exist`, a file that is not there.
[[nodiscard]] std::expected<TablePlace, std::string> place_of(const TableAddress& address, bool must_exist);

}  // namespace bao::cli
