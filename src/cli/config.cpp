#include "cli/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/text_file.hpp"
#include "native/yaml/parse.hpp"

namespace bao::cli {
namespace {

namespace fs = std::filesystem;
using Node = core::DefinitionNode;

struct Setting {
  std::string_view section;
  std::string_view name;
  std::string CliConfig::* value;
  std::vector<std::string_view> choices = {};  ///< empty: any text
};

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = {
      {"aws", "region", &CliConfig::region},
      {"aws", "endpoint", &CliConfig::endpoint},
      {"db", "tableName", &CliConfig::table},
      {"paths", "modelDefinitionsPath", &CliConfig::definitions},
      {"paths", "modelsDir", &CliConfig::output},
      {"paths", "fieldsDir", &CliConfig::fields},
      {"codegen", "language", &CliConfig::language, {"cpp", "js", "ts"}},
      {"codegen", "fieldsInclude", &CliConfig::custom_types},
      {"codegen", "moduleSystem", &CliConfig::modules, {"commonjs", "esm"}},
  };
  return all;
}

std::unexpected<std::string> mistake(const std::string& file, const Node& node, const std::string& message) {
  return std::unexpected(file + ":" + std::to_string(node.line) + ": " + message);
}

std::expected<void, std::string> read_setting(const std::string& file, const Node& section, const Node& node,
                                              CliConfig& config) {
  const auto found = std::ranges::find_if(settings(), [&](const Setting& setting) {
    return setting.section == section.key && setting.name == node.key;
  });
  const std::string name = section.key + "." + node.key;
  if (found == settings().end()) return mistake(file, node, "there is no setting '" + name + "'");
  if (node.kind != Node::Kind::scalar || node.scalar.empty())
    return mistake(file, node, name + " must be a text");
  if (!found->choices.empty() && std::ranges::find(found->choices, node.scalar) == found->choices.end()) {
    std::string words;
    for (const std::string_view choice : found->choices) {
      words += (words.empty() ? "" : " or ") + std::string(choice);
    }
    return mistake(file, node, name + " must be " + words + ", not '" + node.scalar + "'");
  }
  config.*(found->value) = node.scalar;
  return {};
}

std::expected<CliConfig, std::string> read_config(const std::string& text, const std::string& file) {
  const auto tree = native::parse_yaml(text, file);
  if (!tree) return std::unexpected(tree.error().to_string());
  CliConfig config;
  if (tree->root.kind == Node::Kind::null) return config;
  if (tree->root.kind != Node::Kind::map) return mistake(file, tree->root, "must be a map of sections");
  for (const Node& section : tree->root.children) {
    const bool known = std::ranges::any_of(
        settings(), [&section](const Setting& setting) { return setting.section == section.key; });
    if (!known) return mistake(file, section, "there is no section '" + section.key + "'");
    if (section.kind == Node::Kind::null) continue;
    if (section.kind != Node::Kind::map) return mistake(file, section, section.key + " must be a map");
    for (const Node& node : section.children) {
      if (auto read = read_setting(file, section, node, config); !read) return std::unexpected(read.error());
    }
  }
  return config;
}

}  // namespace

std::expected<CliConfig, std::string> load_config(const fs::path& folder) {
  const char* const named = std::getenv("DYNAMO_BAO_CONFIG");
  const bool is_named = named != nullptr && *named != '\0';
  const fs::path file = is_named ? folder / named : folder / "bao.yaml";
  const std::string shown = file.lexically_normal().string();
  std::error_code error;
  if (!fs::exists(file, error)) {
    if (is_named) return std::unexpected(shown + ": there is no such file (DYNAMO_BAO_CONFIG)");
    return CliConfig();
  }
  const auto text = read_text_file(file.lexically_normal());
  if (!text) return std::unexpected(text.error());
  return read_config(*text, shown);
}

}  // namespace bao::cli
