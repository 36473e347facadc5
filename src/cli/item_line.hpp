#pragma once

#include <expected>
#include <string>

namespace bao::cli {

/// The item of a line {"Item":{...}} as JSON text, checked; empty for a line without anything. The error says
/// what is wrong with the line.
[[nodiscard]] std::expected<std::string, std::string> read_item_line(std::string line);

}  // namespace bao::cli
