#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "scripted/table_double.hpp"

namespace bao::scripted {

struct Outcome {
  std::optional<Error> error;
  std::string value;  ///< what the operation gave, as text
};

struct Scenario {
  const char* name;
  std::function<void(TableDouble&)> seed;
  std::function<Outcome(TableDouble&)> act;
  /// Nothing can prove the outcome where an answer was lost: AmbiguousWriteError is right then.
  bool may_be_ambiguous = false;
  /// The table holds rows that disagree before (a former holder's), which a success puts right.
  bool seed_disagrees = false;
  /// A delete whose answer was lost: that the item is not there is what was asked for, whoever did it.
  bool gone_is_done = false;
};

inline void PrintTo(const Scenario& scenario, std::ostream* out) {
  *out << scenario.name;
}

// What trouble_test runs: every operation, on a table of its own.
[[nodiscard]] std::vector<Scenario> reads();
[[nodiscard]] std::vector<Scenario> creates();
[[nodiscard]] std::vector<Scenario> updates();
[[nodiscard]] std::vector<Scenario> removals();
[[nodiscard]] std::vector<Scenario> collections();
[[nodiscard]] std::vector<Scenario> transactions();
[[nodiscard]] std::vector<Scenario> repairs();

}  // namespace bao::scripted
