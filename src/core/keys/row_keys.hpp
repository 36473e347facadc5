#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <bao/error.hpp>

#include "core/schema/schema.hpp"

namespace bao::core {

inline constexpr std::string_view id_separator = "##__SK__##";
/// How many separators a text holds, read from its beginning: none of them shares a byte with another.
[[nodiscard]] std::size_t count_separators(std::string_view text);

// DynamoDB's limits on key values, in bytes (Developer Guide, "Constraints").
inline constexpr std::size_t partition_key_bytes_max = 2048;
inline constexpr std::size_t sort_key_bytes_max = 1024;

/// `_pk` and `_sk` of a row, or a pair of index key attributes.
struct RowKey {
  std::string pk;
  std::string sk;

  friend bool operator==(const RowKey&, const RowKey&) = default;
};

/// Texts of the halves of a model's primary key (key_text of the field; empty where that half is none or
/// the prefix).
struct KeyTexts {
  std::string partition;
  std::string sort;
};

/// SPEC 5. `tenant` is empty where there is none; otherwise every partition key starts `[tenant]#`.
[[nodiscard]] RowKey primary_row_key(const Model& model, std::string_view tenant, const KeyTexts& texts);
[[nodiscard]] std::string primary_id(const Model& model, const KeyTexts& texts);
/// The reverse of primary_id. ErrorCode::validation where the id cannot be one of this model's (no separator
/// where there are two fields, or an empty half).
[[nodiscard]] Result<KeyTexts> split_primary_id(const Model& model, std::string_view id);

/// Takes `[tenant]#` off a partition key, or one of an index, and gives the tenant; empty: there is none.
std::string_view take_tenant(std::string_view& pk);
/// The primary id of a row by its key attributes; empty where it has none.
[[nodiscard]] std::string row_primary_id(const ModelDefinition& model, std::string_view pk,
                                         std::string_view sk);
/// Why DynamoDB would refuse the key, whose partition half is made of `partition` and whose sort half of
/// `sort` (of texts that each may be in a key): with its prefixes and the tenant, a half is larger than 2048
/// and 1024 bytes.
[[nodiscard]] std::optional<Error> refuse_long_key(const Model& model, const KeyPart& partition,
                                                   const KeyPart& sort, const RowKey& key);

/// Why this cannot be a tenant's id: empty, ill-formed UTF-8, or with the `]#` that ends the tenant's part of
/// a key (SPEC 8).
[[nodiscard]] std::optional<Error> refuse_tenant(std::string_view tenant);

/// `_gsiN_pk`; `partition_text` is ignored where the partition key is the prefix.
[[nodiscard]] std::string index_partition_key(const Model& model, std::string_view tenant, const Index& index,
                                              std::string_view partition_text);
/// `_gsiN_sk`; the model's prefix where the index has no sort key, or the prefix as its sort key.
[[nodiscard]] std::string index_sort_key(const Model& model, const Index& index, std::string_view sort_text);

/// The row that reserves a unique value; `text` is the stored value as text.
[[nodiscard]] RowKey unique_row_key(const Model& model, std::string_view tenant,
                                    const UniqueConstraint& constraint, std::string_view text);

/// `_iter_pk` and `_iter_sk` of an item of an iterable model.
[[nodiscard]] RowKey iteration_key(const Model& model, std::string_view tenant, std::string_view primary_id);
[[nodiscard]] std::uint32_t iteration_bucket(std::string_view primary_id, std::uint32_t buckets);
/// `_iter_pk` of all items in one bucket.
[[nodiscard]] std::string iteration_partition(const Model& model, std::string_view tenant,
                                              std::uint32_t bucket);

// Names of the attributes that the library adds to items.
inline constexpr std::string_view pk_attribute = "_pk";
inline constexpr std::string_view sk_attribute = "_sk";
inline constexpr std::string_view iteration_pk_attribute = "_iter_pk";
inline constexpr std::string_view iteration_sk_attribute = "_iter_sk";
inline constexpr std::string_view search_text_attribute = "_searchText";
[[nodiscard]] std::string_view index_pk_attribute(int gsi);  ///< "_gsi1_pk"
[[nodiscard]] std::string_view index_sk_attribute(int gsi);  ///< "_gsi1_sk"
[[nodiscard]] std::string_view index_table_name(int gsi);    ///< "gsi1"

}  // namespace bao::core
