#include "cli/line_files.hpp"

#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "cli/temporary_file.hpp"

namespace bao::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t read_bytes = std::size_t{256} << 10;

std::string reason() {
  return std::generic_category().message(errno);
}

std::unexpected<std::string> cannot(const std::string& path, const char* what) {
  return std::unexpected(path + ": cannot be " + what + ": " + reason());
}

}  // namespace

std::expected<OutputFile, std::string> OutputFile::open(const std::string& path) {
  if (path == "-") return OutputFile("standard output", FileHandle(stdout), {}, {});
  std::error_code error;
  const fs::path place = fs::weakly_canonical(path, error);
  if (error) return std::unexpected(path + ": " + error.message());
  if (fs::is_directory(place, error)) return std::unexpected(path + ": is a folder");
  if (fs::exists(place, error) && !fs::is_regular_file(place, error)) {
    FileHandle direct(std::fopen(place.c_str(), "wb"));
    if (!direct) return cannot(path, "written");
    return OutputFile(path, std::move(direct), {}, place);
  }
  remove_abandoned_of(place);
  fs::path temporary = temporary_of(place);
  FileHandle file(std::fopen(temporary.c_str(), "wbx"));
  if (!file) return cannot(path, "written");
  // Tells other containers, which do not see this process, that it is being written. Where the file system
  // has no locks, nobody removes anything.
  (void)::flock(::fileno(file.get()), LOCK_EX | LOCK_NB);
  return OutputFile(path, std::move(file), std::move(temporary), place);
}

OutputFile::~OutputFile() {
  if (!file_ || temporary_.empty()) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

std::string OutputFile::failure() const {
  return name_ + ": cannot be written: " + reason();
}

std::optional<std::string> OutputFile::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) return failure();
  return std::nullopt;
}

std::optional<std::string> OutputFile::finish() {
  if (std::fflush(file_.get()) != 0) return failure();
  if (temporary_.empty()) {
    file_.reset();
    return std::nullopt;
  }
  if (::fsync(::fileno(file_.get())) != 0) return failure();
  std::error_code error;
  fs::rename(temporary_, place_, error);
  if (error) return name_ + ": " + error.message();
  file_.reset();
  return std::nullopt;
}

std::expected<LineReader, std::string> LineReader::open(const std::string& path) {
  if (path == "-") return LineReader(FileHandle(stdin));
  std::error_code error;
  if (fs::is_directory(path, error)) return std::unexpected(path + ": cannot be read: it is a folder");
  FileHandle file(std::fopen(path.c_str(), "rb"));
  if (!file) return cannot(path, "read");
  return LineReader(std::move(file));
}

bool LineReader::fill() {
  buffer_.erase(0, position_);
  position_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + read_bytes);
  const std::size_t size = std::fread(buffer_.data() + before, 1, read_bytes, file_.get());
  buffer_.resize(before + size);
  return size > 0;
}

LineReader::Next LineReader::next(std::string& line) {
  ++number_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', position_);
    const std::size_t size = (end == std::string::npos ? buffer_.size() : end) - position_;
    if (size > line_bytes_max) return Next::too_long;
    if (end != std::string::npos) {
      line.assign(buffer_, position_, size);
      position_ = end + 1;
      return Next::line;
    }
    if (fill()) continue;
    if (std::ferror(file_.get()) != 0) return Next::failed;
    if (position_ == buffer_.size()) return Next::end;
    line = buffer_.substr(position_);
    position_ = buffer_.size();
    return Next::line;
  }
}

}  // namespace bao::cli
