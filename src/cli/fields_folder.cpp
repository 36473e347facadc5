#include "cli/fields_folder.hpp"

#include <algorithm>
#include <system_error>

namespace bao::cli {

namespace fs = std::filesystem;

std::expected<std::vector<std::string>, std::string> field_files(const fs::path& folder) {
  std::vector<std::string> names;
  if (folder.empty()) return names;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    names.push_back(entries->path().filename().string());
  }
  if (error) {
    return std::unexpected(folder.string() + ": the folder cannot be read: " + error.message() +
                           " (paths.fieldsDir)");
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace bao::cli
