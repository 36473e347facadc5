#pragma once

#include <span>
#include <string>
#include <string_view>

#include <bao/definition.hpp>

#include "core/schema/tree_reader.hpp"

namespace bao::core {

/// The option by which a host that registers models tells FieldDefinition::custom_key. No YAML has it.
inline constexpr std::string_view custom_key_option = "#customKey";

struct FieldReading {
  FieldDefinition field;
  /// False where the field's type, or an option that goes with it, could not be read.
  bool type_known = false;
};

/// Reads one field's map; what is wrong is reported. `custom_type_files` as in Schema::Options.
[[nodiscard]] FieldReading read_field(TreeReader& reader, const DefinitionNode& node,
                                      std::span<const std::string> custom_type_files);

/// Whether a file of this name (without folder and ending) holds this type: the same letters and digits,
/// whatever their case, and the file's words parted by - or _.
[[nodiscard]] bool is_file_of_type(std::string_view file, std::string_view type);

}  // namespace bao::core
