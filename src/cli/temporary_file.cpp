#include "cli/temporary_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace bao::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".new";
constexpr std::chrono::seconds abandoned_after{10};  // a process that works has written, or locked, by then

/// Whether one with this id may be writing.
bool runs(std::string_view process) {
  pid_t id = 0;
  const auto [end, wrong] = std::from_chars(process.data(), process.data() + process.size(), id);
  if (wrong != std::errc() || end != process.data() + process.size()) return true;
  return id != ::getpid() && (::kill(id, 0) == 0 || errno != ESRCH);
}

bool is_locked(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return true;
  const bool free = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  ::close(descriptor);
  return !free;
}

}  // namespace

fs::path temporary_of(const fs::path& place) {
  fs::path temporary = place;
  temporary += std::string(ending) + std::to_string(::getpid());
  return temporary;
}

bool is_temporary(const fs::path& path) {
  const std::string found = path.extension().string();
  return found.starts_with(ending) && found.size() > ending.size() &&
         found.find_first_not_of("0123456789", ending.size()) == std::string::npos;
}

bool is_abandoned(const fs::directory_entry& entry) {
  std::error_code error;
  if (!is_temporary(entry.path()) || entry.symlink_status(error).type() != fs::file_type::regular)
    return false;
  if (runs(entry.path().extension().string().substr(ending.size()))) return false;
  const fs::file_time_type written = entry.last_write_time(error);
  return !error && fs::file_time_type::clock::now() - written >= abandoned_after;
}

void remove_abandoned_of(const fs::path& place) {
  std::error_code error;
  std::vector<fs::path> abandoned;
  const fs::path folder = place.has_parent_path() ? place.parent_path() : ".";
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().stem() == place.filename() && is_abandoned(*entry) && !is_locked(entry->path()))
      abandoned.push_back(entry->path());
  }
  for (const fs::path& file : abandoned) fs::remove(file, error);
}

}  // namespace bao::cli
