#pragma once

#include <string>

#include "core/fsck/check.hpp"

namespace bao::cli {

/// A finding as a line for people. `tenant`: empty for none.
[[nodiscard]] std::string finding_line(const core::Finding& finding, const std::string& tenant);
/// The same as a line of JSON.
[[nodiscard]] std::string finding_json(const core::Finding& finding, const std::string& tenant);

}  // namespace bao::cli
