#include "local/operations/stale_index.hpp"

#include <algorithm>
#include <utility>

#include "local/keys.hpp"

namespace bao::local {

StaleIndex::StaleIndex(const SecondaryIndex& index, const KeyRange& range, RecentWrites::States states,
                       bool forward)
    : states_(std::move(states)), forward_(forward) {
  for (const auto& [item_key, record] : states_) {
    if (record.empty()) continue;
    std::string key = index_key(index, Encoded::of_record(record), item_key);
    if (key.empty() || key < range.lower || (!range.upper.empty() && key >= range.upper)) continue;
    entries_.emplace_back(std::move(key), record);
  }
  std::sort(entries_.begin(), entries_.end());
  if (!forward_) at_ = entries_.size();
}

StaleIndex::Entry StaleIndex::peek() const {
  const auto& entry = entries_[forward_ ? at_ : at_ - 1];
  return {entry.first, entry.second};
}

}  // namespace bao::local
