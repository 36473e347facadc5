#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <bao/condition.hpp>

#include "core/expression/expression.hpp"

namespace bao::core {

/// "#n0.#n1[3]"
[[nodiscard]] std::string document_path(std::string_view attribute, const std::vector<PathStep>& path,
                                        Placeholders& placeholders);

/// The same for a reader: "address.streets[3]".
[[nodiscard]] std::string readable_path(std::string_view attribute, const std::vector<PathStep>& path);

}  // namespace bao::core
