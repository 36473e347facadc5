#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// The commands of `bao`. Each gives the exit code: 0, or 1 after saying on stderr what failed.
namespace bao::cli {

struct CodegenCommand {
  enum class Language : unsigned char { cpp, javascript, typescript };
  std::filesystem::path definitions = "models.yaml";  ///< a file, or a folder of .yaml and .yml files
  std::filesystem::path output = "models";
  Language language = Language::cpp;
  /// Of JavaScript: whether it is ESM, not CommonJS. Nothing: as the nearest package.json says.
  std::optional<bool> esm = {};
};
[[nodiscard]] int run(const CodegenCommand& command);

struct TableCommand {
  enum class Kind : unsigned char { create, update, remove };
  Kind kind = Kind::create;
  std::string table;
  std::string region;      ///< empty: as in bao::AwsConfig
  std::string endpoint;    ///< empty: as in bao::AwsConfig
  bool search = false;     ///< create and update: with the index that search needs
  bool confirmed = false;  ///< remove: do not ask
};
[[nodiscard]] int run(const TableCommand& command);

/// Serves the embedded engine until SIGTERM or SIGINT.
struct LocalCommand {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;  ///< 0: the system chooses
  std::filesystem::path db;   ///< empty: in memory
  std::string sync = "normal";
  bool realistic = false;
  std::int64_t gsi_delay_ms = 0;
  std::filesystem::path faults;  ///< empty: none
  std::vector<std::string> allowed_origins;
};
[[nodiscard]] int run(const LocalCommand& command);

}  // namespace bao::cli
