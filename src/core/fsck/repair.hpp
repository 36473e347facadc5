#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/fsck/check.hpp"

namespace bao::core {

class Draft;

/// The owner that unique rows of an item name.
[[nodiscard]] Owner owner_of(const Draft& draft, std::string id);

/// Puts right what can be of one row's findings and sets their `repaired`. What fails its condition, as
/// another writer was faster, is left.
[[nodiscard]] Task<std::optional<Error>> repair_row(Call& call, std::vector<Finding>& findings);

}  // namespace bao::core
