#pragma once

#include <string>
#include <string_view>

#include <bao/definition.hpp>

namespace bao::codegen {

/// A C++ string literal; text with a NUL in it becomes a std::string_view of its length.
[[nodiscard]] std::string cpp_string(std::string_view text);
/// An expression for an owned value: `bao::Value(bao::Value::StringSet{"a", "b"})`.
[[nodiscard]] std::string cpp_value(const Value& value);
/// A default that fits bao::DefaultValue, as an option of the field: `true`, `-5`, `0.5`, `"open"`. Empty
/// where it needs a whole bao::Value (sets, maps, lists, binaries).
[[nodiscard]] std::string cpp_default(const FieldDefinition& field);

}  // namespace bao::codegen
