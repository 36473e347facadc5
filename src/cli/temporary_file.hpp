#pragma once

#include <filesystem>

// A file on its way to its place lies beside it, as "PLACE.new" and the id of the process that writes it.
namespace bao::cli {

[[nodiscard]] std::filesystem::path temporary_of(const std::filesystem::path& place);

/// Whether it is called as such a file is; any process's.
[[nodiscard]] bool is_temporary(const std::filesystem::path& path);

/// What a run that was killed had begun to write: its process is gone, or has this one's id, which an earlier
/// process of another container had, and it was not just written. A process that is not seen here may be one
/// of another container.
[[nodiscard]] bool is_abandoned(const std::filesystem::directory_entry& entry);

/// Of this place alone, and not what another process has locked. This process must not be writing it.
void remove_abandoned_of(const std::filesystem::path& place);

}  // namespace bao::cli
