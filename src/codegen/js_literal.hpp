#pragma once

#include <string>
#include <string_view>

#include <bao/definition.hpp>

#include "codegen/js_layout.hpp"

namespace bao::codegen {

/// A string literal, in the quotes that need fewer escapes.
[[nodiscard]] std::string js_string(std::string_view text);
/// A member's name in an object literal: in quotes where it is no identifier.
[[nodiscard]] std::string js_key(std::string_view name);
/// A value as a literal: sets as `new Set([...])`, integers that a number would round as bigints.
[[nodiscard]] JsLayout js_value(const Value& value);
/// A field's default value as fields of the package take it: a date in ISO form, `new Set([...])`, a bigint
/// where a number would lose digits. `field.default_value` must not be null.
[[nodiscard]] JsLayout js_default(const FieldDefinition& field);

}  // namespace bao::codegen
