#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Line breaking as Prettier does it, for the few constructs that generated JavaScript and TypeScript have.
namespace bao::codegen {

inline constexpr std::size_t js_column_limit = 80;

/// Source text, and where it may break: `open`, then members joined by commas, then `close`. Plain text has
/// only an `open`.
struct JsLayout {
  std::string open = {};
  std::vector<JsLayout> members = {};
  std::string close = {};
  bool spaced = false;  ///< `{ a, b }`, not `{a, b}`
  bool filled = false;  ///< as many members a line as fit

  JsLayout() = default;
  JsLayout(std::string text) : open(std::move(text)) {}
  JsLayout(const char* text) : open(text) {}
  JsLayout(std::string opening, std::vector<JsLayout> list, std::string closing, bool with_spaces = false)
      : open(std::move(opening)), members(std::move(list)), close(std::move(closing)), spaced(with_spaces) {}
};

/// `{ a, b }` behind a head such as `import `.
[[nodiscard]] JsLayout js_braces(std::string head, std::vector<JsLayout> members, std::string tail = {});

/// In one line.
[[nodiscard]] std::string js_flat(const JsLayout& layout);
/// One statement or member: `indent`, `head`, the layout, `tail` and a line end; in one line where it fits.
[[nodiscard]] std::string js_line(std::size_t indent, std::string_view head, const JsLayout& layout,
                                  std::string_view tail);
/// The same with each member on a line of its own; without members in one line.
[[nodiscard]] std::string js_block(std::size_t indent, std::string_view head, const JsLayout& layout,
                                   std::string_view tail);

}  // namespace bao::codegen
