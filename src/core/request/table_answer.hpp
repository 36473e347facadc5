#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/value/json_reader.hpp"

namespace bao::core {

/// What DescribeTable and its kin say of a table, as far as this library asks for it.
struct TableState {
  struct Index {
    std::string name;
    std::string status;
  };
  struct Key {
    std::string name;
    std::string role;  ///< "HASH" or "RANGE"
    std::string type;  ///< "S", "N" or "B"
    bool operator==(const Key&) const = default;
  };
  std::string status;  ///< "CREATING", "ACTIVE", ...; empty where the answer did not tell
  std::vector<Index> indexes;
  std::vector<Key> keys;  ///< the table's own, not its indexes'

  /// The table and every index can be used.
  [[nodiscard]] bool active() const;
  [[nodiscard]] bool has_index(std::string_view name) const;
};

/// Reads the value of "Table" or "TableDescription".
[[nodiscard]] bool read_table(JsonReader& reader, TableState& table);
/// Reads the value of "TimeToLiveDescription": "ENABLED", "DISABLED", ...
[[nodiscard]] bool read_ttl_status(JsonReader& reader, std::string& status);

}  // namespace bao::core
