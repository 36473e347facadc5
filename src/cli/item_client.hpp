#pragma once

#include <bao/client.hpp>
#include <bao/definition.hpp>
#include <expected>
#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace bao::cli {

/// A client for the items of a table, patient with tables that throttle. An endpoint that cannot be meant is
/// an error: memory:, and, where the table is to be read, a file that is not there.
[[nodiscard]] std::expected<Client, std::string> connect(const TableAddress& address, bool to_read,
                                                         std::vector<ModelDefinition> definitions = {});

/// What went wrong, in one line: ours, then the service's own words.
[[nodiscard]] std::string one_line(const Error& error);

}  // namespace bao::cli
