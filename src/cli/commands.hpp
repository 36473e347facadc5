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
  /// Of C++: the header with the types of custom fields, as generated headers include it; empty: none.
  std::string custom_types = {};
  std::filesystem::path fields = {};  ///< the folder of custom field types; empty: none
};
[[nodiscard]] int run(const CodegenCommand& command);

/// Generates now and whenever the definitions change, until SIGINT or SIGTERM; mistakes do not end it.
struct WatchCommand {
  CodegenCommand codegen;
  std::int64_t poll_ms = 200;  ///< between two looks at the files
};
[[nodiscard]] int run(const WatchCommand& command);

/// Writes bao.yaml and a first models.yaml; files that are there stay as they are.
struct InitCommand {
  std::filesystem::path folder = ".";
  bool confirmed = false;  ///< do not ask for the table and the region
};
[[nodiscard]] int run(const InitCommand& command);

/// What names a table.
struct TableAddress {
  std::string table;
  std::string region;    ///< empty: as in bao::AwsConfig
  std::string endpoint;  ///< empty: as in bao::AwsConfig; not memory:, which holds nothing
};

struct TableCommand {
  enum class Kind : unsigned char { create, update, remove };
  Kind kind = Kind::create;
  TableAddress table;
  bool search = false;  ///< create and update: with the index that search needs
  /// Create and update: where a model of these is searchable, as if `search` were set. Empty: none are read.
  std::filesystem::path definitions = {};
  std::filesystem::path fields = {};  ///< the folder of custom field types; empty: none
  bool confirmed = false;             ///< remove: do not ask
};
[[nodiscard]] int run(const TableCommand& command);

/// Writes a table's items as JSON lines, {"Item":{...}} each, as AWS exports to S3 have them.
struct ExportCommand {
  TableAddress from;
  std::string file;  ///< "-": standard output
  int segments = 4;  ///< of the Scan, read side by side; 1 to 64
  bool consistent = false;
  bool confirmed = false;  ///< replace the file without asking
};
[[nodiscard]] int run(const ExportCommand& command);

/// Puts the items of such a file into a table; those of the same keys are replaced.
struct ImportCommand {
  TableAddress to;
  std::string file;        ///< "-": standard input
  int parallel = 4;        ///< requests out at a time; 1 to 64
  bool confirmed = false;  ///< do not ask before items may be replaced
};
[[nodiscard]] int run(const ImportCommand& command);

/// Writes `_searchText` of each item of a searchable model anew, where it is not what it should be.
struct RebuildCommand {
  std::string model;
  std::filesystem::path definitions = "models.yaml";
  std::filesystem::path fields = {};  ///< the folder of custom field types; empty: none
  TableAddress table;
  std::string tenant;  ///< empty: the items of no tenant
  int segments = 4;    ///< of the Scan, worked on side by side; 1 to 64
};
[[nodiscard]] int run(const RebuildCommand& command);

/// Finds rows that disagree with their items or with the models, and repairs them where asked to. Gives 1
/// where anything was found that is not repaired.
struct FsckCommand {
  std::filesystem::path definitions = "models.yaml";
  std::filesystem::path fields = {};  ///< the folder of custom field types; empty: none
  TableAddress table;
  int segments = 4;     ///< of the Scan, checked side by side; 1 to 64
  bool json = false;    ///< findings as JSON lines; the summary goes to standard error
  bool repair = false;  ///< each in one transaction, conditioned on what was read
  /// Of repair: also items whose own key is in the other key format get the one that their model states.
  bool move_keys = false;
  bool confirmed = false;  ///< do not ask before repairs
  /// Where to keep how far it has come, once a second; a run that finds such a file goes on from there. It is
  /// removed at the end. Empty: nowhere.
  std::string state = {};
};
[[nodiscard]] int run(const FsckCommand& command);

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
