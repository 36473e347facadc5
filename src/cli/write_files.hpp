#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/source_file.hpp"

namespace bao::cli {

struct WriteSummary {
  std::size_t written = 0;
  std::size_t unchanged = 0;
  std::size_t removed = 0;  ///< generated earlier, by no model now
};

/// Makes the folder hold these files. Every new text is first written beside its place, then all are renamed
/// into place: where something cannot be written, the old files stay as they are. A file whose text is the
/// same is not touched. Where one stands that does not begin with `banner`, nor as those of version 0.4 do,
/// the user may have written it: all of these are named, and nothing is written. Other files that begin with
/// `banner` are of models that are gone, and are removed; what another run is just writing is left to it, and
/// what a killed one had begun is removed. The error is a message that names the file.
[[nodiscard]] std::expected<WriteSummary, std::string> write_files(
    const std::filesystem::path& folder, const std::vector<codegen::SourceFile>& files,
    std::string_view banner);

}  // namespace bao::cli
