#pragma once

#include <vector>

#include "codegen/source_file.hpp"
#include "core/schema/schema.hpp"

namespace bao::codegen {

/// The models as C++: a header each, in namespace `models`, and models.hpp, which includes them all and
/// declares `models::all()`. A header may be included alone and in any order. Sorted by path.
[[nodiscard]] std::vector<SourceFile> generate_cpp(const core::Schema& schema);

}  // namespace bao::codegen
