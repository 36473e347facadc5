#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace bao::cli {

/// The names of the files in the folder of custom field types, sorted; none where no folder is configured.
/// The error is a message.
[[nodiscard]] std::expected<std::vector<std::string>, std::string> field_files(
    const std::filesystem::path& folder);

}  // namespace bao::cli
