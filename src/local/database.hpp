#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "local/api_error.hpp"
#include "local/store/store.hpp"
#include "local/table.hpp"

namespace bao::local {

/// What the operations share: the tables, their store, the clock, and the answers to recent transactions.
class Database {
 public:
  Database(std::unique_ptr<Store> store, std::function<std::int64_t()> now_ms)
      : store_(std::move(store)), now_ms_(std::move(now_ms)) {}

  using Tables = std::map<std::string, std::unique_ptr<Table>, std::less<>>;

  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_(); }
  [[nodiscard]] Tables& tables() { return tables_; }
  [[nodiscard]] Table* find(std::string_view name) {
    const auto found = tables_.find(name);
    return found == tables_.end() ? nullptr : found->second.get();
  }
  /// For the operations on items: ResourceNotFoundException where the table is not there.
  [[nodiscard]] Outcome<Table*> require(std::string_view name) {
    if (Table* table = find(name)) return table;
    return std::unexpected(resource_not_found("Requested resource not found"));
  }
  [[nodiscard]] SpaceId new_space() { return next_space_++; }
  [[nodiscard]] Outcome<void> commit(WriteBatch& batch);
  /// The record of an item, valid until the next commit; empty where there is none.
  [[nodiscard]] Outcome<std::string_view> read(const Table& table, std::string_view key);

  /// A transaction that was committed with a ClientRequestToken.
  struct Finished {
    std::uint64_t fingerprint = 0;  ///< of the request's actions
    std::int64_t expires_at_ms = 0;
  };
  using FinishedTransactions = std::map<std::string, Finished, std::less<>>;
  [[nodiscard]] FinishedTransactions& finished_transactions() { return finished_; }

 private:
  std::unique_ptr<Store> store_;
  std::function<std::int64_t()> now_ms_;
  Tables tables_;
  SpaceId next_space_ = 1;
  FinishedTransactions finished_;
};

}  // namespace bao::local
