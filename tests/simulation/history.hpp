#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <bao/value.hpp>

#include "core/keys/row_keys.hpp"
#include "core/value/document.hpp"

namespace bao::simulation {

/// A row of the table: `_pk` and `_sk`.
using RowName = std::pair<std::string, std::string>;
[[nodiscard]] RowName name_of(const core::RowKey& key);
[[nodiscard]] std::string text_of(const RowName& row);

/// An item in one spelling, so that equal items have equal texts; "(none)" for no item.
[[nodiscard]] std::string text_of(const core::ItemRef& item);

/// What a row was from one commit to the next.
struct State {
  std::uint64_t commit = 0;
  core::ItemRef item;  ///< none: the row was not there
  Value::Map attributes;
  std::string text = "(none)";
};

/// All states that all rows ever had: what happened, as opposed to what anybody was told.
class History {
 public:
  /// The number of the last commit. Two moments with one number saw the same table.
  [[nodiscard]] std::uint64_t last_commit() const { return last_commit_; }
  void begin_commit() { ++last_commit_; }
  /// The row is so since the present commit; false: it has not changed.
  bool note(const RowName& row, const core::ItemRef& item);

  [[nodiscard]] const State& current(const RowName& row) const;
  [[nodiscard]] const State& before_last_commit(const RowName& row) const;
  /// The states that the row had at some time between two commits, both included.
  [[nodiscard]] std::vector<const State*> between(const RowName& row, std::uint64_t from,
                                                  std::uint64_t to) const;
  [[nodiscard]] const std::map<RowName, std::vector<State>>& rows() const { return rows_; }

 private:
  std::uint64_t last_commit_ = 0;
  std::map<RowName, std::vector<State>> rows_;
};

}  // namespace bao::simulation
