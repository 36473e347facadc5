#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace bao::cli {

/// Says on standard error what failed, after the program's name; gives the exit code for it, 1.
[[nodiscard]] int fail(const std::string& message);

/// What was printed is on its way; else why not, as where the disk of a file is full. What is lost stays
/// lost: the next call says so, too.
[[nodiscard]] std::optional<std::string> output_failure();

/// Asks a question that "y" or "yes" answers; anything else, and an input that has ended, is a no.
[[nodiscard]] bool ask_yes(const std::string& question);

/// A count with commas between its thousands: "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t count);

/// How far long work has come: one line on standard error, where that is a terminal, written over again and
/// again.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }
  /// Shows it at most ten times a second.
  void show(const std::string& text);
  /// Takes the line away.
  void clear();

 private:
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace bao::cli
