#include "codegen/naming.hpp"

namespace bao::codegen {
namespace {

// ASCII only: names in definitions have no other letters, and no locale may change generated code.
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
char to_upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string capitalised(std::string_view name) {
  std::string text(name);
  if (!text.empty()) text[0] = to_upper(text[0]);
  return text;
}

std::string snake_case(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool starts_word = i > 0 && is_upper(name[i]) && name[i - 1] != '_' &&
                             (!is_upper(name[i - 1]) || (i + 1 < name.size() && is_lower(name[i + 1])));
    if (starts_word) text += '_';
    text += to_lower(name[i]);
  }
  return text;
}

std::string index_title(std::string_view index) {
  const std::size_t middle = index.find("For");
  const bool names_owner = middle != std::string_view::npos && middle > 0 && middle + 3 < index.size() &&
                           is_upper(index[middle + 3]);
  return capitalised(names_owner ? index.substr(0, middle) : index);
}

std::string getter_name(std::string_view field) {
  if (field.size() > 2 && field.ends_with("Id")) field.remove_suffix(2);
  return "get" + capitalised(field);
}

std::string finder_name(std::string_view constraint) {
  constexpr std::string_view unique = "unique";
  if (constraint.size() > unique.size() && constraint.starts_with(unique) &&
      !is_lower(constraint[unique.size()])) {
    constraint.remove_prefix(unique.size());
  }
  return "findBy" + capitalised(constraint);
}

std::string model_query_name(std::string_view model) {
  return "query" + capitalised(model) + "s";
}

}  // namespace bao::codegen
