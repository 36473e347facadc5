#include "cli/package_json.hpp"

#include <string_view>
#include <system_error>

#include "cli/text_file.hpp"
#include "core/value/json_reader.hpp"

namespace bao::cli {
namespace {

namespace fs = std::filesystem;

std::expected<bool, std::string> read_type(const fs::path& file) {
  auto text = read_text_file(file);
  if (!text) return std::unexpected(std::move(text).error());
  core::JsonReader reader(*text);
  bool esm = false;
  std::string_view name;
  reader.enter_object();
  while (reader.next_member(name)) {
    if (name == "type" && reader.peek() == core::JsonType::string) {
      std::string_view type;
      reader.read_string(type);
      esm = type == "module";
    } else {
      reader.skip_value();
    }
  }
  if (!reader.finish()) return std::unexpected(file.string() + ": " + reader.error().to_string());
  return esm;
}

}  // namespace

std::expected<bool, std::string> is_esm_folder(const fs::path& folder) {
  std::error_code error;
  for (fs::path at = fs::absolute(folder, error).lexically_normal();; at = at.parent_path()) {
    if (fs::is_regular_file(at / "package.json", error)) return read_type(at / "package.json");
    if (at == at.parent_path()) return false;
  }
}

}  // namespace bao::cli
