#pragma once

#include <optional>

#include "core/engine/write.hpp"
#include "simulation/random.hpp"

// Changes of parts of maps and lists: made, and worked out anew for the judge.
namespace bao::simulation {

/// Whether a change is of a part of its field, and not of the whole.
[[nodiscard]] bool is_of_part(const core::Change& change);
/// Whether it has another effect when it is done twice: positions of lists move.
[[nodiscard]] bool is_relative(const core::Change& change);
/// What a field becomes when a part of it is changed; null: it is not there. What is missing on the way is
/// made.
[[nodiscard]] Value with_part(Value field, const core::Change& change);
/// Changes of parts of a Post's `meta` and `steps`, which get in the way of each other, but not in one write.
[[nodiscard]] std::vector<core::Change> some_parts(Random& random, std::uint32_t meta, std::uint32_t steps);
/// A whole map, and a whole list.
[[nodiscard]] Value some_map(Random& random);
[[nodiscard]] Value some_list(Random& random);

}  // namespace bao::simulation
