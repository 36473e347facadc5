#include "native/yaml/parse.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>

#include "core/value/utf8.hpp"
#include "native/yaml/tree_builder.hpp"

namespace bao::native {
namespace {

/// Is put behind the text: where the text ends in white space, the parser takes the end of the file for the
/// end of a quoted scalar.
constexpr std::string_view end_comment = "\n# end of the file";

int line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, offset), '\n'));
}

/// Whether a line (from 1) is indented by a tab, for which the parser's own messages are hard to understand.
bool has_tab_indent(std::string_view text, int line) {
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  const std::size_t first = text.find_first_not_of(' ');
  return first != std::string_view::npos && text[first] == '\t';
}

}  // namespace

std::expected<core::DefinitionTree, Diagnostic> parse_yaml(std::string_view yaml, const std::string& file,
                                                           const YamlLimits& limits) {
  const auto mistake = [&](int line, std::string message) {
    return std::unexpected(Diagnostic{.location = {file, line}, .message = std::move(message)});
  };
  // The parser takes other encodings for UTF-8 and guesses; a model file is UTF-8.
  if (const std::size_t bad = core::find_invalid_utf8(yaml); bad != std::string_view::npos) {
    return mistake(line_of(yaml, bad), "the file is not UTF-8 text");
  }
  if (const std::size_t bad = yaml.find('\0'); bad != std::string_view::npos) {
    return mistake(line_of(yaml, bad), "the file has a zero byte: it is not text");
  }
  try {
    std::istringstream stream{std::string(yaml) + std::string(end_comment)};
    YAML::Parser parser(stream);
    TreeBuilder builder(limits);
    while (parser.HandleNextDocument(builder)) {
    }
    return core::DefinitionTree{file, builder.take()};
  } catch (const YAML::Exception& error) {
    const int line = std::min(error.mark.line + 1, line_of(yaml, yaml.find_last_not_of(" \t\r\n") + 1));
    const std::string reason =
        error.msg == YAML::ErrorMsg::EOF_IN_SCALAR ? "quotes that are not closed" : error.msg;
    return mistake(line, "not valid YAML: " + reason +
                             (has_tab_indent(yaml, line) ? " (YAML is indented by spaces, not tabs)" : ""));
  } catch (const std::exception& error) {
    return mistake(0, std::string("the file cannot be read: ") + error.what());
  }
}

}  // namespace bao::native
