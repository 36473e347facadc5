#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <bao/definition.hpp>

namespace bao::core {

/// The field type that YAML calls this; nothing where there is none.
[[nodiscard]] std::optional<FieldType> field_type_from_name(std::string_view name);

/// Every name of field_type_from_name, in SPEC order.
[[nodiscard]] std::span<const std::string_view> field_type_names();

/// "; did you mean 'x'?" for the candidate that is nearest to the word, or an empty text where none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

/// The methods of every instance in JavaScript, sorted: a field of such a name would hide one. The one list
/// of them; npm/test holds it to what the class has.
[[nodiscard]] std::span<const std::string_view> instance_method_names();

/// A name that JavaScript and C++ both take: an ASCII letter, then letters, digits and _.
[[nodiscard]] bool is_identifier(std::string_view name);

/// Sets, binaries, maps, lists and JSON have no text that could stand in a key.
[[nodiscard]] constexpr bool can_be_in_key(FieldType type) {
  return type != FieldType::binary && type != FieldType::string_set && type != FieldType::map &&
         type != FieldType::list && type != FieldType::json;
}

}  // namespace bao::core
