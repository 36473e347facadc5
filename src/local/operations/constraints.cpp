#include "local/operations/constraints.hpp"

#include <algorithm>

namespace bao::local {

namespace {

std::string quoted(std::string_view value) {
  return "'" + std::string(value) + "'";
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

}  // namespace

void Constraints::fail(std::string_view shown_value, std::string_view member, std::string_view rule) {
  errors_.push_back("Value " + std::string(shown_value) + " at " + quoted(member) +
                    " failed to satisfy constraint: " + std::string(rule));
}

void Constraints::require(bool present, std::string_view member) {
  if (!present) fail("null", member, "Member must not be null");
}

void Constraints::one_of(const std::optional<std::string_view>& value, std::string_view member,
                         std::initializer_list<std::string_view> allowed) {
  if (!value || std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return;
  std::string set;
  for (const std::string_view name : allowed) {
    if (!set.empty()) set += ", ";
    set += name;
  }
  fail(quoted(*value), member, "Member must satisfy enum value set: [" + set + "]");
}

void Constraints::at_least(std::optional<std::int64_t> value, std::string_view member, std::int64_t minimum) {
  if (value && *value < minimum) {
    fail(quoted(std::to_string(*value)), member,
         "Member must have value greater than or equal to " + std::to_string(minimum));
  }
}

void Constraints::at_most(std::optional<std::int64_t> value, std::string_view member, std::int64_t maximum) {
  if (value && *value > maximum) {
    fail(quoted(std::to_string(*value)), member,
         "Member must have value less than or equal to " + std::to_string(maximum));
  }
}

void Constraints::name(const std::optional<std::string_view>& value, std::string_view member) {
  length(value, member, 1, 1024);
  characters(value, member);
}

void Constraints::characters(const std::optional<std::string_view>& value, std::string_view member) {
  if (value && !std::all_of(value->begin(), value->end(), is_name_character)) {
    fail(quoted(*value), member, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }
}

void Constraints::new_name(const std::optional<std::string_view>& value, std::string_view member) {
  characters(value, member);
  length(value, member, 3, 255);
}

void Constraints::length(const std::optional<std::string_view>& value, std::string_view member,
                         std::size_t minimum, std::size_t maximum) {
  if (value && value->size() < minimum) {
    fail(quoted(*value), member,
         "Member must have length greater than or equal to " + std::to_string(minimum));
  }
  if (value && value->size() > maximum) {
    fail(quoted(*value), member, "Member must have length less than or equal to " + std::to_string(maximum));
  }
}

Outcome<void> Constraints::result() const {
  if (errors_.empty()) return {};
  std::string message =
      std::to_string(errors_.size()) + " validation error" + (errors_.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < errors_.size(); ++i) {
    if (i > 0) message += "; ";
    message += errors_[i];
  }
  return invalid(std::move(message));
}

}  // namespace bao::local
