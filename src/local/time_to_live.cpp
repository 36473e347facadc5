#include "local/time_to_live.hpp"

#include "core/value/number.hpp"
#include "local/operations/write.hpp"

namespace bao::local {

namespace {
constexpr std::int64_t five_years_s = std::int64_t{5} * 365 * 24 * 60 * 60;
/// Deletions that are committed together: a commit to a file costs a wait for the disk.
constexpr std::size_t deletions_max = 100;
}  // namespace

bool is_expired(Encoded value, std::int64_t now_ms) {
  if (!value.present() || value.tag() != Tag::number) return false;
  const auto number = core::number_to_double(value.text());
  if (!number) return false;
  const std::int64_t whole_s = now_ms / 1000;
  const auto now_s = static_cast<double>(whole_s);
  return *number <= now_s && *number > now_s - static_cast<double>(five_years_s);
}

LocalEngine::Sweep TimeToLiveSweeper::sweep(Database& database, std::size_t items_max) {
  LocalEngine::Sweep report;
  auto at = database.tables().lower_bound(table_);
  if (at == database.tables().end() || at->first != table_) key_.clear();
  for (; at != database.tables().end(); ++at) {
    Table& table = *at->second;
    table_ = at->first;
    if (table.ttl_attribute && table.phase != Phase::deleting) {
      if (report.examined == items_max) {
        report.finished = false;
        return report;
      }
      if (!sweep_table(database, table, items_max, report)) break;
      if (!key_.empty()) {
        report.finished = false;
        return report;
      }
    }
    key_.clear();
  }
  table_.clear();
  key_.clear();
  return report;
}

bool TimeToLiveSweeper::sweep_table(Database& database, Table& table, std::size_t items_max,
                                    LocalEngine::Sweep& report) {
  while (report.examined < items_max) {
    std::vector<WriteOperation> deletions;
    bool more = false;
    {
      const auto cursor = database.store().cursor(table.space);
      more = cursor->seek(key_);
      while (more && report.examined < items_max && deletions.size() < deletions_max) {
        ++report.examined;
        const std::string_view record = cursor->value();
        if (is_expired(Encoded::of_record(record).find(*table.ttl_attribute), database.now_ms())) {
          WriteOperation& deletion = deletions.emplace_back();
          deletion.kind = WriteOperation::Kind::remove;
          deletion.table = &table;
          deletion.key = cursor->key();
          deletion.old_record = record;
        }
        more = cursor->next();
      }
      if (cursor->error()) return false;
      key_ = more ? std::string(cursor->key()) : std::string();
    }
    WriteBatch batch;
    for (WriteOperation& deletion : deletions) deletion.stage(batch);
    if (!batch.empty() && !database.commit(batch)) return false;
    for (const WriteOperation& deletion : deletions) deletion.count(database);
    report.deleted += deletions.size();
    if (!more) return true;
  }
  return true;
}

}  // namespace bao::local
