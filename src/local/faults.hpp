#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Faults on demand: what a client must survive, at a rate and from a seed that a test chooses. One request
// after another, the same seed strikes the same requests.

namespace bao::local {

enum class FaultKind : std::uint8_t {
  throttle,      ///< ProvisionedThroughputExceededException; nothing was done
  error_before,  ///< 500 InternalServerError; nothing was done
  error_after,   ///< 500 InternalServerError; all was done
  drop_before,   ///< the connection ends without an answer; nothing was done
  drop_after,    ///< the connection ends without an answer; all was done
  latency,       ///< the answer comes late
  unprocessed,   ///< BatchGetItem and BatchWriteItem do the first half of their work
  stale_index,   ///< Query and Scan see a global index as it was a while ago
};

struct FaultRule {
  FaultKind kind = FaultKind::throttle;
  std::string operation;               ///< "PutItem"; empty: every operation that the fault fits
  double probability = 1.0;            ///< of striking a request that matches, 0 to 1
  std::uint64_t skip = 0;              ///< matching requests that pass before the rule begins
  std::optional<std::uint64_t> times;  ///< strikes at most; nothing: without end
  std::int64_t delay_ms = 0;           ///< latency, stale_index: how late, how old
};

struct FaultPlan {
  std::uint64_t seed = 1;
  std::vector<FaultRule> rules;
};

/// Reads a plan from JSON: {"seed": 7, "rules": [{"fault": "throttle", "operation": "PutItem",
/// "probability": 0.1, "skip": 0, "times": 5, "delayMs": 0}]}. The error is a sentence that names the rule
/// and the member.
[[nodiscard]] std::expected<FaultPlan, std::string> parse_fault_plan(std::string json);

/// What strikes one request. Several rules may.
struct FaultDecision {
  bool throttle = false;
  bool error_before = false;
  bool error_after = false;
  bool drop_before = false;
  bool drop_after = false;
  bool unprocessed = false;
  std::int64_t latency_ms = 0;
  std::int64_t stale_index_ms = 0;
};

class Faults {
 public:
  explicit Faults(FaultPlan plan);
  [[nodiscard]] bool any() const { return !plan_.rules.empty(); }
  [[nodiscard]] FaultDecision decide(std::string_view operation);
  /// The oldest index that a rule may ask for.
  [[nodiscard]] std::int64_t stale_index_ms_max() const;

 private:
  FaultPlan plan_;
  std::uint64_t state_;
  std::vector<std::uint64_t> matched_;
  std::vector<std::uint64_t> struck_;
};

}  // namespace bao::local
