#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace bao::cli {

/// Whether Node reads .js files of this folder as ESM: `"type": "module"` in the nearest package.json, of the
/// folder or of those around it. The error is a message that names the file.
[[nodiscard]] std::expected<bool, std::string> is_esm_folder(const std::filesystem::path& folder);

}  // namespace bao::cli
