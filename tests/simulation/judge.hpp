#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/engine/engine.hpp"
#include "simulation/history.hpp"
#include "simulation/operation.hpp"
#include "simulation/row_check.hpp"
#include "simulation/table.hpp"
#include "simulation/trace.hpp"

namespace bao::simulation {

/// What no client library can avoid, and how often it was met. Each is allowed where the judge says so.
struct Limits {
  int late_repeats = 0;   ///< an acknowledged plain write was done again by an attempt that had been given up
  int late_refusals = 0;  ///< a refused write was done afterwards by an attempt that had been given up
};

/// Knows what happened to every row and what every caller was told, and holds the one against the other.
class Judge {
 public:
  Judge(const core::Schema& schema, const History& history, Trace& trace)
      : history_(history), trace_(trace), rows_(schema, history) {}

  /// Something is wrong; `about` stands in the lines of the trace that tell how it came.
  void accuse(const std::string& about, const std::string& what);
  [[nodiscard]] const std::vector<std::string>& accusations() const { return accusations_; }
  [[nodiscard]] const Limits& limits() const { return limits_; }

  void add(const std::shared_ptr<Operation>& operation) { operations_.push_back(operation); }
  [[nodiscard]] Operation* operation(int number) const;
  [[nodiscard]] const std::vector<std::shared_ptr<Operation>>& operations() const { return operations_; }

  // As it happens.
  /// A write changed rows.
  void committed(const Flight& flight, const std::vector<RowName>& changed, std::int64_t wall_ms);
  /// A read gave this item (or none) for a row. `written`: what writes of its scope left, as far as they
  /// knew.
  void read(const Operation& operation, const RowName& row, const core::ItemRef& item,
            const std::set<std::string>* written = nullptr);
  /// A read gave these items as all those that `belongs` is true of (of the model and the tenant).
  template <class Belongs>
  void read_all(const Operation& operation, const core::Model& model, const std::vector<core::ItemRef>& items,
                Belongs belongs);
  /// A walk from page to page, which began with `operation`, gave these items: each that `belongs` and whose
  /// `key` stood still all the while is among them once; the others as it came.
  template <class Belongs, class Key>
  void walked(const Operation& operation, const core::Model& model, const std::vector<core::ItemRef>& items,
              Belongs belongs, Key key);
  /// A write ended well with these items, in the order of its targets.
  void written(const Operation& operation, const std::vector<core::ItemRef>& items);
  /// Whether no other call of its client was under way at any time while this one was.
  [[nodiscard]] bool was_alone(const Operation& operation) const;
  /// An operation ended, one way or the other.
  void ended(const Operation& operation);

  /// At the end, when the network is quiet.
  void close(std::int64_t wall_ms, bool fine);

 private:
  void check_change(Operation& operation, const RowName& row);
  void check_update(const Operation& operation, const Target& target, const State& before,
                    const State& after);
  void check_outcome(Operation& operation);
  void check_done(const Operation& operation, const Target& target);
  void check_count(const Operation& operation, const Target& target);
  [[nodiscard]] bool is_left_by_abandoned(const Operation& reader, const RowName& row,
                                          const core::ItemRef& item) const;
  [[nodiscard]] bool explains(const Operation& operation, const Error& error) const;
  [[nodiscard]] bool value_was_taken(const Operation& operation, const Target& target) const;

  const History& history_;
  Trace& trace_;
  RowCheck rows_;
  std::vector<std::shared_ptr<Operation>> operations_;
  std::vector<std::string> accusations_;
  Limits limits_;
};

/// Whether a row is an item of a model and a tenant.
[[nodiscard]] bool is_item_of(const RowName& row, const core::Model& model, const std::string& tenant);
[[nodiscard]] RowName row_of(const core::ItemRef& item);

template <class Belongs>
void Judge::read_all(const Operation& operation, const core::Model& model,
                     const std::vector<core::ItemRef>& items, Belongs belongs) {
  std::set<RowName> given;
  for (const core::ItemRef& item : items) {
    const RowName row = row_of(item);
    if (!is_item_of(row, model, operation.tenant))
      accuse(text_of(row), "op " + std::to_string(operation.number) + " was given an item of somebody else");
    if (!given.insert(row).second)
      accuse(text_of(row), "op " + std::to_string(operation.number) + " was given an item twice");
    read(operation, row, item);
  }
  for (const auto& [row, states] : history_.rows()) {
    if (given.contains(row) || !is_item_of(row, model, operation.tenant)) continue;
    bool throughout = true;
    for (const State* state : history_.between(row, operation.seen_from, history_.last_commit())) {
      throughout = throughout && state->item && belongs(*state);
    }
    if (throughout)
      accuse(text_of(row),
             "op " + std::to_string(operation.number) + " did not get an item that was there all the time");
  }
}

template <class Belongs, class Key>
void Judge::walked(const Operation& operation, const core::Model& model,
                   const std::vector<core::ItemRef>& items, Belongs belongs, Key key) {
  const std::string name = "op " + std::to_string(operation.number) + " (" + operation.what + ")";
  for (const auto& [row, states] : history_.rows()) {
    if (!is_item_of(row, model, operation.tenant)) continue;
    const auto had = history_.between(row, operation.first_commit, history_.last_commit());
    const bool stood_still = std::ranges::all_of(had, [&](const State* state) {
      return state->item && belongs(*state) && key(*state) == key(*had.front());
    });
    if (!stood_still) continue;
    const auto given = std::ranges::count(items, row, row_of);
    if (given != 1) {
      accuse(text_of(row), name + " gave an item that stood still " + std::to_string(given) + " times");
    }
  }
  for (const core::ItemRef& item : items) {
    if (!is_item_of(row_of(item), model, operation.tenant))
      accuse(text_of(row_of(item)), name + " was given an item of somebody else");
  }
}

}  // namespace bao::simulation
