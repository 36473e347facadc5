#pragma once

#include <lmdb.h>

#include <cstdint>
#include <filesystem>

#include "local/lmdb/lmdb_store.hpp"

namespace bao::local {

/// An open database file that nobody else has open.
class LmdbFile {
 public:
  [[nodiscard]] static StoreResult<LmdbFile> open(const std::filesystem::path& file,
                                                  const LmdbOptions& options);
  LmdbFile(LmdbFile&& other) noexcept;
  LmdbFile& operator=(LmdbFile&&) = delete;
  ~LmdbFile();

  [[nodiscard]] MDB_env* env() const { return env_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// "PATH: what LMDB or the system says"
  [[nodiscard]] StoreError error(int code) const;

  [[nodiscard]] std::uint64_t page_size() const { return page_size_; }
  /// Pages that the last transaction left in use, free ones among them.
  [[nodiscard]] std::uint64_t used_pages() const;
  /// Sees that the disk has room for the file's first `pages` pages, so that writing into them cannot fail
  /// for want of it.
  [[nodiscard]] StoreResult<void> reserve(std::uint64_t pages);

 private:
  explicit LmdbFile(std::filesystem::path path) : path_(std::move(path)) {}
  [[nodiscard]] StoreResult<void> lock();
  [[nodiscard]] StoreResult<void> check_kind() const;
  [[nodiscard]] StoreResult<void> reserve_lock() const;
  [[nodiscard]] StoreResult<void> open_env(const LmdbOptions& options);

  std::filesystem::path path_;
  int descriptor_ = -1;
  MDB_env* env_ = nullptr;
  std::uint64_t page_size_ = 4096;
  std::uint64_t reserved_pages_ = 0;
};

}  // namespace bao::local
