#pragma once

#include <forward_list>
#include <string>
#include <vector>

#include "local/expressions/ast.hpp"

namespace bao::local {

/// Values made while an expression is evaluated; they live as long as this.
using Scratch = std::forward_list<std::string>;

/// Whether the item meets the condition. An absent item is an empty one (Encoded() does).
[[nodiscard]] bool evaluate(const ConditionExpression& condition, const Bindings& bindings, Encoded item);

/// The value of a path, :value or size(); not present() where there is none.
[[nodiscard]] Encoded evaluate_operand(const Ast& ast, std::uint32_t index, const Bindings& bindings,
                                       Encoded item, Scratch& scratch);

/// Appends the part of an item that a projection names, as a map value (with its tag). List elements keep
/// their order and close up.
void append_projected(std::string& out, Encoded item, const Ast& ast,
                      const std::vector<std::uint32_t>& paths);

}  // namespace bao::local
