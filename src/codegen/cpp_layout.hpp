#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/columns.hpp"

// Line breaking as clang-format does it for this repository's style, for the few constructs that generated
// code has.
namespace bao::codegen {

inline constexpr std::size_t column_limit = 110;

/// `head` + members joined by ", " + `tail`; where that is too wide, the members that do not fit continue
/// below the first one.
[[nodiscard]] std::string filled(std::string_view head, const std::vector<std::string>& members,
                                 std::string_view tail);

/// `left` = `right`; in one line, or `right` on a line of its own.
[[nodiscard]] std::string assigned(std::string_view indent, std::string_view left, std::string_view right);

/// A function of one statement: in one line where it fits. `head` ends before " {"; both may have several
/// lines, each with its end.
[[nodiscard]] std::string function_text(std::string_view head, std::string_view body,
                                        std::string_view indent);

/// The text, unless a line of it is too wide for any layout: then it is shielded from clang-format.
[[nodiscard]] std::string shielded(std::string_view indent, std::string text);
/// Whether a line is wider than the limit.
[[nodiscard]] bool too_wide(std::string_view text);

}  // namespace bao::codegen
