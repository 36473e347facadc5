#pragma once

#include <expected>
#include <string>

namespace bao::cli {

/// Keeps others from working with the same file: holds a lock on `PATH.lock` beside it, which the system
/// gives back however this process ends. The lock's file is removed at the end of a run that ends by itself.
class FileLock {
 public:
  /// The error says who has it: another run.
  [[nodiscard]] static std::expected<FileLock, std::string> take(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  FileLock(std::string path, int descriptor);

  std::string path_;
  int descriptor_;
};

}  // namespace bao::cli
