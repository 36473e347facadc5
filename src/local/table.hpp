#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/item/encoded.hpp"
#include "local/store/store.hpp"

namespace bao::local {

struct KeyAttribute {
  std::string name;
  Tag type = Tag::string;  ///< string, number or binary
};

struct KeySchema {
  KeyAttribute partition;
  std::optional<KeyAttribute> sort;
};

struct Projection {
  enum class Kind : std::uint8_t { all, keys_only, include };
  Kind kind = Kind::all;
  std::vector<std::string> include;
};

struct Throughput {
  std::int64_t read = 0;
  std::int64_t write = 0;

  friend bool operator==(const Throughput&, const Throughput&) = default;
};

enum class TableClass : std::uint8_t { standard = 1, infrequent_access = 2 };

/// What a table or an index is going through; only where the engine was asked to take time for it.
enum class Phase : std::uint8_t { steady, creating, updating, deleting };

struct SecondaryIndex {
  std::string name;
  KeySchema keys;
  Projection projection;
  bool global = true;
  SpaceId space = 0;
  Throughput throughput;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  Phase phase = Phase::steady;
};

struct ResourceTag {
  std::string key;
  std::string value;
};

struct Table {
  std::string name;
  std::string id;
  KeySchema keys;
  std::vector<KeyAttribute> attributes;  ///< AttributeDefinitions, as given
  std::vector<SecondaryIndex> indexes;   ///< local ones, then global ones, each in the order created
  SpaceId space = 0;
  bool pay_per_request = false;
  Throughput throughput;
  std::int64_t created_ms = 0;
  std::optional<std::string> ttl_attribute;
  bool deletion_protection = false;
  std::optional<TableClass> table_class;  ///< where a request named it
  std::int64_t billing_changed_ms = 0;    ///< when the table became pay per request
  std::vector<ResourceTag> tags;
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  Phase phase = Phase::steady;
  std::int64_t phase_ends_ms = 0;

  std::vector<SecondaryIndex> leaving_indexes;  ///< deleted already, and still shown as DELETING

  /// Ends the phases of the table and its indexes.
  void end_changes();
  [[nodiscard]] const SecondaryIndex* index(std::string_view index_name) const;
  [[nodiscard]] bool has_local_indexes() const { return !indexes.empty() && !indexes.front().global; }
  [[nodiscard]] const KeyAttribute* attribute(std::string_view attribute_name) const;
};

/// Whether the attribute is one of the key's.
[[nodiscard]] bool is_key(const KeySchema& keys, std::string_view attribute);

}  // namespace bao::local
