#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "codegen/js_names.hpp"
#include "codegen/methods.hpp"

namespace bao::codegen {

/// How a method is written: without types, as a declaration, or with types and a body.
enum class JsForm : std::uint8_t { javascript, declaration, typescript };

/// A generated method of `owner`, in its class. Names of the package's types that it uses go to `types`.
[[nodiscard]] std::string js_method(const Method& method, const core::Model& owner, const JsNames& names,
                                    JsForm form, std::set<std::string>& types);

}  // namespace bao::codegen
