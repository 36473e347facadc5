#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace bao::cli {

/// What bao.yaml says; what it does not say is empty.
struct CliConfig {
  std::string region;
  std::string endpoint;
  std::string table;
  std::string definitions;   ///< the file or folder of models
  std::string output;        ///< the folder of generated code
  std::string fields;        ///< the folder of custom field types
  std::string language;      ///< cpp, js or ts
  std::string modules;       ///< commonjs or esm
  std::string custom_types;  ///< of C++: the header with the types of custom fields
};

/// Reads the file that DYNAMO_BAO_CONFIG names, else bao.yaml of this folder; without either, nothing is
/// configured. The error is a message with file and line.
[[nodiscard]] std::expected<CliConfig, std::string> load_config(const std::filesystem::path& folder = ".");

}  // namespace bao::cli
