#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace bao::local {

/// An error answer of the service: its type, its message, and what else its JSON object holds.
struct ApiError {
  int status = 400;
  std::string type;  ///< the full shape id, "com.amazon.coral.validate#ValidationException"
  std::string message;
  std::string members;           ///< further JSON members, each with a comma in front: ,"Item":{...}
  bool capital_message = false;  ///< the member is "Message", as the service spells it in a few errors

  [[nodiscard]] std::string to_json() const;
  /// "ValidationException"
  [[nodiscard]] std::string_view name() const;
};

template <class T>
using Outcome = std::expected<T, ApiError>;

[[nodiscard]] ApiError validation_error(std::string message);
[[nodiscard]] ApiError serialization_error(std::string message);
[[nodiscard]] ApiError resource_not_found(std::string message);
[[nodiscard]] ApiError resource_in_use(std::string message);
[[nodiscard]] ApiError service_error(std::string_view name, std::string message);
[[nodiscard]] ApiError internal_error(std::string message);

[[nodiscard]] inline std::unexpected<ApiError> invalid(std::string message) {
  return std::unexpected(validation_error(std::move(message)));
}

}  // namespace bao::local
