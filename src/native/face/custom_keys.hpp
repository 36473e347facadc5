#pragma once

#include "core/keys/custom_keys.hpp"

namespace bao::detail {

/// The key texts that FieldTraits make, for every schema of this program. Has no state but the functions, and
/// lives as long as the program.
[[nodiscard]] core::CustomKeys& custom_keys();

}  // namespace bao::detail
