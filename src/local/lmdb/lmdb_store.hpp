#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "local/store/store.hpp"

namespace bao::local {

/// When settle(false) has made commits safe on disk.
enum class LmdbSync : std::uint8_t {
  full,    ///< at once: it returns when the disk has them
  normal,  ///< within settle_ms: when the process or the machine dies, the commits since then are lost
  off,     ///< the same for the process; when the machine dies, the file may be unusable
};

struct LmdbOptions {
  LmdbSync sync = LmdbSync::normal;
  /// normal, off: how long commits may wait to be written together, ms.
  std::int64_t settle_ms = 100;
  /// Of the address space that the file may fill. Costs nothing until it is used; where the system grants
  /// less, less is taken.
  std::uint64_t map_size_max = std::uint64_t{1} << 40U;
};

/// A store in a file of LMDB, `file`, with its lock in `file`-lock. Made where it is not there. One process
/// at a time opens it; at every moment the file holds one of the states between two commits. The error names
/// the file: in use by another process, of another program, of a newer version, cut short, or what the system
/// says. There are no checksums: bytes that something else has changed in the file's trees are not noticed.
[[nodiscard]] StoreResult<std::unique_ptr<Store>> open_lmdb_store(const std::filesystem::path& file,
                                                                  LmdbOptions options = {});

}  // namespace bao::local
