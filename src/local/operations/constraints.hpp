#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/api_error.hpp"

namespace bao::local {

/// Collects what the service's first stage of validation finds: "2 validation errors detected: Value '' at
/// 'tableName' failed to satisfy constraint: ...; ...".
class Constraints {
 public:
  void require(bool present, std::string_view member);
  void one_of(const std::optional<std::string_view>& value, std::string_view member,
              std::initializer_list<std::string_view> allowed);
  void at_least(std::optional<std::int64_t> value, std::string_view member, std::int64_t minimum);
  void at_most(std::optional<std::int64_t> value, std::string_view member, std::int64_t maximum);
  void length(const std::optional<std::string_view>& value, std::string_view member, std::size_t minimum,
              std::size_t maximum);
  void fail(std::string_view shown_value, std::string_view member, std::string_view rule);
  /// A name of a table or an index, or an ARN: its characters, 1 to 1024 of them.
  void name(const std::optional<std::string_view>& value, std::string_view member);
  /// A name that something new gets, or a place among such names: its length as well.
  void new_name(const std::optional<std::string_view>& value, std::string_view member);

  [[nodiscard]] Outcome<void> result() const;

 private:
  void characters(const std::optional<std::string_view>& value, std::string_view member);

  std::vector<std::string> errors_;
};

}  // namespace bao::local
