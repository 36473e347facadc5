#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <bao/definition.hpp>

#include "core/schema/schema.hpp"

namespace bao::native {

using SchemaResult = std::expected<std::unique_ptr<const core::Schema>, std::vector<Diagnostic>>;

inline constexpr std::size_t definition_file_bytes_max = std::size_t{4} << 20;
inline constexpr std::size_t definition_files_max = 10'000;

/// Whether a file in a folder of definitions is one, by its name: .yaml or .yml, and not hidden. Editors keep
/// their own beside what they edit (`.#models.yaml`).
[[nodiscard]] bool is_definition_file(const std::filesystem::path& path);

/// The models of one YAML file, or of every definition file of a folder (not of its subfolders), checked.
/// Never throws for bad input: everything that is wrong, an unreadable file included, is in the list.
/// `custom_type_files`: as in Schema::Options.
[[nodiscard]] SchemaResult load_definitions(const std::filesystem::path& path,
                                            std::vector<std::string> custom_type_files = {});

/// A digest of the names and bytes of the files that load_definitions(path) reads, by which a change of them
/// shows; of those that can be read.
[[nodiscard]] std::string definitions_digest(const std::filesystem::path& path);

/// The same for text in memory; `file` is its name in messages.
[[nodiscard]] SchemaResult load_definitions_text(std::string_view yaml, const std::string& file);

}  // namespace bao::native
