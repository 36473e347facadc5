#pragma once

#include <string>
#include <vector>

#include "codegen/source_file.hpp"
#include "core/schema/schema.hpp"

namespace bao::codegen {

struct CppOptions {
  /// The header with the C++ types of custom fields, as an `#include` between quotes says it. A field of
  /// `type: EmailField` is then a bao::Field<::EmailField>, which is stored as bao::FieldTraits says. Empty:
  /// custom fields have the C++ type of what they are stored as.
  std::string custom_types = {};
};

/// The models as C++: a header each, in namespace `models`, and models.hpp, which includes them all and
/// declares `models::all()`. A header may be included alone and in any order. Sorted by path.
[[nodiscard]] std::vector<SourceFile> generate_cpp(const core::Schema& schema,
                                                   const CppOptions& options = {});

}  // namespace bao::codegen
