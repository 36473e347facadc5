#pragma once

#include <string>
#include <vector>

#include "core/engine/write.hpp"
#include "simulation/random.hpp"

namespace bao::simulation {

/// Values for a new item of one of scripted/models.hpp's models, its key aside. The few values that there are
/// get in each other's way. `wide`: maps and lists, too.
[[nodiscard]] std::vector<core::Change> new_values(Random& random, const core::Model& model,
                                                   const std::string& mark, bool wide);
/// Changes of an item; an empty `mark`: they leave its marked field alone.
[[nodiscard]] std::vector<core::Change> some_changes(Random& random, const core::Model& model,
                                                     const std::string& mark, bool wide);
[[nodiscard]] core::Change set_field(const core::Model& model, const std::string& field, Value value);
/// A field that conditions may be on; empty: none.
[[nodiscard]] std::string conditional_field(const core::Model& model);
/// A value that a field of the simulation has now and then.
[[nodiscard]] Value some_value(Random& random, const std::string& field);

}  // namespace bao::simulation
