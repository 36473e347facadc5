#include "local/faults.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/value/json_reader.hpp"
#include "core/value/number.hpp"
#include "local/operations/operations.hpp"

namespace bao::local {

namespace {

struct KindName {
  std::string_view name;
  FaultKind kind;
};
constexpr std::array kinds = {
    KindName{"throttle", FaultKind::throttle},       KindName{"error_before", FaultKind::error_before},
    KindName{"error_after", FaultKind::error_after}, KindName{"drop_before", FaultKind::drop_before},
    KindName{"drop_after", FaultKind::drop_after},   KindName{"latency", FaultKind::latency},
    KindName{"unprocessed", FaultKind::unprocessed}, KindName{"stale_index", FaultKind::stale_index},
};

bool fits(FaultKind kind, std::string_view operation) {
  switch (kind) {
    case FaultKind::unprocessed:
      return operation == "BatchGetItem" || operation == "BatchWriteItem";
    case FaultKind::stale_index:
      return operation == "Query" || operation == "Scan";
    default:
      return true;
  }
}

class PlanReader {
 public:
  explicit PlanReader(std::string& json) : reader_(json) {}

  std::expected<FaultPlan, std::string> read() {
    FaultPlan plan;
    if (!reader_.enter_object()) return broken();
    std::string_view member;
    while (reader_.next_member(member)) {
      if (member == "seed") {
        const auto seed = whole_number();
        if (!seed) return std::unexpected("\"seed\" must be a whole number, 0 or more");
        plan.seed = *seed;
      } else if (member == "rules") {
        if (!reader_.enter_array()) return broken();
        while (reader_.next_element()) {
          auto rule = read_rule(plan.rules.size() + 1);
          if (!rule) return std::unexpected(std::move(rule.error()));
          plan.rules.push_back(std::move(*rule));
        }
      } else {
        return std::unexpected("Unknown member \"" + std::string(member) +
                               "\"; a fault plan has \"seed\" and \"rules\"");
      }
    }
    if (!reader_.finish()) return broken();
    return plan;
  }

 private:
  std::expected<FaultRule, std::string> read_rule(std::size_t number) {
    std::string where = "Rule " + std::to_string(number) + ": ";
    FaultRule rule;
    bool has_kind = false;
    if (!reader_.enter_object()) return broken();
    std::string_view member;
    while (reader_.next_member(member)) {
      const std::string name(member);
      if (name == "fault") {
        std::string_view text;
        if (!reader_.read_string(text)) return broken();
        const auto* found = std::find_if(kinds.data(), kinds.data() + kinds.size(),
                                         [text](const KindName& kind) { return kind.name == text; });
        if (found == kinds.data() + kinds.size()) {
          return std::unexpected(where + "unknown fault \"" + std::string(text) + "\"");
        }
        rule.kind = found->kind;
        has_kind = true;
      } else if (name == "operation") {
        std::string_view text;
        if (!reader_.read_string(text)) return broken();
        if (std::ranges::find(operations, text, &Operation::name) == operations.end()) {
          return std::unexpected(where + "unknown operation \"" + std::string(text) + "\"");
        }
        rule.operation = text;
      } else if (name == "probability") {
        std::string_view text;
        if (!reader_.read_number(text)) return broken();
        const auto value = core::number_to_double(text);
        if (!value || *value < 0 || *value > 1) {
          return std::unexpected(where + "\"probability\" must be a number from 0 to 1");
        }
        rule.probability = *value;
      } else if (name == "skip" || name == "times" || name == "delayMs") {
        const auto value = whole_number();
        if (!value)
          return std::unexpected(
              where.append("\"").append(name).append("\" must be a whole number, 0 or more"));
        if (name == "skip") rule.skip = *value;
        if (name == "times") rule.times = value;
        if (name == "delayMs") rule.delay_ms = static_cast<std::int64_t>(*value);
      } else {
        return std::unexpected(where.append("unknown member \"").append(name).append("\""));
      }
    }
    if (reader_.failed()) return broken();
    if (!has_kind) return std::unexpected(where + "\"fault\" is missing");
    const bool timed = rule.kind == FaultKind::latency || rule.kind == FaultKind::stale_index;
    if (!rule.operation.empty() && !fits(rule.kind, rule.operation)) {
      return std::unexpected(where + "the fault strikes no " + rule.operation);
    }
    if (timed && rule.delay_ms == 0) return std::unexpected(where + "\"delayMs\" is missing");
    return rule;
  }

  std::optional<std::uint64_t> whole_number() {
    std::string_view text;
    if (!reader_.read_number(text)) return std::nullopt;
    const auto value = core::number_to_int64(text);
    if (!value || *value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
  }

  std::unexpected<std::string> broken() {
    return std::unexpected("Not a fault plan in JSON: " + reader_.error().to_string());
  }

  core::JsonReader reader_;
};

}  // namespace

std::expected<FaultPlan, std::string> parse_fault_plan(std::string json) {
  return PlanReader(json).read();
}

Faults::Faults(FaultPlan plan)
    : plan_(std::move(plan)), state_(plan_.seed), matched_(plan_.rules.size()), struck_(plan_.rules.size()) {}

std::int64_t Faults::stale_index_ms_max() const {
  std::int64_t longest = 0;
  for (const FaultRule& rule : plan_.rules) {
    if (rule.kind == FaultKind::stale_index) longest = std::max(longest, rule.delay_ms);
  }
  return longest;
}

FaultDecision Faults::decide(std::string_view operation) {
  // SplitMix64; one step a rule and request, whether it matches or not, so that rules do not shift each
  // other's chances.
  const auto chance = [this] {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    mixed ^= mixed >> 31;
    return static_cast<double>(mixed >> 11) * 0x1.0p-53;
  };
  FaultDecision decision;
  for (std::size_t i = 0; i < plan_.rules.size(); ++i) {
    const FaultRule& rule = plan_.rules[i];
    const double drawn = chance();
    if (!rule.operation.empty() && rule.operation != operation) continue;
    if (!fits(rule.kind, operation)) continue;
    if (++matched_[i] <= rule.skip) continue;
    if (rule.times && struck_[i] >= *rule.times) continue;
    if (drawn >= rule.probability) continue;
    ++struck_[i];
    switch (rule.kind) {
      case FaultKind::throttle:
        decision.throttle = true;
        break;
      case FaultKind::error_before:
        decision.error_before = true;
        break;
      case FaultKind::error_after:
        decision.error_after = true;
        break;
      case FaultKind::drop_before:
        decision.drop_before = true;
        break;
      case FaultKind::drop_after:
        decision.drop_after = true;
        break;
      case FaultKind::latency:
        decision.latency_ms += rule.delay_ms;
        break;
      case FaultKind::unprocessed:
        decision.unprocessed = true;
        break;
      case FaultKind::stale_index:
        decision.stale_index_ms = std::max(decision.stale_index_ms, rule.delay_ms);
        break;
    }
  }
  return decision;
}

}  // namespace bao::local
