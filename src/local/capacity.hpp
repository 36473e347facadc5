#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/json_writer.hpp"
#include "local/item/encoded.hpp"
#include "local/table.hpp"

// Consumed capacity by DynamoDB's published rules (Developer Guide, "DynamoDB read/write capacity units"):
// reads count each started 4 KB as one unit, half of that where eventually consistent; writes count each
// started 1 KB as one unit; transactions double both; every index that a write touches counts by itself.
// Amounts are kept in half units, so that all of them are whole numbers.

namespace bao::local {

using HalfUnits = std::uint64_t;

[[nodiscard]] HalfUnits read_units(std::size_t bytes, bool consistent);
[[nodiscard]] HalfUnits write_units(std::size_t bytes);

enum class CapacityDetail : std::uint8_t { none, total, indexes };

[[nodiscard]] CapacityDetail capacity_detail(std::string_view parameter);

/// What one table and its indexes were charged.
class ConsumedCapacity {
 public:
  explicit ConsumedCapacity(const Table& table) : table_(&table) {}

  void add_table(HalfUnits units) { table_units_ += units; }
  void add_index(const SecondaryIndex& index, HalfUnits units);
  /// A transaction costs twice.
  void add_twice(const ConsumedCapacity& other);
  [[nodiscard]] const Table& table() const { return *table_; }
  [[nodiscard]] HalfUnits table_units() const { return table_units_; }
  struct Part {
    const SecondaryIndex* index;
    HalfUnits units;
  };
  [[nodiscard]] const std::vector<Part>& indexes() const { return indexes_; }
  /// Of the table and its indexes.
  [[nodiscard]] HalfUnits total() const;

  /// Transactions also tell reads and writes apart.
  enum class Kind : std::uint8_t { plain, transaction_read, transaction_write };
  void write(core::JsonWriter& writer, CapacityDetail detail, Kind kind = Kind::plain) const;

 private:
  const Table* table_;
  HalfUnits table_units_ = 0;
  std::vector<Part> indexes_;
};

/// Bytes of an item as an index stores it: its projected attributes.
[[nodiscard]] std::size_t projected_size(const Table& table, const SecondaryIndex& index, Encoded item,
                                         std::size_t full_size);
/// Whether an index's projection holds the attribute.
[[nodiscard]] bool is_projected(const Table& table, const SecondaryIndex& index, std::string_view attribute);

/// What a write does to an item's entry in one index; an empty key stands for no entry.
struct IndexChange {
  SecondaryIndex* index = nullptr;
  std::string old_entry;
  std::string new_entry;
  std::size_t old_size = 0;  ///< of the projected attributes
  std::size_t new_size = 0;
};
/// For the indexes that hold the item before or after the write. Records; empty for "no item".
[[nodiscard]] std::vector<IndexChange> index_changes(Table& table, std::string_view old_record,
                                                     std::string_view new_record, std::string_view key);

/// Charges a write for the table and for each index that it changes.
void charge_write(ConsumedCapacity& capacity, const Table& table, std::string_view old_record,
                  std::string_view new_record, const std::vector<IndexChange>& changes);

}  // namespace bao::local
