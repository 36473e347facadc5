#include "simulation/liveness.hpp"

namespace bao::simulation {

std::optional<std::string> check_time(const Operation& operation) {
  const std::int64_t late_ms = operation.ended_ms - operation.deadline_ms;
  if (late_ms > end_late_ms_max) return "ended " + std::to_string(late_ms) + " ms after its deadline";
  const bool by_deadline = operation.error && operation.error->code() == ErrorCode::timeout;
  if (by_deadline && -late_ms > timeout_early_ms_max) {
    return "ended " + std::to_string(-late_ms) +
           " ms before its deadline, and says that it ended by it: " + operation.error->message();
  }
  const std::int64_t took_ms = operation.ended_ms - operation.started_ms;
  if (operation.undisturbed && took_ms > (operation.crowded ? crowded_ms_max : undisturbed_ms_max)) {
    return "took " + std::to_string(took_ms) + " ms, though nothing happened to its requests";
  }
  return std::nullopt;
}

bool gave_way(const Error& error) {
  return error.message().find("other writers") != std::string::npos;
}

}  // namespace bao::simulation
