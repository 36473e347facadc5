#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/judge.hpp"

namespace bao::simulation {

/// What one seed came to.
struct Run {
  std::vector<std::string> accusations;  ///< empty: all is well
  int operations = 0;
  int refused = 0;
  int ambiguous = 0;
  int failed = 0;  ///< for other reasons
  std::uint64_t commits = 0;
  std::int64_t slowest_ms = 0;  ///< of the calls to whose requests nothing happened
  Limits limits;
};

/// Runs clients, table and network of one seed in virtual time, until all is quiet; `loud` prints what
/// happens.
[[nodiscard]] Run simulate(std::uint64_t seed, bool loud);

}  // namespace bao::simulation
