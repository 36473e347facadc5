#pragma once

#include <string_view>

namespace bao::codegen {

/// Whether the headers that every generated one includes define a macro of this name: in a declaration it
/// would be replaced. Macros with parameters are none, as no generated name stands before a `(` that is not
/// its own.
[[nodiscard]] bool is_cpp_macro(std::string_view name);

}  // namespace bao::codegen
