#include "cli/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace bao::cli {

std::expected<FileLock, std::string> FileLock::take(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const int descriptor = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return std::unexpected(lock_path + ": cannot be written: " + std::generic_category().message(errno));
  struct stat status{};
  // A file without a name was removed by the run that ended between open and flock: others may hold a new
  // one.
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::fstat(descriptor, &status) == 0 &&
      status.st_nlink > 0) {
    return FileLock(lock_path, descriptor);
  }
  ::close(descriptor);
  return std::unexpected(path + ": another run is working with it");
}

FileLock::FileLock(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

FileLock::FileLock(FileLock&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

}  // namespace bao::cli
