#pragma once

#include <string>
#include <vector>

#include "codegen/js_names.hpp"
#include "codegen/js_options.hpp"
#include "codegen/methods.hpp"

namespace bao::codegen {

/// The file of one model's class.
[[nodiscard]] std::string js_class(const core::Model& model, const JsNames& names,
                                   const std::vector<Method>& methods, const JsOptions& options);

}  // namespace bao::codegen
