#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include <bao/definition.hpp>

#include "core/value/concat.hpp"

namespace bao::core {

/// Adds a mistake to the list: its message is what the pieces come to.
void report(std::vector<Diagnostic>& diagnostics, const SourceLocation& location, std::string_view model,
            std::string_view field, std::initializer_list<TextPiece> message);

}  // namespace bao::core
