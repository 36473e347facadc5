#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <bao/error.hpp>
#include <bao/value.hpp>

#include "core/keys/row_keys.hpp"
#include "core/schema/schema.hpp"
#include "core/value/document.hpp"

namespace bao::core {

/// The text that a field's value has inside a key (SPEC 5, by the model's key format; or what its custom type
/// makes of it), from the *stored* form of the value. ErrorCode::validation, naming model and field, where it
/// has none: null, an empty string, a type that cannot be in a key, or, in a field of the primary key, text
/// that holds the id separator `##__SK__##` otherwise than as the ids of its related model do.
[[nodiscard]] Result<std::string> key_text(const Model& model, std::uint32_t field, const Value& stored);
[[nodiscard]] Result<std::string> key_text(const Model& model, std::uint32_t field, ValueView stored);

/// The same without regard to what the field's custom type makes of it: the text of the type that it is
/// stored as.
[[nodiscard]] Result<std::string> type_key_text(const Model& model, std::uint32_t field, const Value& stored);

/// The texts of a model's primary key from the logical values of its halves; a half that is the prefix, or
/// none, is ignored. ErrorCode::validation where a value does not fit its field.
[[nodiscard]] Result<KeyTexts> logical_key_texts(const Model& model, const Value& partition,
                                                 const Value& sort);

/// The text that a stored value has in the row that reserves it (unique_row_key): a string as is, a number as
/// JavaScript's String() prints it ("1e-7", a date's milliseconds; so its spelling does not matter), "true"
/// or "false". Nothing where there is no value to reserve: null, an empty string, other types.
[[nodiscard]] std::optional<std::string> unique_text(const Value& stored);

}  // namespace bao::core
