#pragma once

#include <string_view>

#include "local/api_error.hpp"
#include "local/expressions/ast.hpp"

namespace bao::local {

/// Which parameter an expression came in; messages name it.
enum class ExpressionKind : std::uint8_t { condition, filter, key_condition, update, projection };

/// "ConditionExpression"
[[nodiscard]] std::string_view expression_parameter(ExpressionKind kind);

// Each parses one expression, marks the bindings it uses, and refuses what DynamoDB would refuse without
// looking at an item, in DynamoDB's words. `source` must outlive the result.
[[nodiscard]] Outcome<ConditionExpression> parse_condition(ExpressionKind kind, std::string_view source,
                                                           Bindings& bindings);
[[nodiscard]] Outcome<UpdateExpression> parse_update(std::string_view source, Bindings& bindings);
[[nodiscard]] Outcome<ProjectionExpression> parse_projection(std::string_view source, Bindings& bindings);

}  // namespace bao::local
