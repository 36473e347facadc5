#pragma once

#include <string>

namespace bao::testing_support {

/// The root of the source tree, without a slash at the end. One translation unit of a test program knows it,
/// so that the others compile alike in every clone (and ccache serves them).
[[nodiscard]] const std::string& source_dir();

}  // namespace bao::testing_support
