#include "cli/text_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "cli/line_files.hpp"

namespace bao::cli {

std::expected<std::string, std::string> read_text_file(const std::filesystem::path& path) {
  const auto cannot = [&path](const std::string& cause) {
    return std::unexpected(path.string() + ": cannot be read: " + cause);
  };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return cannot("it is a folder");
  const FileHandle file(std::fopen(path.c_str(), "rb"));
  if (!file) return cannot(std::generic_category().message(errno));
  std::string text;
  std::array<char, 16 << 10> buffer{};
  for (std::size_t size = buffer.size(); size == buffer.size();) {
    size = std::fread(buffer.data(), 1, buffer.size(), file.get());
    text.append(buffer.data(), size);
  }
  if (std::ferror(file.get()) != 0) return cannot(std::generic_category().message(errno));
  return text;
}

}  // namespace bao::cli
