#pragma once

#include <cstdint>
#include <optional>

#include <bao/error.hpp>
#include <bao/value.hpp>

#include "core/schema/schema.hpp"
#include "core/value/document.hpp"
#include "core/value/json_writer.hpp"
#include "wasm/json_tree.hpp"

namespace bao::wasm {

// Tagged JSON (npm/src/bridge/contract.ts): JSON, and {"#n": "123"} and its like for what JSON cannot say.

/// The tag of a node ("#n"), and what it holds; null where the node is plain JSON.
[[nodiscard]] const JsonNode* tag_of(const JsonNode& node);

/// The value as it is written, without regard to a field: a date is a Number of milliseconds. A date that is
/// none, bytes that are not base64 and unknown tags become texts, which no field of another type accepts.
[[nodiscard]] Value natural_value(const JsonNode& node);

/// The logical value (see bao::Value) for a field of this type: dates also as ISO 8601 text. What does not
/// fit stays as it is, for the core to refuse by name.
[[nodiscard]] Value logical_value(const JsonNode& node, FieldType type);

/// A stored value of a MapField or ListField. Numbers that a JavaScript number holds exactly are plain.
void write_tagged(core::JsonWriter& out, core::ValueView stored);

/// A DynamoDB number as JSON's number, where JavaScript reads it without loss.
[[nodiscard]] bool is_plain_number(std::string_view text);

}  // namespace bao::wasm
