#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace bao::cli {

/// The whole text of a file. The error is a message that names it: it is not there, is a folder, cannot be
/// read.
[[nodiscard]] std::expected<std::string, std::string> read_text_file(const std::filesystem::path& path);

}  // namespace bao::cli
