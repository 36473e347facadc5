#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/api_error.hpp"
#include "local/item/encoded.hpp"

namespace bao::local {

/// An attribute's value is the first level, what lies in it the second...
inline constexpr unsigned value_levels_max = 32;
inline constexpr std::string_view too_many_levels =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
    "supported limit";

/// What is wrong with the name of an attribute or of a map's member; empty: nothing.
[[nodiscard]] std::string_view attribute_name_mistake(std::string_view name);

/// Appends values that DynamoDB might refuse. The first one that it refuses is noted, and something takes its
/// place: the service reports such values after the mistakes of the request itself.
class ValueRules {
 public:
  void number(std::string& out, std::string_view text);
  /// Sorts the members. `as_sent`: their texts, joined by ", ", for the message.
  void set(std::string& out, Tag tag, std::vector<std::string_view>& members, std::string_view as_sent);
  /// A value that lies in `depth` others. False: too deep.
  bool nesting(unsigned depth);
  /// Of an attribute or of a map's member.
  void name(std::string_view name);
  void note(std::string message);

  [[nodiscard]] const std::optional<ApiError>& invalid_value() const { return invalid_value_; }
  void clear() { invalid_value_.reset(); }

 private:
  std::optional<ApiError> invalid_value_;
};

}  // namespace bao::local
