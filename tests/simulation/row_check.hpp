#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/schema/schema.hpp"
#include "simulation/history.hpp"

namespace bao::simulation {

/// What docs/stored-format.md says of rows, worked out anew: it shares no code with what wrote them, nor with
/// `bao fsck`. Knows as much of the format as the simulation's models need.
class RowCheck {
 public:
  RowCheck(const core::Schema& schema, const History& history) : schema_(schema), history_(history) {}

  /// What is wrong with a row as it is, and with the rows of unique values that it has or had before the last
  /// commit.
  [[nodiscard]] std::vector<std::string> check(const RowName& row, std::int64_t wall_ms) const;

 private:
  void check_item(const RowName& row, const State& state, std::int64_t wall_ms,
                  std::vector<std::string>& found) const;
  void check_unique_row(const RowName& row, const State& state, std::int64_t wall_ms,
                        std::vector<std::string>& found) const;

  const core::Schema& schema_;
  const History& history_;
};

/// The row of a unique value, and whose it is.
[[nodiscard]] RowName unique_row(const std::string& tenant, const core::Model& model,
                                 const core::UniqueConstraint& constraint, const std::string& value);
/// Text of a string or number attribute; empty where it is not there.
[[nodiscard]] std::string attribute_of(const State& state, const std::string& name);
/// A stored `ttl` has passed.
[[nodiscard]] bool is_expired(const State& state, std::int64_t wall_ms);
/// A row's tenant, and the prefix of its model.
struct RowOwner {
  std::string tenant;
  std::string prefix;
};
[[nodiscard]] RowOwner owner_of(const RowName& row);
[[nodiscard]] bool is_unique_row(const RowName& row);

}  // namespace bao::simulation
