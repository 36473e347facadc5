#include "codegen/js_custom_fields.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codegen/js_names.hpp"
#include "codegen/naming.hpp"
#include "core/schema/field_reading.hpp"

namespace bao::codegen {
namespace {

struct Ending {
  std::string_view of_file;
  std::string_view of_import;  ///< empty: types of a file beside it
  bool typed = false;
};

// The first that fits counts.
constexpr std::array<Ending, 9> endings = {{
    {".d.ts", "", true},
    {".d.mts", "", true},
    {".d.cts", "", true},
    {".js", ".js", false},
    {".mjs", ".mjs", false},
    {".cjs", ".cjs", false},
    {".ts", ".js", true},
    {".mts", ".mjs", true},
    {".cts", ".cjs", true},
}};

/// A file's name in two: "email-field" and its ending; nothing for files that are no code.
std::optional<std::pair<std::string_view, Ending>> parted(std::string_view name) {
  for (const Ending& ending : endings) {
    if (name.ends_with(ending.of_file)) {
      return std::pair(name.substr(0, name.size() - ending.of_file.size()), ending);
    }
  }
  return std::nullopt;
}

/// The name that the documentation gives to the file of a type: "email-field".
std::string documented_name(std::string_view type) {
  std::string name = snake_case(type);
  std::ranges::replace(name, '_', '-');
  return name;
}

/// The name, without its ending, of the file that has the type; empty: none does. Where several could, the
/// one that the documentation names counts.
std::string_view name_of_file(const JsOptions& options, std::string_view type) {
  const std::string documented = documented_name(type);
  std::string_view first;
  for (const std::string& name : options.field_files) {
    const auto parts = parted(name);
    if (!parts || parts->second.of_import.empty() || !core::is_file_of_type(parts->first, type)) continue;
    if (parts->first == documented) return parts->first;
    if (first.empty()) first = parts->first;
  }
  return first;
}

}  // namespace

std::optional<CustomFieldFile> custom_field_file(const JsOptions& options, std::string_view type) {
  const std::string_view stem = name_of_file(options, type);
  if (stem.empty()) return std::nullopt;
  CustomFieldFile file;
  for (const std::string& name : options.field_files) {
    const auto parts = parted(name);
    if (!parts || parts->first != stem) continue;
    file.typed = file.typed || parts->second.typed;
    if (!file.import_path.empty() || parts->second.of_import.empty()) continue;
    file.import_path =
        options.fields_folder + "/" + std::string(parts->first) + std::string(parts->second.of_import);
  }
  return file;
}

std::vector<std::string> custom_type_files(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    if (const auto parts = parted(name); parts && !parts->second.of_import.empty()) {
      files.emplace_back(parts->first);
    }
  }
  return files;
}

std::vector<Diagnostic> unusable_custom_types(const core::Schema& schema, const JsOptions& options) {
  std::vector<Diagnostic> mistakes;
  for (const auto& model : schema.models()) {
    for (const FieldDefinition& field : model->fields()) {
      const std::string& type = field.custom_type;
      if (type.empty()) continue;
      std::string message;
      if (JsNames::is_reserved(type)) {
        message = "the generated code needs the name '" + type + "': the custom field type needs another one";
      } else if (!custom_field_file(options, type)) {
        message = "the custom field type '";
        message.append(type).append(
            "' has no file: paths.fieldsDir of the configuration is the folder that has ");
        message.append(documented_name(type)).append(".js, which exports ").append(type);
      } else {
        continue;
      }
      mistakes.push_back({.location = field.location,
                          .model = model->name(),
                          .field = field.name,
                          .message = std::move(message)});
    }
  }
  return mistakes;
}

}  // namespace bao::codegen
