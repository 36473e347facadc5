#pragma once

#include <expected>
#include <optional>
#include <string>

#include <bao/definition.hpp>

#include "core/schema/definition_tree.hpp"

namespace bao::core {

/// Null as YAML writes it: nothing, ~ or null, not in quotes.
[[nodiscard]] bool is_null(const DefinitionNode& node);
/// `true` or `false`, not in quotes; nothing where it is something else.
[[nodiscard]] std::optional<bool> boolean_of(const DefinitionNode& node);
/// A decimal whole number in the range of int64, not in quotes; nothing where it is something else.
[[nodiscard]] std::optional<std::int64_t> integer_of(const DefinitionNode& node);

/// The node for messages: its text in quotes, or "a list", "a map", "nothing".
[[nodiscard]] std::string describe(const DefinitionNode& node);

/// The value as YAML's core schema reads it: null, a boolean, a number as JSON writes it, a list, a map, else
/// text.
[[nodiscard]] Value natural_value(const DefinitionNode& node);

/// The logical value (see bao::Value) that a `defaultValue` means for a field of this type; where it is not
/// of that type's form, a value of the form it has, which Schema::build refuses by name.
/// The error is a message: text that is not a date, base64 or a set.
[[nodiscard]] std::expected<Value, std::string> default_value_of(const DefinitionNode& node, FieldType type);

}  // namespace bao::core
