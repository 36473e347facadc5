#pragma once

#include <expected>
#include <string_view>

#include <bao/error.hpp>
#include <bao/value.hpp>

#include "core/schema/schema.hpp"

namespace bao::core {

/// A QueryError: "Post.likes: <reason>".
[[nodiscard]] std::unexpected<Error> refuse_query(const Model& model, std::string_view field,
                                                  std::string_view reason);

/// A ValidationError: "Post.likes: <reason> (value ...)".
[[nodiscard]] std::unexpected<Error> refuse_operand(const Model& model, std::string_view field,
                                                    std::string_view reason, const Value& operand);

}  // namespace bao::core
