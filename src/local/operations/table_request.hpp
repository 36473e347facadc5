#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/api_error.hpp"
#include "local/operations/constraints.hpp"
#include "local/operations/request_reader.hpp"
#include "local/table.hpp"

namespace bao::local {

struct AttributeDefinition {
  std::optional<std::string_view> name;
  std::optional<std::string_view> type;
};

struct KeySchemaElement {
  std::optional<std::string_view> name;
  std::optional<std::string_view> type;
};

struct ThroughputRequest {
  std::optional<std::int64_t> read;
  std::optional<std::int64_t> write;
};

struct TagRequest {
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
};
bool read_tags(RequestReader& reader, std::optional<std::vector<TagRequest>>& out);
[[nodiscard]] Outcome<void> check_tags(const std::vector<TagRequest>& tags);

inline constexpr std::size_t global_indexes_max = 20;
/// Over all indexes of a table; one in two indexes counts twice.
inline constexpr std::size_t projected_attributes_max = 100;

struct IndexRequest {
  std::optional<std::string_view> name;
  std::optional<std::vector<KeySchemaElement>> keys;
  bool has_projection = false;
  std::optional<std::string_view> projection_type;
  std::optional<std::vector<std::string_view>> non_key_attributes;
  std::optional<ThroughputRequest> throughput;
  bool global = true;
};

/// The parameters of CreateTable and UpdateTable.
struct TableRequest {
  std::optional<std::string_view> table_name;
  std::optional<std::vector<AttributeDefinition>> attributes;
  std::optional<std::vector<KeySchemaElement>> keys;
  std::optional<std::string_view> billing_mode;
  std::optional<ThroughputRequest> throughput;
  std::optional<std::vector<IndexRequest>> local_indexes;
  std::optional<std::vector<IndexRequest>> global_indexes;
  std::optional<bool> deletion_protection;
  std::optional<std::vector<TagRequest>> tags;
  std::optional<std::string_view> table_class;
  bool has_stream = false;
  std::optional<bool> stream_enabled;
  std::optional<std::string_view> stream_view_type;

  /// One of three; `update` alone has a throughput.
  struct IndexUpdate {
    struct Named {
      std::optional<std::string_view> name;
      std::optional<ThroughputRequest> throughput;
    };
    std::optional<IndexRequest> create;
    std::optional<Named> remove;
    std::optional<Named> update;
  };
  std::optional<std::vector<IndexUpdate>> index_updates;

  [[nodiscard]] Outcome<void> read(std::string& body);
  void constraints(Constraints& out, bool create) const;
  /// Refuses what the engine could only pretend to do, and what contradicts itself.
  [[nodiscard]] Outcome<void> check_stream() const;
  [[nodiscard]] std::optional<TableClass> requested_class() const;
  [[nodiscard]] bool pay_per_request() const { return billing_mode == "PAY_PER_REQUEST"; }
};

/// The checked attribute definitions.
[[nodiscard]] std::vector<KeyAttribute> attribute_definitions(const TableRequest& request);
[[nodiscard]] Outcome<void> check_named_once(const std::vector<KeyAttribute>& attributes);
/// What the indexes of one table project.
[[nodiscard]] Outcome<void> check_projections(const std::vector<SecondaryIndex>& indexes);
/// A checked key schema; its attributes are among `attributes`.
[[nodiscard]] Outcome<KeySchema> key_schema(const std::vector<KeySchemaElement>& elements,
                                            const std::vector<KeyAttribute>& attributes);
[[nodiscard]] Outcome<SecondaryIndex> secondary_index(const IndexRequest& request,
                                                      const KeySchema& table_keys,
                                                      const std::vector<KeyAttribute>& attributes,
                                                      bool pay_per_request);

}  // namespace bao::local
