#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace bao::local {

struct Table;

/// The items that were written within a window of time, each with what it was before: so that a global index
/// can be shown as it was a moment ago, while the stored one is always of one piece with the table. Keeps
/// nothing where the window is 0; else as much as is written within it.
class RecentWrites {
 public:
  void keep_for(std::int64_t window_ms) { window_ms_ = window_ms; }
  [[nodiscard]] bool enabled() const { return window_ms_ > 0; }
  void note(const Table& table, std::string_view key, std::string_view old_record, std::int64_t now_ms);
  void forget(const Table& table);

  /// Records by store key, as they were at that time, of the items written since; empty: no item. The views
  /// are valid until the next note().
  using States = std::map<std::string_view, std::string_view>;
  [[nodiscard]] States states_at(const Table& table, std::int64_t time_ms) const;

 private:
  struct Write {
    std::int64_t at_ms = 0;
    const Table* table = nullptr;
    std::string key;
    std::string old_record;
  };
  std::int64_t window_ms_ = 0;
  std::deque<Write> writes_;  ///< the oldest first
};

}  // namespace bao::local
