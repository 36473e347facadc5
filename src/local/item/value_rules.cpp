#include "local/item/value_rules.hpp"

#include <algorithm>

#include "core/value/number.hpp"

namespace bao::local {

namespace {

constexpr std::size_t attribute_name_size_max = 65535;

std::string numeric_error(core::NumberError error, std::string_view text) {
  switch (error) {
    case core::NumberError::syntax:
      if (text.empty()) return "The parameter cannot be converted to a numeric value";
      return "The parameter cannot be converted to a numeric value: " + std::string(text);
    case core::NumberError::too_many_digits:
      return "Attempting to store more than 38 significant digits in a Number";
    case core::NumberError::overflow:
      return "Number overflow. Attempting to store a number with magnitude larger than supported range";
    case core::NumberError::underflow:
      return "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  }
  return {};
}

/// Short decimal integers are canonical as they stand.
bool is_plain_integer(std::string_view text) {
  std::string_view digits = text;
  if (!digits.empty() && digits.front() == '-') digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 38) return false;
  if (digits.front() == '0') return text == "0";
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view empty_set_message(Tag tag) {
  switch (tag) {
    case Tag::binary_set:
      return "One or more parameter values were invalid: Binary sets should not be empty";
    case Tag::number_set:
      return "One or more parameter values were invalid: An number set  may not be empty";
    default:
      return "One or more parameter values were invalid: An string set  may not be empty";
  }
}

std::string duplicates_message(Tag tag, std::string_view as_sent) {
  if (tag == Tag::number_set) return "Input collection contains duplicates";
  return "One or more parameter values were invalid: Input collection [" + std::string(as_sent) +
         (tag == Tag::binary_set ? "]of type BS contains duplicates." : "] contains duplicates.");
}

}  // namespace

void ValueRules::note(std::string message) {
  if (!invalid_value_) invalid_value_ = validation_error(std::move(message));
}

void ValueRules::number(std::string& out, std::string_view text) {
  if (is_plain_integer(text)) {
    append_scalar(out, Tag::number, text);
    return;
  }
  const auto canonical = core::normalize_number(text);
  if (!canonical) note(numeric_error(canonical.error(), text));
  append_scalar(out, Tag::number, canonical ? *canonical : "0");
}

void ValueRules::set(std::string& out, Tag tag, std::vector<std::string_view>& members,
                     std::string_view as_sent) {
  if (members.empty()) note(std::string(empty_set_message(tag)));
  std::vector<std::string> owned;
  if (tag == Tag::number_set) {
    owned.reserve(members.size());
    for (std::string_view& member : members) {
      auto canonical = core::normalize_number(member);
      if (!canonical) note(numeric_error(canonical.error(), member));
      member = owned.emplace_back(canonical ? std::move(*canonical) : std::string("0"));
    }
  }
  append_set(out, tag, members);
  // append_set sorted the members: equal ones are neighbours now.
  if (!invalid_value_ && std::adjacent_find(members.begin(), members.end()) != members.end()) {
    note(duplicates_message(tag, as_sent));
  }
}

bool ValueRules::nesting(unsigned depth) {
  if (depth < value_levels_max) return true;
  note(std::string(too_many_levels));
  return false;
}

void ValueRules::name(std::string_view name) {
  if (const std::string_view mistake = attribute_name_mistake(name); !mistake.empty()) {
    note(std::string(mistake));
  }
}

std::string_view attribute_name_mistake(std::string_view name) {
  if (name.empty()) return "Empty attribute name";
  if (name.size() > attribute_name_size_max)
    return "Attribute name is too large, must be less than 65536 bytes";
  return {};
}

}  // namespace bao::local
