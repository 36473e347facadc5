#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <bao/definition.hpp>
#include <bao/value.hpp>

namespace bao::core {

/// Levels of values that DynamoDB stores within each other: the attribute's is one, and what the innermost
/// map or list holds another ("Nesting levels", Service quotas; which values count was asked of DynamoDB
/// Local).
inline constexpr int value_depth_max = 32;

/// What is stored for a logical value of a field; see encode_field. The error is the end of a sentence that
/// starts with the field's name: "must be a string, not a number".
[[nodiscard]] std::expected<Value, std::string> encode_logical(const FieldDefinition& field,
                                                               const Value& logical);

/// The same without regard to `required`, for a value that is there.
[[nodiscard]] std::expected<Value, std::string> encode_present(const FieldDefinition& field,
                                                               const Value& logical);

/// The same for a value that stored ones are compared with by order. Nothing of it is rounded away, as that
/// would let in, or keep out, what lies between it and what it is rounded to: the seconds of a TtlField may
/// have a fraction.
[[nodiscard]] std::expected<Value, std::string> encode_bound(const FieldDefinition& field,
                                                             const Value& logical);

/// 26 characters of Crockford's base 32, in upper or lower case, of which the first leaves the time in 48
/// bits.
[[nodiscard]] bool is_ulid_text(std::string_view text);

/// "a string", "a list"...
[[nodiscard]] const char* kind_name(ValueKind kind);

/// A value for an error message: short, at most 100 bytes.
[[nodiscard]] std::string value_excerpt(const Value& value);

}  // namespace bao::core
