#include "core/schema/names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/value/concat.hpp"
#include "core/value/integer_text.hpp"

namespace bao {
namespace {

constexpr std::array<const char*, 17> type_names = {
    "StringField",   "IntegerField",    "FloatField",        "BooleanField", "BinaryField", "StringSetField",
    "DateTimeField", "CreateDateField", "ModifiedDateField", "TtlField",     "UlidField",   "VersionField",
    "CounterField",  "RelatedField",    "MapField",          "ListField",    "JsonField",
};

constexpr auto type_name_views = [] {
  std::array<std::string_view, type_names.size()> views{};
  for (std::size_t i = 0; i < views.size(); ++i) views[i] = type_names[i];
  return views;
}();

constexpr auto instance_methods = std::to_array<std::string_view>({
    "clearConsumedCapacity",
    "clearRelatedCache",
    "constructor",
    "delete",
    "exists",
    "getConsumedCapacity",
    "getNumericConsumedCapacity",
    "getOrLoadRelatedField",
    "getPrimaryId",
    "getRelated",
    "hasChanges",
    "isLoaded",
    "loadRelatedData",
    "save",
    "toJSON",
});
static_assert(std::ranges::is_sorted(instance_methods));

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Levenshtein distance without regard to ASCII case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t replace = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

const char* field_type_name(FieldType type) {
  return type_names[static_cast<std::size_t>(type)];
}

std::string Diagnostic::to_string() const {
  std::string text;
  if (!location.file.empty()) {
    text += location.file;
    text += ':';
  }
  if (location.line > 0) {
    text += location.file.empty() ? "line " : "";
    core::append_integer(text, location.line);
    text += ':';
  }
  if (!text.empty()) text += ' ';
  if (!model.empty()) {
    text += model;
    if (!field.empty()) {
      text += '.';
      text += field;
    }
    text += ": ";
  }
  text += message;
  return text;
}

namespace core {

std::optional<FieldType> field_type_from_name(std::string_view name) {
  for (std::size_t i = 0; i < type_names.size(); ++i) {
    if (name == type_names[i]) return static_cast<FieldType>(i);
  }
  return std::nullopt;
}

std::span<const std::string_view> field_type_names() {
  return type_name_views;
}

std::span<const std::string_view> instance_method_names() {
  return instance_methods;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  // Long words cost quadratic time and are no slip of the keyboard.
  if (word.empty() || word.size() > 64) return {};
  std::string_view best;
  std::size_t best_distance = word.size() / 3 + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > 64) continue;
    const std::size_t d = distance(word, candidate);
    if (d < best_distance || (best.empty() && d == best_distance)) {
      best = candidate;
      best_distance = d;
    }
  }
  // One letter is near to every other letter: a suggestion must share at least half of the word.
  if (best.empty() || best_distance * 2 > best.size()) return {};
  return concat({"; did you mean '", best, "'?"});
}

bool is_identifier(std::string_view name) {
  return !name.empty() && is_letter(name[0]) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

}  // namespace core
}  // namespace bao
