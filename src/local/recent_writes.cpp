#include "local/recent_writes.hpp"

namespace bao::local {

void RecentWrites::note(const Table& table, std::string_view key, std::string_view old_record,
                        std::int64_t now_ms) {
  while (!writes_.empty() && writes_.front().at_ms < now_ms - window_ms_) writes_.pop_front();
  writes_.push_back({now_ms, &table, std::string(key), std::string(old_record)});
}

void RecentWrites::forget(const Table& table) {
  std::erase_if(writes_, [&table](const Write& write) { return write.table == &table; });
}

RecentWrites::States RecentWrites::states_at(const Table& table, std::int64_t time_ms) const {
  States states;
  for (const Write& write : writes_) {
    // The first write after that time knows what was there.
    if (write.table == &table && write.at_ms > time_ms) states.emplace(write.key, write.old_record);
  }
  return states;
}

}  // namespace bao::local
