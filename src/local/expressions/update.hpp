#pragma once

#include <string>

#include "local/api_error.hpp"
#include "local/expressions/ast.hpp"

namespace bao::local {

/// The record of the item after the update. `old_item` is the item as it was, or, where there was none, an
/// item of just the key.
[[nodiscard]] Outcome<std::string> apply_update(const UpdateExpression& update, const Bindings& bindings,
                                                Encoded old_item);

}  // namespace bao::local
