#pragma once

#include <functional>
#include <string>

#include "codegen/cpp_names.hpp"
#include "codegen/methods.hpp"

namespace bao::codegen {

/// The C++ type of a field's value.
using FieldTypeName = std::function<std::string(const core::Model&, std::uint32_t field)>;

/// A generated method of `owner`, defined in its class. Those that give another model are templates over
/// that model alone, as it may be incomplete there.
[[nodiscard]] std::string cpp_method(const Method& method, const core::Model& owner, const CppNames& names,
                                     const FieldTypeName& type_name);

}  // namespace bao::codegen
