#include <algorithm>
#include <utility>

#include "core/expression/expression.hpp"
#include "core/value/integer_text.hpp"

namespace bao::core {
namespace {

std::string placeholder(const char* prefix, std::size_t number) {
  std::string text(prefix);
  append_integer(text, static_cast<std::int64_t>(number));
  return text;
}

/// Equal sets, lists and maps are rare and dear to compare: each gets a placeholder of its own.
bool is_scalar(const Value& value) {
  return value.kind() <= ValueKind::binary;
}

}  // namespace

std::string Placeholders::name(std::string_view attribute) {
  const auto found = std::find(names_.begin(), names_.end(), attribute);
  const auto number = static_cast<std::size_t>(found - names_.begin());
  if (found == names_.end()) names_.emplace_back(attribute);
  return placeholder("#n", number);
}

std::string Placeholders::value(Value stored) {
  if (is_scalar(stored)) {
    const auto found = std::find(values_.begin(), values_.end(), stored);
    if (found != values_.end()) return placeholder(":v", static_cast<std::size_t>(found - values_.begin()));
  }
  values_.push_back(std::move(stored));
  return placeholder(":v", values_.size() - 1);
}

void Placeholders::write_members(JsonWriter& writer) const {
  if (!names_.empty()) {
    writer.key("ExpressionAttributeNames");
    writer.begin_object();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      writer.key(placeholder("#n", i));
      writer.string(names_[i]);
    }
    writer.end_object();
  }
  if (!values_.empty()) {
    writer.key("ExpressionAttributeValues");
    writer.begin_object();
    for (std::size_t i = 0; i < values_.size(); ++i) {
      writer.key(placeholder(":v", i));
      writer.attribute_value(values_[i]);
    }
    writer.end_object();
  }
}

}  // namespace bao::core
