#include "codegen/cpp_layout.hpp"

#include <algorithm>

namespace bao::codegen {

std::string filled(std::string_view head, const std::vector<std::string>& members, std::string_view tail) {
  std::string text;
  std::string line(head);
  const std::string indent(columns(head), ' ');
  for (std::size_t i = 0; i < members.size(); ++i) {
    std::string member = members[i];
    member += i + 1 < members.size() ? "," : std::string(tail);
    if (i > 0 && columns(line) + 1 + columns(member) > column_limit) {
      text += line + "\n";
      line = indent + member;
    } else {
      line += (i > 0 ? " " : "") + member;
    }
  }
  if (members.empty()) line += tail;
  return text + line + "\n";
}

std::string assigned(std::string_view indent, std::string_view left, std::string_view right) {
  std::string text = std::string(indent).append(left) + " =";
  const bool fits = columns(text) + 1 + columns(right) <= column_limit;
  text += fits ? " " : "\n" + std::string(indent) + "    ";
  return text.append(right) + "\n";
}

std::string function_text(std::string_view head, std::string_view body, std::string_view indent) {
  head.remove_suffix(1);
  const std::string_view statement = body.substr(body.find_first_not_of(' '));
  const bool body_is_one_line = statement.find('\n') + 1 == statement.size();
  const std::size_t last_line = head.rfind('\n') == std::string_view::npos ? 0 : head.rfind('\n') + 1;
  std::string text(head);
  if (body_is_one_line && last_line == 0 && columns(head) + columns(statement) + 5 - 1 <= column_limit) {
    return text.append(" { ").append(statement.substr(0, statement.size() - 1)) + " }\n";
  }
  return text.append(" {\n").append(body).append(indent) + "}\n";
}

bool too_wide(std::string_view text) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (columns(text.substr(start, end - start)) > column_limit) return true;
    start = end + 1;
  }
  return false;
}

std::string shielded(std::string_view indent, std::string text) {
  if (!too_wide(text)) return text;
  return std::string(indent) + "// clang-format off\n" + text + std::string(indent) + "// clang-format on\n";
}

}  // namespace bao::codegen
