#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/js_names.hpp"
#include "codegen/js_options.hpp"
#include "codegen/methods.hpp"

namespace bao::codegen {

/// The declarations (.d.ts) of one model's class. Its fields, keys, indexes and constraints are declared
/// precisely: the package's types derive data, changes, filters and conditions from them.
[[nodiscard]] std::string js_types(const core::Model& model, const JsNames& names,
                                   const std::vector<Method>& methods, const JsOptions& options);

/// `import type { ... } from "dynamo-bao"` and of the other models that the methods name.
[[nodiscard]] std::string js_type_imports(const core::Model& model, const JsNames& names,
                                          const std::vector<Method>& methods,
                                          const std::vector<std::string>& package_types);

/// What gives instances their fields: an interface that merges with the class. More may be assigned to a
/// field than reading it gives (`post.likes = "+1"`), which only accessors can say, and no mapped type.
[[nodiscard]] std::string js_values_interface(const core::Model& model, const JsNames& names);
/// The package's types that it names.
inline constexpr std::array<std::string_view, 2> js_values_types{"AssignedValue", "ReadValue"};

}  // namespace bao::codegen
