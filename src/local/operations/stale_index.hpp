#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "local/operations/key_range.hpp"
#include "local/recent_writes.hpp"
#include "local/table.hpp"

namespace bao::local {

/// What differs between an index as it was a while ago and as it is: entries to leave out, and entries to
/// put in between. Empty where nothing was written since.
class StaleIndex {
 public:
  StaleIndex() = default;
  StaleIndex(const SecondaryIndex& index, const KeyRange& range, RecentWrites::States states, bool forward);

  /// The item's present entries and contents are too new to be seen.
  [[nodiscard]] bool hides(std::string_view item_key) const { return states_.contains(item_key); }

  /// The next entry of then, in the walk's direction; only where has_next().
  struct Entry {
    std::string_view key;
    std::string_view record;
  };
  [[nodiscard]] bool has_next() const { return forward_ ? at_ != entries_.size() : at_ != 0; }
  [[nodiscard]] Entry peek() const;
  void advance() { forward_ ? ++at_ : --at_; }

 private:
  RecentWrites::States states_;
  std::vector<std::pair<std::string, std::string_view>> entries_;  ///< by key
  std::size_t at_ = 0;
  bool forward_ = true;
};

}  // namespace bao::local
