#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include <bao/condition.hpp>

#include "core/expression/expression.hpp"

namespace bao::core {

/// "#n0.#n1[3]"
[[nodiscard]] std::string document_path(std::string_view attribute, const std::vector<PathStep>& path,
                                        Placeholders& placeholders);

/// The same for a reader: "address.streets[3]".
[[nodiscard]] std::string readable_path(std::string_view attribute, const std::vector<PathStep>& path);

/// A field, and the steps from it to a value within.
struct FieldPath {
  std::string field;
  std::vector<PathStep> steps;
};

/// Whether the text names more than a field, whose names have neither dots nor brackets.
[[nodiscard]] bool is_path(std::string_view text);
/// `address.city`, `tags[0]`, and `address["a key with a . in it"]`, where the key is a JSON text. The error
/// says what is wrong.
[[nodiscard]] std::expected<FieldPath, const char*> parse_path(std::string_view text);

/// Why these steps cannot lead to a value within a field of this type; null: they can.
[[nodiscard]] const char* path_fault(FieldType type, const std::vector<PathStep>& steps);
/// Whether one of the values is the other, or within it.
[[nodiscard]] bool overlap(const std::vector<PathStep>& a, const std::vector<PathStep>& b);

}  // namespace bao::core
