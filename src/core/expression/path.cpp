#include "core/expression/path.hpp"

namespace bao::core {

std::string document_path(std::string_view attribute, const std::vector<PathStep>& path,
                          Placeholders& placeholders) {
  std::string text = placeholders.name(attribute);
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      text.append(".").append(placeholders.name(*key));
    } else if (const auto* position = std::get_if<std::size_t>(&step)) {
      text.append("[").append(std::to_string(*position)).append("]");
    }
  }
  return text;
}

std::string readable_path(std::string_view attribute, const std::vector<PathStep>& path) {
  std::string text(attribute);
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      text.append(".").append(*key);
    } else if (const auto* position = std::get_if<std::size_t>(&step)) {
      text.append("[").append(std::to_string(*position)).append("]");
    }
  }
  return text;
}

}  // namespace bao::core
