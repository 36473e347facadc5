#include "core/schema/field_reading.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "core/schema/definition_value.hpp"
#include "core/schema/names.hpp"
#include "core/value/concat.hpp"

namespace bao::core {
namespace {

constexpr std::array<std::string_view, 9> field_keys = {
    "type",      "required",        "autoAssign",     "defaultValue", "maxLength",
    "precision", "maxStringLength", "maxMemberCount", "model"};

using Options = std::vector<const DefinitionNode*>;

const DefinitionNode* option_named(const Options& options, std::string_view name) {
  const auto found =
      std::ranges::find(options, name, [](const DefinitionNode* option) { return option->key; });
  return found == options.end() ? nullptr : *found;
}

std::optional<std::string_view> text_of(const DefinitionNode* option) {
  if (option == nullptr || option->kind != DefinitionNode::Kind::scalar || is_null(*option))
    return std::nullopt;
  return option->scalar;
}

/// Whether the library's option of this name is one of fields of this type; the rest is a custom type's.
bool goes_with(std::string_view option, FieldType type) {
  if (option == "autoAssign") return type == FieldType::ulid;
  if (option == "maxLength") return type == FieldType::string;
  if (option == "precision") return type == FieldType::floating;
  if (option == "maxStringLength" || option == "maxMemberCount") return type == FieldType::string_set;
  if (option == "model") return type == FieldType::related;
  return option == "type" || option == "storedAs" || option == "required" || option == "defaultValue";
}

class FieldReader {
 public:
  FieldReader(TreeReader& reader, const DefinitionNode& node) : reader_(reader), node_(node) {
    result_.field.name = node.key;
    result_.field.location = reader.at(node);
  }

  FieldReading read(std::span<const std::string> custom_type_files) {
    std::optional<Options> options;
    if (is_custom(custom_type_files)) {
      options = reader_.members(node_, "the field");
      if (options) result_.type_known = custom_type(*options);
    } else {
      options = reader_.options(node_, "the field", field_keys);
      if (options) result_.type_known = type(*options);
    }
    if (options) {
      for (const DefinitionNode* option : *options) this->option(*option);
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool is_custom(std::span<const std::string> files) const {
    if (node_.kind != DefinitionNode::Kind::map) return false;
    Options options;
    for (const DefinitionNode& child : node_.children) options.push_back(&child);
    const auto name = text_of(option_named(options, "type"));
    if (!name || field_type_from_name(*name) || !is_identifier(*name)) return false;
    if (option_named(options, "storedAs") != nullptr) return true;
    return std::ranges::any_of(files, [&](const std::string& file) { return is_file_of_type(file, *name); });
  }

  bool custom_type(const Options& options) {
    field().custom_type = *text_of(option_named(options, "type"));
    const DefinitionNode* const stored_as = option_named(options, "storedAs");
    return stored_as == nullptr || type_named(*stored_as);
  }

  bool type(const Options& options) {
    const DefinitionNode* const option = option_named(options, "type");
    if (option != nullptr) return type_named(*option);
    if (!reader_.had_unknown()) reader_.report(node_.line, {"the field has no type, such as StringField"});
    return false;
  }

  bool type_named(const DefinitionNode& option) {
    std::string name;
    if (!reader_.text(option, name)) return false;
    const std::optional<FieldType> type = field_type_from_name(name);
    if (!type) {
      reader_.report(option.line,
                     {"unknown field type ", quoted(name), did_you_mean(name, field_type_names())});
      return false;
    }
    field().type = *type;
    return true;
  }

  void option(const DefinitionNode& option) {
    const std::string_view key = option.key;
    if (is_custom() && key == custom_key_option) {
      if (const auto number = integer_of(option)) field().custom_key = static_cast<std::uint32_t>(*number);
    } else if (is_custom() && !goes_with(key, field().type)) {
      custom_option(option);
    } else if (key == "required") {
      reader_.boolean(option, field().required);
    } else if (key == "autoAssign") {
      reader_.boolean(option, field().auto_assign);
    } else if (key == "maxLength") {
      reader_.integer(option, field().max_length);
    } else if (key == "precision") {
      reader_.integer(option, field().precision);
    } else if (key == "maxStringLength") {
      reader_.integer(option, field().max_string_length);
    } else if (key == "maxMemberCount") {
      reader_.integer(option, field().max_member_count);
    } else if (key == "model") {
      if (!reader_.text(option, field().related_model)) result_.type_known = false;
    } else if (key == "defaultValue") {
      default_value(option);
    }
  }

  void custom_option(const DefinitionNode& option) {
    if (field().custom_options.is_null()) field().custom_options = Value::Map();
    field().custom_options.get_if<Value::Map>()->emplace(option.key, natural_value(option));
  }

  void default_value(const DefinitionNode& option) {
    if (is_custom()) {
      field().default_value = natural_value(option);
    } else if (result_.type_known) {
      auto value = default_value_of(option, field().type);
      if (value) {
        field().default_value = *std::move(value);
      } else {
        reader_.report(option.line, {std::move(value).error()});
      }
    }
  }

  [[nodiscard]] bool is_custom() const { return !result_.field.custom_type.empty(); }
  FieldDefinition& field() { return result_.field; }

  TreeReader& reader_;
  const DefinitionNode& node_;
  FieldReading result_;
};

}  // namespace

FieldReading read_field(TreeReader& reader, const DefinitionNode& node,
                        std::span<const std::string> custom_type_files) {
  return FieldReader(reader, node).read(custom_type_files);
}

bool is_file_of_type(std::string_view file, std::string_view type) {
  std::size_t at = 0;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (const char c : file) {
    if (c == '-' || c == '_') continue;
    if (at == type.size() || lower(c) != lower(type[at])) return false;
    ++at;
  }
  return at == type.size();
}

}  // namespace bao::core
