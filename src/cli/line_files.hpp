#pragma once

#include <cstddef>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Files of lines, read and written as streams. "-" is standard input or output.
namespace bao::cli {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin && file != stdout) (void)std::fclose(file);
  }
};
using FileHandle = std::unique_ptr<std::FILE, CloseFile>;

/// A file that is there once it is whole: written beside its place, then renamed into it. What earlier runs
/// left there when they were killed is removed. What is no regular file (standard output, a pipe, a device)
/// is written directly.
class OutputFile {
 public:
  /// Errors are messages that name the file.
  [[nodiscard]] static std::expected<OutputFile, std::string> open(const std::string& path);
  OutputFile(OutputFile&&) noexcept = default;
  OutputFile& operator=(OutputFile&&) = delete;
  /// Removes what was not finished.
  ~OutputFile();

  [[nodiscard]] std::optional<std::string> write(std::string_view text);
  /// Where the text lies until then; empty: in its place already.
  [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }
  /// Puts the whole file, safe on disk, into its place.
  [[nodiscard]] std::optional<std::string> finish();

 private:
  OutputFile(std::string name, FileHandle file, std::filesystem::path temporary, std::filesystem::path place)
      : name_(std::move(name)),
        file_(std::move(file)),
        temporary_(std::move(temporary)),
        place_(std::move(place)) {}
  [[nodiscard]] std::string failure() const;

  std::string name_;
  FileHandle file_;                  ///< none: finished, or moved from
  std::filesystem::path temporary_;  ///< empty: written directly
  std::filesystem::path place_;
};

/// A file's lines, one at a time, of at most `line_bytes_max` bytes.
class LineReader {
 public:
  /// The longest item of DynamoDB, 400 KB, with every byte escaped as \u00XX, and names.
  static constexpr std::size_t line_bytes_max = std::size_t{4} << 20;

  [[nodiscard]] static std::expected<LineReader, std::string> open(const std::string& path);

  enum class Next : unsigned char { line, end, too_long, failed };
  /// Takes the next line, without its end.
  [[nodiscard]] Next next(std::string& line);
  /// Of the line taken last, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  explicit LineReader(FileHandle file) : file_(std::move(file)) {}
  bool fill();

  FileHandle file_;
  std::string buffer_;
  std::size_t position_ = 0;
  std::size_t number_ = 0;
};

}  // namespace bao::cli
