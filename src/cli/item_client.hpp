#pragma once

#include <bao/client.hpp>
#include <bao/definition.hpp>
#include <expected>
#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace bao::cli {

/// A client for the items of a table, patient with tables that throttle. An address that cannot be meant is
/// an error (place_of); a table that is to be read must exist.
[[nodiscard]] std::expected<Client, std::string> connect(const TableAddress& address, bool to_read,
                                                         std::vector<ModelDefinition> definitions = {});

/// What went wrong, in one line: ours, then the service's own words.
[[nodiscard]] std::string one_line(const Error& error);

}  // namespace bao::cli
