#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "core/schema/definition_tree.hpp"

namespace bao::native {

struct YamlLimits {
  std::size_t depth_max = 64;  ///< maps and lists within each other; models need 6 and their defaults 32 more
  /// Values of the whole document, those of anchors and of each alias counted again: bounds "billion laughs".
  std::size_t nodes_max = 500'000;
};

/// One YAML document as a tree. The error has file, line and the parser's reason; nothing is thrown.
[[nodiscard]] std::expected<core::DefinitionTree, Diagnostic> parse_yaml(std::string_view yaml,
                                                                         const std::string& file,
                                                                         const YamlLimits& limits = {});

}  // namespace bao::native
