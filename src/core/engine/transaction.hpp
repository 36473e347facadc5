#pragma once

#include <string>
#include <vector>

#include "core/engine/exchange.hpp"
#include "core/expression/expression.hpp"
#include "core/keys/row_keys.hpp"

namespace bao::core {

/// The actions of one TransactWriteItems, as JSON.
class Transaction {
 public:
  explicit Transaction(std::string_view table) : table_(table) {}

  /// Each gives the action's position: that of its cancellation reason.
  std::size_t put(const Value::Map& item, const std::string& condition, const Placeholders& placeholders);
  /// An empty `update`, which DynamoDB refuses in a transaction, is a check.
  std::size_t update(const RowKey& key, const std::string& update, const std::string& condition,
                     const Placeholders& placeholders);
  std::size_t remove(const RowKey& key, const std::string& condition, const Placeholders& placeholders);
  std::size_t check(const RowKey& key, const std::string& condition, const Placeholders& placeholders);

  /// The request. The token makes DynamoDB run it once however often it is sent within 10 minutes.
  [[nodiscard]] std::string body(std::string_view token) const;

 private:
  template <class Write>
  std::size_t add(std::string_view kind, const std::string& condition, const Placeholders& placeholders,
                  Write write);

  std::string table_;
  std::vector<std::string> actions_;
};

}  // namespace bao::core
