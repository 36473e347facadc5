#include "native/credentials/environment.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace bao::native {
namespace {

constexpr std::size_t file_bytes_max = 1024 * 1024;

std::optional<std::string> read_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::unexpected<Error> unreadable(const std::string& path, const std::string& why) {
  return std::unexpected(
      Error(ErrorCode::configuration,
            ErrorDetails{.message = "'" + path + "' cannot be read: " + why, .value = path}));
}

Result<std::optional<std::string>> read_file(const std::string& path) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    return unreadable(path, std::strerror(errno));
  }
  std::string text;
  char piece[4096];
  while (const std::size_t count = std::fread(piece, 1, sizeof piece, file.get())) {
    text.append(piece, count);
    if (text.size() > file_bytes_max) return unreadable(path, "it is larger than 1 MB");
  }
  if (std::ferror(file.get()) != 0) return unreadable(path, std::strerror(errno));
  return text;
}

}  // namespace

Environment process_environment() {
  return {.variable = read_variable, .file = read_file};
}

}  // namespace bao::native
