#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/js_options.hpp"
#include "core/schema/schema.hpp"

namespace bao::codegen {

/// Where generated code gets a custom field type from.
struct CustomFieldFile {
  std::string import_path;  ///< from the output folder: "../fields/email-field.js"
  bool typed = false;       ///< TypeScript finds its types: the file is TypeScript, or has a .d.ts beside it
};

[[nodiscard]] std::optional<CustomFieldFile> custom_field_file(const JsOptions& options,
                                                               std::string_view type);

/// What Schema::Options asks for, of names of files.
[[nodiscard]] std::vector<std::string> custom_type_files(const std::vector<std::string>& names);

/// Custom types without a file, or with a name that generated code needs for something else.
[[nodiscard]] std::vector<Diagnostic> unusable_custom_types(const core::Schema& schema,
                                                            const JsOptions& options);

}  // namespace bao::codegen
