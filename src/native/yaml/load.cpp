#include "native/yaml/load.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include "core/aws/sha256.hpp"
#include "core/schema/definition_tree.hpp"
#include "native/yaml/parse.hpp"

namespace bao::native {
namespace {

namespace fs = std::filesystem;

Diagnostic mistake(const fs::path& path, std::string message) {
  return {.location = {.file = path.string()}, .message = std::move(message)};
}

std::expected<std::string, Diagnostic> read_file(const fs::path& path) {
  const std::string too_large =
      "the file is larger than " + std::to_string(definition_file_bytes_max >> 20) + " MiB";
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::unexpected(mistake(path, "is not a file"));
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::unexpected(mistake(path, "the file cannot be opened"));
  // One byte more than allowed tells a file that is too large, whatever its size is said to be.
  std::string text(definition_file_bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return std::unexpected(mistake(path, "the file cannot be read"));
  const auto size = static_cast<std::size_t>(stream.gcount());
  if (size > definition_file_bytes_max) return std::unexpected(mistake(path, too_large));
  text.resize(size);
  return text;
}

/// The definition files at a path, sorted by name.
std::expected<std::vector<fs::path>, Diagnostic> definition_files(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::unexpected(mistake(path, "there is no such file or folder"));
  if (!fs::is_directory(path, error)) return std::vector{path};

  std::vector<fs::path> files;
  fs::directory_iterator entries(path, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::error_code unknown;
    if (is_definition_file(entries->path()) && !entries->is_directory(unknown))
      files.push_back(entries->path());
    if (files.size() > definition_files_max) {
      return std::unexpected(
          mistake(path, "the folder has more than " + std::to_string(definition_files_max) + " files"));
    }
  }
  if (error) return std::unexpected(mistake(path, "the folder cannot be read: " + error.message()));
  if (files.empty()) return std::unexpected(mistake(path, "the folder has no .yaml or .yml file"));
  std::ranges::sort(files);
  return files;
}

}  // namespace

bool is_definition_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return !name.starts_with('.') && (path.extension() == ".yaml" || path.extension() == ".yml");
}

SchemaResult load_definitions(const fs::path& path, std::vector<std::string> custom_type_files) {
  const auto files = definition_files(path);
  if (!files) return std::unexpected(std::vector{files.error()});

  std::vector<core::DefinitionTree> trees;
  std::vector<Diagnostic> mistakes;
  for (const fs::path& file : *files) {
    const auto text = read_file(file);
    if (!text) {
      mistakes.push_back(text.error());
      continue;
    }
    auto tree = parse_yaml(*text, file.string());
    if (tree) {
      trees.push_back(*std::move(tree));
    } else {
      mistakes.push_back(std::move(tree).error());
    }
  }
  return core::schema_from_trees(
      trees, std::move(mistakes),
      {.related_models_must_exist = true, .custom_type_files = std::move(custom_type_files)});
}

std::string definitions_digest(const fs::path& path) {
  core::Sha256 digest;
  for (const fs::path& file : definition_files(path).value_or(std::vector<fs::path>())) {
    const std::string text = read_file(file).value_or(std::string());
    digest.update(file.filename().string() + ' ' + std::to_string(text.size()) + '\n');
    digest.update(text);
  }
  std::string hex;
  core::append_hex(hex, digest.finish());
  return hex;
}

SchemaResult load_definitions_text(std::string_view yaml, const std::string& file) {
  if (yaml.size() > definition_file_bytes_max) {
    return std::unexpected(std::vector{mistake(
        file, "the text is larger than " + std::to_string(definition_file_bytes_max >> 20) + " MiB")});
  }
  const auto tree = parse_yaml(yaml, file);
  if (!tree) return std::unexpected(std::vector{tree.error()});
  return core::schema_from_trees({*tree});
}

}  // namespace bao::native
