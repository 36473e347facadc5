#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "simulation/operation.hpp"

namespace bao::simulation {

/// A wait that would pass the deadline ends the call instead of being waited for: that early a call may say
/// that it ended by its deadline. The longest such wait is the second that stands between two tries of a
/// write that lost to others; a request's own retries say `timeout` within 50 ms of the deadline only.
inline constexpr std::int64_t timeout_early_ms_max = 1'000;
/// A batch has the deadline of the last find that joined it, which is its delay later than the first at most.
inline constexpr std::int64_t end_late_ms_max = 30;
/// Where nothing happens to requests, which take milliseconds, a call has ended by then;
inline constexpr std::int64_t undisturbed_ms_max = 6'000;
/// and in a crowd: twelve tries, each of a wait of a second at most and two or three requests.
inline constexpr std::int64_t crowded_ms_max = 15'000;

/// What is wrong with how long a call took that has ended, or with why it ended; nothing: all is well.
/// That an `undisturbed` one failed for no reason is told apart, by its error.
[[nodiscard]] std::optional<std::string> check_time(const Operation& operation);
/// Whether a write gave up because others were quicker each time.
[[nodiscard]] bool gave_way(const Error& error);
/// And whether it may have been so: where requests arrive, a few writers do not lose twelve times.
[[nodiscard]] inline bool may_give_way(const Operation& operation) {
  return operation.crowded || !operation.undisturbed;
}

}  // namespace bao::simulation
