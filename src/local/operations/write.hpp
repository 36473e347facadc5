#pragma once

#include <optional>
#include <string>
#include <vector>

#include "local/capacity.hpp"
#include "local/database.hpp"
#include "local/expressions/ast.hpp"
#include "local/operations/item_request.hpp"

namespace bao::local {

/// One write of one item, through the stages that single writes and transactions share.
struct WriteOperation {
  enum class Kind : std::uint8_t { put, update, remove, check };

  Kind kind = Kind::put;
  ItemRequest request;
  std::optional<ConditionExpression> condition;
  std::optional<UpdateExpression> update;
  Table* table = nullptr;
  std::string key;         ///< in the store
  std::string old_record;  ///< empty: no item
  std::string new_record;  ///< empty: no item
  std::vector<IndexChange> changes;
  bool condition_failed = false;  ///< which evaluate() told

  /// Stage 1, the request by itself: bindings, expressions, values.
  [[nodiscard]] Outcome<void> parse();
  /// The part of that for the parameters before expressions.
  [[nodiscard]] Outcome<void> parse_legacy();
  /// Stage 2, against the table's definition.
  [[nodiscard]] Outcome<void> locate(Database& database);
  /// Stage 3, against the item: ConditionalCheckFailedException, or new_record.
  [[nodiscard]] Outcome<void> evaluate(Database& database);
  /// Stage 4: adds the changes of the item and of its index entries.
  void stage(WriteBatch& batch);
  /// After the commit: the figures of the table and its indexes.
  void count(Database& database) const;
  /// The record that the error of a failed condition is to show; empty: none.
  [[nodiscard]] std::string_view record_on_failure() const {
    return request.return_values_on_failure == "ALL_OLD" ? std::string_view(old_record) : std::string_view();
  }
  /// What the write is charged; after stage().
  void charge(ConsumedCapacity& capacity) const {
    charge_write(capacity, *table, old_record, new_record, changes);
  }
};

/// ,"Item":{...} for an error answer; empty where there is no item.
[[nodiscard]] std::string item_member(std::string_view record);

}  // namespace bao::local
