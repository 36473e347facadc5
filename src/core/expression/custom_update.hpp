#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <bao/error.hpp>
#include <bao/value.hpp>

#include "core/expression/expression.hpp"
#include "core/schema/schema.hpp"

namespace bao::core {

/// How the code of a custom field type wants its attribute changed: one action of an UpdateExpression, with a
/// placeholder for the attribute's name and one for its value.
struct CustomUpdate {
  std::string clause;      ///< "SET", "REMOVE", "ADD" or "DELETE"
  std::string expression;  ///< "#f = if_not_exists(#f, :f)"
  std::string name;        ///< "#f"
  std::string value;       ///< ":f"
};

/// Whether it says no more than "this value", or "no value": such a change derives keys as any other does.
[[nodiscard]] bool is_plain(const CustomUpdate& update);
/// Whether it has the same effect when it runs twice. `stored` is its value.
[[nodiscard]] bool is_repeatable(const CustomUpdate& update, const Value& stored);
/// Whether the expression has its value's placeholder.
[[nodiscard]] bool uses_value(const CustomUpdate& update);

/// What a checked one adds to the number that is there, where that is all it does. `stored` is its value.
[[nodiscard]] std::optional<Number> summand_of(const CustomUpdate& update, const Value& stored);

/// Nothing where it can be part of an update. ErrorCode::validation for an unknown clause, placeholders that
/// are not its own, names of attributes that are no placeholders (it may change its own field only), unknown
/// functions, or a value that it needs and does not have.
[[nodiscard]] std::optional<Error> check_custom_update(const Model& model, std::uint32_t field,
                                                       const CustomUpdate& update, const Value& stored);

/// Adds a checked one to an expression, with placeholders of the request.
void add_custom_update(std::string_view attribute, const CustomUpdate& update, const Value& stored,
                       Placeholders& placeholders, UpdateExpression& expression);

}  // namespace bao::core
