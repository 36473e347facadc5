#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "local/api_error.hpp"
#include "local/catalogue.hpp"
#include "local/recent_writes.hpp"
#include "local/store/store.hpp"
#include "local/table.hpp"

namespace bao::local {

/// How the engine behaves where the service leaves room; see LocalEngineOptions.
struct Behaviour {
  std::int64_t table_change_ms = 0;
  std::int64_t gsi_delay_ms = 0;
  std::string endpoint_address;
};

/// What a fault does to the request that is being answered (faults.hpp).
struct RequestFaults {
  bool leave_unprocessed = false;   ///< a batch does only a part of its work
  std::int64_t index_delay_ms = 0;  ///< global indexes answer as they were that long ago
};

/// What the operations share: the tables, their store, the clock, and the answers to recent transactions.
/// Nothing else writes to the store.
class Database {
 public:
  Database(std::unique_ptr<Store> store, std::function<std::int64_t()> now_ms, Behaviour behaviour);

  using Tables = std::map<std::string, std::unique_ptr<Table>, std::less<>>;

  /// Reads the tables and transactions that the store holds. Call once, first.
  [[nodiscard]] Outcome<void> open();

  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_(); }
  [[nodiscard]] const Behaviour& behaviour() const { return behaviour_; }
  [[nodiscard]] Tables& tables() { return tables_; }
  /// The table, whatever it goes through; ends the phases that are over.
  [[nodiscard]] Table* find(std::string_view name) {
    const auto found = tables_.find(name);
    if (found == tables_.end()) return nullptr;
    return found->second->phase == Phase::steady ? found->second.get() : settle(*found->second);
  }
  /// For the operations on items: ResourceNotFoundException where the table is not there or not yet.
  [[nodiscard]] Outcome<Table*> require(std::string_view name) {
    Table* table = find(name);
    if (table && table->phase != Phase::creating && table->phase != Phase::deleting) return table;
    return std::unexpected(resource_not_found("Requested resource not found"));
  }
  [[nodiscard]] SpaceId new_space() { return next_space_++; }
  [[nodiscard]] Outcome<void> commit(WriteBatch& batch);
  /// The record of an item, valid until the next commit; empty where there is none.
  [[nodiscard]] Outcome<std::string_view> read(const Table& table, std::string_view key);

  /// Commits the batch together with the table's definition.
  [[nodiscard]] Outcome<void> commit_definition(WriteBatch& batch, const Table& table);
  /// Adds a table and commits its definition.
  [[nodiscard]] Outcome<Table*> add(std::unique_ptr<Table> table);
  /// Drops the table's contents and definition from the store. In memory the table stays for as long as
  /// deleting takes.
  [[nodiscard]] Outcome<void> remove(Table& table);
  /// Writes the figures of all tables into their definitions. They change too often to be part of each
  /// commit, so after a crash they are those of the last save; the service updates its own every six hours.
  [[nodiscard]] Outcome<void> save_figures();
  /// Begins a phase that lasts for as long as table changes take; none where they take no time.
  void begin(Table& table, Phase phase);

  /// The transaction that this token finished, if that was less than ten minutes ago.
  [[nodiscard]] const FinishedTransaction* finished(std::string_view token);
  /// Adds a token's record to the batch that carries its transaction.
  void stage_finished(WriteBatch& batch, std::string_view token, std::uint64_t fingerprint);
  /// After that batch was committed.
  void remember_finished(std::string_view token, std::uint64_t fingerprint);

  [[nodiscard]] RecentWrites& recent_writes() { return recent_writes_; }
  /// How long ago a global index is to be seen.
  [[nodiscard]] std::int64_t index_delay_ms() const {
    return request_faults_.index_delay_ms > behaviour_.gsi_delay_ms ? request_faults_.index_delay_ms
                                                                    : behaviour_.gsi_delay_ms;
  }
  [[nodiscard]] RequestFaults& request_faults() { return request_faults_; }

 private:
  Table* settle(Table& table);

  std::unique_ptr<Store> store_;
  std::function<std::int64_t()> now_ms_;
  Behaviour behaviour_;
  Tables tables_;
  SpaceId next_space_ = catalogue_space + 1;
  std::map<std::string, FinishedTransaction, std::less<>> finished_;
  std::deque<std::pair<std::int64_t, std::string>> expiries_;  ///< of finished_, the earliest first
  RecentWrites recent_writes_;
  RequestFaults request_faults_;
};

}  // namespace bao::local
