#include "cli/write_files.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

namespace bao::cli {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return std::nullopt;
  return text;
}

/// Texts on their way to their places. What was not put into place is removed again.
class Staged {
 public:
  Staged() = default;
  Staged(const Staged&) = delete;
  Staged& operator=(const Staged&) = delete;
  ~Staged() {
    for (const auto& [temporary, place] : entries_) {
      std::error_code ignored;
      fs::remove(temporary, ignored);
    }
  }

  bool add(const fs::path& place, std::string_view text) {
    fs::path temporary = place;
    temporary += ".new" + std::to_string(::getpid());
    entries_.emplace_back(temporary, place);
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    return !out.fail();
  }
  /// Nothing, or the place that could not be filled.
  std::optional<std::string> put_into_place() {
    while (!entries_.empty()) {
      std::error_code error;
      const auto& [temporary, place] = entries_.back();
      fs::rename(temporary, place, error);
      if (error) return place.string() + ": " + error.message();
      entries_.pop_back();
    }
    return std::nullopt;
  }

 private:
  std::vector<std::pair<fs::path, fs::path>> entries_;
};

std::size_t remove_others(const fs::path& folder, const std::set<fs::path>& kept, std::string_view banner) {
  std::size_t removed = 0;
  std::error_code error;
  std::vector<fs::path> others;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!kept.contains(entry->path().lexically_normal()) && entry->is_regular_file(error))
      others.push_back(entry->path());
  }
  for (const fs::path& other : others) {
    std::ifstream in(other, std::ios::binary);
    std::string start(banner.size(), '\0');
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    if (in && start == banner && fs::remove(other, error)) ++removed;
  }
  return removed;
}

}  // namespace

std::expected<WriteSummary, std::string> write_files(const fs::path& folder,
                                                     const std::vector<codegen::SourceFile>& files,
                                                     std::string_view banner) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return std::unexpected(folder.string() + ": " + error.message());
  WriteSummary summary;
  std::set<fs::path> kept;
  Staged staged;
  for (const codegen::SourceFile& file : files) {
    const fs::path place = (folder / file.path).lexically_normal();
    kept.insert(place);
    if (read_text(place) == file.text) {
      ++summary.unchanged;
      continue;
    }
    fs::create_directories(place.parent_path(), error);
    if (!staged.add(place, file.text)) return std::unexpected(place.string() + ": cannot be written");
    ++summary.written;
  }
  if (std::optional<std::string> failed = staged.put_into_place()) return std::unexpected(*failed);
  summary.removed = remove_others(folder, kept, banner);
  return summary;
}

}  // namespace bao::cli
