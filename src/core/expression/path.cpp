#include "core/expression/path.hpp"

#include <algorithm>

#include "core/value/concat.hpp"

namespace bao::core {

std::string document_path(std::string_view attribute, const std::vector<PathStep>& path,
                          Placeholders& placeholders) {
  std::string text = placeholders.name(attribute);
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      append(text, {".", placeholders.name(*key)});
    } else if (const auto* position = std::get_if<std::size_t>(&step)) {
      append(text, {"[", *position, "]"});
    }
  }
  return text;
}

std::string readable_path(std::string_view attribute, const std::vector<PathStep>& path) {
  std::string text(attribute);
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      append(text, {key->empty() ? "[\"\"]" : ".", *key});
    } else if (const auto* position = std::get_if<std::size_t>(&step)) {
      append(text, {"[", *position, "]"});
    }
  }
  return text;
}

const char* path_fault(FieldType type, const std::vector<PathStep>& steps) {
  constexpr std::size_t steps_max = 32;
  if (steps.empty()) return nullptr;
  if (type != FieldType::map && type != FieldType::list) return "only maps and lists have parts";
  if (steps.size() > steps_max) return "the path has more than 32 steps";
  const bool by_name = std::holds_alternative<std::string>(steps.front());
  if (by_name && type == FieldType::list) return "a part of a list is named by its position";
  if (!by_name && type == FieldType::map) return "a part of a map is named by its key";
  for (const PathStep& step : steps) {
    const auto* key = std::get_if<std::string>(&step);
    if (key != nullptr && key->empty()) return "a key in the path is empty";
  }
  return nullptr;
}

bool overlap(const std::vector<PathStep>& a, const std::vector<PathStep>& b) {
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())),
                    b.begin());
}

}  // namespace bao::core
