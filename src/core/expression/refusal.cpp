#include "core/expression/refusal.hpp"

#include <array>
#include <string>
#include <utility>

namespace bao::core {
namespace {

std::string subject(const Model& model, std::string_view field) {
  std::string text = model.name();
  if (!field.empty()) text.append(".").append(field);
  return text.append(": ");
}

/// A scalar as text, shortened; what kind of thing it is otherwise.
std::string readable(const Value& value) {
  constexpr std::size_t bytes_max = 100;
  if (const auto* text = value.get_if<std::string>()) return text->substr(0, bytes_max);
  if (const auto* number = value.get_if<Number>()) return number->text.substr(0, bytes_max);
  if (const auto* boolean = value.get_if<bool>()) return *boolean ? "true" : "false";
  constexpr std::array<const char*, 10> names{"null",        "a boolean",    "a number",     "a string",
                                              "binary data", "a string set", "a number set", "a binary set",
                                              "a list",      "a map"};
  return names[static_cast<std::size_t>(value.kind())];
}

}  // namespace

std::unexpected<Error> refuse_query(const Model& model, std::string_view field, std::string_view reason) {
  ErrorDetails details{
      .message = subject(model, field).append(reason), .model = model.name(), .field = std::string(field)};
  return std::unexpected(Error(ErrorCode::query, std::move(details)));
}

std::unexpected<Error> refuse_operand(const Model& model, std::string_view field, std::string_view reason,
                                      const Value& operand) {
  ErrorDetails details{.message = subject(model, field).append(reason),
                       .model = model.name(),
                       .field = std::string(field),
                       .value = readable(operand)};
  details.message.append(" (value: ").append(details.value).append(")");
  return std::unexpected(Error(ErrorCode::validation, std::move(details)));
}

}  // namespace bao::core
