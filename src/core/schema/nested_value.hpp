#pragma once

#include <expected>
#include <string>

#include <bao/value.hpp>

namespace bao::core {

/// A map or list as it is stored: numbers in DynamoDB's form. Refuses what DynamoDB would, as encode_logical
/// does: more than 32 levels (`depth` of them are around this one), numbers that are none, ill-formed text,
/// empty sets or set members. The reason says where: "at lines[2].price holds ...".
[[nodiscard]] std::expected<Value, std::string> encode_nested(const Value& value, int depth = 0);

}  // namespace bao::core
