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

int line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, offset), '\n'));
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
    std::istringstream stream{std::string(yaml)};
    YAML::Parser parser(stream);
    TreeBuilder builder(limits);
    while (parser.HandleNextDocument(builder)) {
    }
    return core::DefinitionTree{file, builder.take()};
  } catch (const YAML::Exception& error) {
    return mistake(error.mark.line + 1, "not valid YAML: " + error.msg);
  } catch (const std::exception& error) {
    return mistake(0, std::string("the file cannot be read: ") + error.what());
  }
}

}  // namespace bao::native
