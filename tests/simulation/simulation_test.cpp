// Clients, a table and a network between them that does its worst, in one thread and in virtual time, from a
// seed: what happens once happens again. docs/hacking.md tells how to use it, and what it has found.
#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace bao::simulation {
namespace {

// Enough for most of the bugs that docs/hacking.md names to be found, were they there.
constexpr std::uint64_t fixed_seeds = 100;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

class Totals {
 public:
  // false: enough has failed.
  bool try_seed(std::uint64_t seed, bool loud = false) {
    const Run run = simulate(seed, loud);
    ++seeds_;
    operations_ += run.operations;
    refused_ += run.refused;
    ambiguous_ += run.ambiguous;
    failed_ += run.failed;
    commits_ += run.commits;
    slowest_ms_ = std::max(slowest_ms_, run.slowest_ms);
    late_repeats_ += run.limits.late_repeats;
    late_refusals_ += run.limits.late_refusals;
    if (run.accusations.empty()) return true;
    ADD_FAILURE() << "BAO_SIMULATION_SEED=" << seed << "\n" << run.accusations.front();
    return ++failures_ < 3;
  }
  void print() const {
    std::printf(
        "%llu seeds: %lld operations (%lld refused, %lld ambiguous, %lld failed), %lld commits; "
        "late repeats %lld, late refusals %lld; slowest undisturbed %lld ms\n",
        static_cast<unsigned long long>(seeds_), operations_, refused_, ambiguous_, failed_, commits_,
        late_repeats_, late_refusals_, static_cast<long long>(slowest_ms_));
  }
  [[nodiscard]] long long operations() const { return operations_; }
  [[nodiscard]] long long commits() const { return commits_; }
  [[nodiscard]] std::uint64_t seeds() const { return seeds_; }

 private:
  std::uint64_t seeds_ = 0;
  long long operations_ = 0;
  long long refused_ = 0;
  long long ambiguous_ = 0;
  long long failed_ = 0;
  long long commits_ = 0;
  std::int64_t slowest_ms_ = 0;
  long long late_repeats_ = 0;
  long long late_refusals_ = 0;
  int failures_ = 0;
};

TEST(Simulation, NothingIsLostDoubledMixedOrLeftHanging) {
  Totals totals;
  if (std::getenv("BAO_SIMULATION_SEED") != nullptr) {
    totals.try_seed(from_environment("BAO_SIMULATION_SEED", 0), true);
    return totals.print();
  }
  const std::uint64_t first = from_environment("BAO_SIMULATION_FIRST", 1);
  const std::uint64_t count = from_environment("BAO_SIMULATION_COUNT", fixed_seeds);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    if (!totals.try_seed(seed)) break;
  }
  totals.print();
  // The workload works: most of what it does is done, and changes something.
  EXPECT_GT(totals.commits(), static_cast<long long>(totals.seeds()) * 20);
}

// Seeds that nobody tried before; which, is printed where one fails.
TEST(Simulation, NorIsItWithOtherSeeds) {
  if (std::getenv("BAO_SIMULATION_SEED") != nullptr) GTEST_SKIP() << "one seed is asked for";
  const auto seconds = std::chrono::seconds(from_environment("BAO_SIMULATION_SECONDS", 2));
  const auto end = std::chrono::steady_clock::now() + seconds;
  const std::uint64_t first = std::random_device()();
  Totals totals;
  for (std::uint64_t seed = first; std::chrono::steady_clock::now() < end; ++seed) {
    if (!totals.try_seed(seed)) break;
  }
  std::printf("seeds from %llu: ", static_cast<unsigned long long>(first));
  totals.print();
}

}  // namespace
}  // namespace bao::simulation
