#include "local/database.hpp"

#include <algorithm>

namespace bao::local {

namespace {
constexpr std::int64_t token_life_ms = 10 * 60 * 1000;
/// Old tokens that one transaction clears away: more than one, so that they cannot pile up.
constexpr std::size_t tokens_forgotten_max = 8;
}  // namespace

Database::Database(std::unique_ptr<Store> store, std::function<std::int64_t()> now_ms, Behaviour behaviour)
    : store_(std::move(store)), now_ms_(std::move(now_ms)), behaviour_(std::move(behaviour)) {}

Outcome<void> Database::open() {
  const auto cursor = store_->cursor(catalogue_space);
  for (bool more = cursor->seek({}); more; more = cursor->next()) {
    const std::string_view key = cursor->key();
    if (is_table_entry_key(key)) {
      auto table = decode_table(cursor->value());
      if (!table) return std::unexpected(std::move(table.error()));
      next_space_ = std::max(next_space_, table->space + 1);
      for (const SecondaryIndex& index : table->indexes) next_space_ = std::max(next_space_, index.space + 1);
      std::string name = table->name;
      tables_.emplace(std::move(name), std::make_unique<Table>(std::move(*table)));
    } else if (const std::string_view token = token_of_entry_key(key); !token.empty()) {
      const auto finished = decode_finished(cursor->value());
      if (!finished) return std::unexpected(finished.error());
      finished_.emplace(std::string(token), *finished);
      expiries_.emplace_back(finished->expires_at_ms, std::string(token));
    }
  }
  if (cursor->error()) return std::unexpected(internal_error(cursor->error()->message));
  std::sort(expiries_.begin(), expiries_.end());
  return {};
}

Outcome<void> Database::commit(WriteBatch& batch) {
  if (auto done = store_->commit(batch); !done) return std::unexpected(internal_error(done.error().message));
  return {};
}

Outcome<std::string_view> Database::read(const Table& table, std::string_view key) {
  auto found = store_->get(table.space, key);
  if (!found) return std::unexpected(internal_error(found.error().message));
  return found->value_or(std::string_view());
}

Outcome<void> Database::commit_definition(WriteBatch& batch, const Table& table) {
  batch.put(catalogue_space, table_entry_key(table.name), encode_table(table));
  return commit(batch);
}

Outcome<Table*> Database::add(std::unique_ptr<Table> table) {
  WriteBatch batch;
  if (auto done = commit_definition(batch, *table); !done) return std::unexpected(std::move(done.error()));
  std::string name = table->name;
  return tables_.insert_or_assign(std::move(name), std::move(table)).first->second.get();
}

Outcome<void> Database::remove(Table& table) {
  WriteBatch batch;
  batch.drop_space(table.space);
  for (const SecondaryIndex& index : table.indexes) batch.drop_space(index.space);
  batch.erase(catalogue_space, table_entry_key(table.name));
  if (auto done = commit(batch); !done) return done;
  recent_writes_.forget(table);
  begin(table, Phase::deleting);
  if (table.phase != Phase::deleting) tables_.erase(tables_.find(table.name));
  return {};
}

Outcome<void> Database::save_figures() {
  WriteBatch batch;
  for (const auto& [name, table] : tables_) {
    if (table->phase == Phase::deleting) continue;
    batch.put(catalogue_space, table_entry_key(name), encode_table(*table));
  }
  return batch.empty() ? Outcome<void>() : commit(batch);
}

void Database::begin(Table& table, Phase phase) {
  if (behaviour_.table_change_ms <= 0) return;
  table.phase = phase;
  table.phase_ends_ms = now_ms() + behaviour_.table_change_ms;
}

Table* Database::settle(Table& table) {
  if (now_ms() < table.phase_ends_ms) return &table;
  if (table.phase == Phase::deleting) {
    tables_.erase(tables_.find(table.name));
    return nullptr;
  }
  table.end_changes();
  return &table;
}

const FinishedTransaction* Database::finished(std::string_view token) {
  const auto found = finished_.find(token);
  if (found == finished_.end() || found->second.expires_at_ms <= now_ms()) return nullptr;
  return &found->second;
}

void Database::stage_finished(WriteBatch& batch, std::string_view token, std::uint64_t fingerprint) {
  const std::int64_t now = now_ms();
  for (std::size_t i = 0; i < tokens_forgotten_max && !expiries_.empty(); ++i) {
    if (expiries_.front().first > now) break;
    const auto old = finished_.find(expiries_.front().second);
    // The token may have been used again since.
    if (old != finished_.end() && old->second.expires_at_ms <= now) {
      batch.erase(catalogue_space, token_entry_key(old->first));
      finished_.erase(old);
    }
    expiries_.pop_front();
  }
  batch.put(catalogue_space, token_entry_key(token), encode_finished({fingerprint, now + token_life_ms}));
}

void Database::remember_finished(std::string_view token, std::uint64_t fingerprint) {
  const std::int64_t expires_at_ms = now_ms() + token_life_ms;
  finished_.insert_or_assign(std::string(token), FinishedTransaction{fingerprint, expires_at_ms});
  expiries_.emplace_back(expires_at_ms, std::string(token));
}

}  // namespace bao::local
