#pragma once

#include <filesystem>
#include <string>

// The commands of `bao`. Each gives the exit code: 0, or 1 after saying on stderr what failed.
namespace bao::cli {

struct CodegenCommand {
  std::filesystem::path definitions = "models.yaml";  ///< a file, or a folder of .yaml and .yml files
  std::filesystem::path output = "models";
};
[[nodiscard]] int run(const CodegenCommand& command);

}  // namespace bao::cli
