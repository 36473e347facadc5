#pragma once

#include <cstdint>

#include <bao/error.hpp>
#include <bao/value.hpp>

#include "core/schema/schema.hpp"
#include "core/value/document.hpp"

namespace bao::core {

/// The kind in which values of a field are stored.
[[nodiscard]] ValueKind stored_kind(FieldType type);

/// Checks a logical value (see bao::Value) against its field and gives what is stored. A null gives a null:
/// the attribute is absent. An empty string set gives a null. Refuses with ErrorCode::validation, naming
/// model, field and value: wrong type, too long, not a ULID, NaN, out of range, null or empty where required.
[[nodiscard]] Result<Value> encode_field(const Model& model, std::uint32_t field, const Value& logical);

/// The same for a value that stored ones are compared with by order (<, <=, >, >=, BETWEEN): exact, where
/// encode_field rounds to what the field can hold.
[[nodiscard]] Result<Value> encode_field_bound(const Model& model, std::uint32_t field, const Value& logical);

/// The logical value of a stored attribute; null where it is not present. ErrorCode::data_format where the
/// stored type cannot be this field's.
[[nodiscard]] Result<Value> decode_field(const Model& model, std::uint32_t field, ValueView stored);

}  // namespace bao::core
