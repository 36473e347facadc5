#include "codegen/js_layout.hpp"

#include "codegen/columns.hpp"

namespace bao::codegen {
namespace {

std::string joined(const std::vector<JsLayout>& members, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? ", " : "") + js_flat(members[i]);
  return text;
}

// Where the last line of a text ends, if its first one starts at `column`.
std::size_t end_column(std::string_view text, std::size_t column) {
  const std::size_t last = text.rfind('\n');
  return last == std::string_view::npos ? column + columns(text) : columns(text.substr(last + 1));
}

std::string rendered(const JsLayout& layout, std::size_t indent, std::size_t column, std::size_t tail);

std::string filled_lines(const JsLayout& layout, std::size_t indent) {
  std::string text;
  std::string line(indent, ' ');
  for (const JsLayout& member : layout.members) {
    const std::string next = js_flat(member) + ",";
    const bool first = columns(line) == indent;
    if (!first && columns(line) + 1 + columns(next) > js_column_limit) {
      text += line + "\n";
      line = std::string(indent, ' ') + next;
    } else {
      line += (first ? "" : " ") + next;
    }
  }
  return text + line + "\n";
}

std::string broken(const JsLayout& layout, std::size_t indent) {
  std::string text = layout.open + "\n";
  if (layout.filled) {
    text += filled_lines(layout, indent + 2);
  } else {
    const bool types = layout.open.ends_with('<');
    for (const JsLayout& member : layout.members) {
      text += std::string(indent + 2, ' ') + rendered(member, indent + 2, indent + 2, 1);
      text += types && &member == &layout.members.back() ? "\n" : ",\n";
    }
  }
  return text + std::string(indent, ' ') + layout.close;
}

std::string rendered(const JsLayout& layout, std::size_t indent, std::size_t column, std::size_t tail) {
  std::string flat = js_flat(layout);
  if (layout.members.empty() || column + columns(flat) + tail <= js_column_limit) return flat;
  // The last argument of a call, where it is an object or a list, opens on the line of the call.
  const JsLayout& last = layout.members.back();
  if (layout.open.ends_with('(') && !last.members.empty() && !last.open.ends_with('(')) {
    std::string head = layout.open + joined(layout.members, layout.members.size() - 1);
    if (layout.members.size() > 1) head += ", ";
    if (end_column(head, column) + columns(last.open) <= js_column_limit) {
      return head + broken(last, indent) + layout.close;
    }
  }
  return broken(layout, indent);
}

}  // namespace

JsLayout js_braces(std::string head, std::vector<JsLayout> members, std::string tail) {
  return {std::move(head) + "{", std::move(members), "}" + std::move(tail), true};
}

std::string js_flat(const JsLayout& layout) {
  const std::string_view space = layout.spaced && !layout.members.empty() ? " " : "";
  return std::string(layout.open)
      .append(space)
      .append(joined(layout.members, layout.members.size()))
      .append(space)
      .append(layout.close);
}

std::string js_line(std::size_t indent, std::string_view head, const JsLayout& layout,
                    std::string_view tail) {
  std::string text = std::string(indent, ' ').append(head);
  return text.append(rendered(layout, indent, columns(text), columns(tail))).append(tail) + "\n";
}

std::string js_block(std::size_t indent, std::string_view head, const JsLayout& layout,
                     std::string_view tail) {
  std::string text = std::string(indent, ' ').append(head);
  return text.append(layout.members.empty() ? js_flat(layout) : broken(layout, indent)).append(tail) + "\n";
}

}  // namespace bao::codegen
