#include "local/lmdb/lmdb_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace bao::local {

namespace {

/// Each space is a database of LMDB's; the tables that DynamoDB allows an account have fewer.
constexpr MDB_dbi spaces_max = 70'000;
constexpr std::uint64_t map_size_min = std::uint64_t{64} << 20U;
constexpr std::uint64_t reserved_pages_min = 256;
constexpr off_t lock_bytes = 8192;  // of LMDB's 126 readers

std::unexpected<StoreError> failed(const std::filesystem::path& file, std::string_view what) {
  return std::unexpected(StoreError{file.string() + ": " + std::string(what)});
}

std::unexpected<StoreError> failed(const std::filesystem::path& file, int code) {
  return failed(file, ::mdb_strerror(code));
}

std::unexpected<StoreError> no_room(const std::filesystem::path& file, int code) {
  return failed(file, std::string("there is no room for more: ") + std::strerror(code));
}

}  // namespace

StoreResult<LmdbFile> LmdbFile::open(const std::filesystem::path& file, const LmdbOptions& options) {
  LmdbFile opened(file);
  if (auto done = opened.lock(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = opened.check_kind(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = opened.reserve_lock(); !done) return std::unexpected(std::move(done.error()));
  if (auto done = opened.open_env(options); !done) return std::unexpected(std::move(done.error()));
  return opened;
}

LmdbFile::LmdbFile(LmdbFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      env_(std::exchange(other.env_, nullptr)),
      page_size_(other.page_size_),
      reserved_pages_(other.reserved_pages_) {}

LmdbFile::~LmdbFile() {
  if (env_) ::mdb_env_close(env_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

StoreError LmdbFile::error(int code) const {
  return failed(path_, code).error();
}

StoreResult<void> LmdbFile::lock() {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) return failed(path_, errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno == EWOULDBLOCK) return failed(path_, "is in use by another process");
  return failed(path_, errno);
}

StoreResult<void> LmdbFile::check_kind() const {
  struct stat info{};
  if (::fstat(descriptor_, &info) != 0) return failed(path_, errno);
  if (!S_ISREG(info.st_mode)) return failed(path_, "is not a file");
  if (info.st_size == 0) return {};
  // LMDB's first page: a header of 16 bytes, then its magic number.
  std::array<char, 20> start{};
  std::uint32_t magic = 0;
  const ssize_t size = ::pread(descriptor_, start.data(), start.size(), 0);
  if (size < 0) return failed(path_, errno);
  std::memcpy(&magic, start.data() + 16, sizeof magic);
  if (static_cast<std::size_t>(size) < start.size() || magic != 0xBEEFC0DEU) {
    return failed(path_, "is not a database of bao local");
  }
  return {};
}

// LMDB makes its lock as a hole and maps it: where the disk is full, the first write to it would end the
// process.
StoreResult<void> LmdbFile::reserve_lock() const {
  const std::filesystem::path lock = path_.string() + "-lock";
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) return failed(lock, errno);
  int code = 0;
  do {
    code = ::fallocate(descriptor, 0, 0, lock_bytes) == 0 ? 0 : errno;
  } while (code == EINTR);
  ::close(descriptor);
  // Not every file system can reserve.
  if (code == 0 || code == EOPNOTSUPP || code == ENOSYS) return {};
  return no_room(lock, code);
}

StoreResult<void> LmdbFile::open_env(const LmdbOptions& options) {
  const unsigned sync = options.sync == LmdbSync::off ? unsigned{MDB_NOSYNC} : 0U;
  const unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD | sync;
  int code = 0;
  for (std::uint64_t size = std::max(options.map_size_max, map_size_min);; size /= 4) {
    if ((code = ::mdb_env_create(&env_)) != 0) return failed(path_, code);
    code = ::mdb_env_set_mapsize(env_, size);
    if (code == 0) code = ::mdb_env_set_maxdbs(env_, spaces_max);
    if (code == 0) code = ::mdb_env_open(env_, path_.c_str(), flags, 0666);
    if (code == 0) break;
    ::mdb_env_close(std::exchange(env_, nullptr));
    // Too much address space where a limit is set on it (ulimit -v, containers).
    if (code == ENOMEM && size / 4 >= map_size_min) continue;
    if (code == MDB_INVALID || code == MDB_VERSION_MISMATCH) {
      return failed(path_, "is not a database of bao local");
    }
    return failed(path_, code);
  }
  MDB_stat stat{};
  ::mdb_env_stat(env_, &stat);
  page_size_ = stat.ms_psize;
  struct stat info{};
  if (::fstat(descriptor_, &info) != 0) return failed(path_, errno);
  // What an earlier process has reserved counts only as far as it is not a hole.
  const auto held = std::min<std::uint64_t>(static_cast<std::uint64_t>(info.st_size),
                                            static_cast<std::uint64_t>(info.st_blocks) * 512);
  reserved_pages_ = held / page_size_;
  // LMDB would map what is missing, and the first read of it would end the process.
  const std::uint64_t needed = used_pages() * page_size_;
  if (static_cast<std::uint64_t>(info.st_size) < needed) {
    return failed(path_, "is cut short: it has " + std::to_string(info.st_size) + " of " +
                             std::to_string(needed) + " bytes");
  }
  return {};
}

std::uint64_t LmdbFile::used_pages() const {
  MDB_envinfo info{};
  ::mdb_env_info(env_, &info);
  return std::uint64_t{info.me_last_pgno} + 1;
}

StoreResult<void> LmdbFile::reserve(std::uint64_t pages) {
  if (pages <= reserved_pages_) return {};
  MDB_envinfo info{};
  ::mdb_env_info(env_, &info);
  const std::uint64_t map_pages = info.me_mapsize / page_size_;
  if (pages > map_pages) {
    return failed(path_, "has reached the size that its address space allows, " +
                             std::to_string(info.me_mapsize >> 20U) + " MB");
  }
  // In steps of an eighth: asking the file system each time would cost more than it saves.
  const std::uint64_t wanted = std::min(map_pages, std::max({pages + pages / 8, reserved_pages_min}));
  for (const std::uint64_t size : {wanted, pages}) {
    int code = 0;
    do {
      code = ::fallocate(descriptor_, 0, 0, static_cast<off_t>(size * page_size_)) == 0 ? 0 : errno;
    } while (code == EINTR);
    if (code == EOPNOTSUPP || code == ENOSYS) {
      // The file system cannot reserve: a full disk shows when the transaction is written. The length is
      // given all the same, since open() takes a shorter file for a broken one.
      struct stat found{};
      if (::fstat(descriptor_, &found) != 0) return failed(path_, errno);
      const auto length = static_cast<off_t>(size * page_size_);
      if (found.st_size < length && ::ftruncate(descriptor_, length) != 0) return failed(path_, errno);
      code = 0;
    }
    if (code == 0) {
      reserved_pages_ = size;
      return {};
    }
    if (code != ENOSPC && code != EFBIG && code != EDQUOT) return failed(path_, code);
    if (size == pages) {
      return no_room(path_, code);
    }
  }
  return {};
}

}  // namespace bao::local
