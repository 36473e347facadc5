#include "cli/terminal.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

namespace bao::cli {
namespace {

constexpr std::chrono::milliseconds between_shows{100};
constexpr const char* clear_line = "\r\x1b[K";

}  // namespace

int fail(const std::string& message) {
  std::fprintf(stderr, "bao: %s\n", message.c_str());
  return 1;
}

std::optional<std::string> output_failure() {
  const bool flushed = std::fflush(stdout) == 0;
  if (!flushed) return "standard output: cannot be written: " + std::generic_category().message(errno);
  if (std::ferror(stdout) != 0) return "standard output: cannot be written";
  return std::nullopt;
}

bool ask_yes(const std::string& question) {
  std::fprintf(stderr, "%s [y/N] ", question.c_str());
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "yes" || answer == "Y");
}

std::string grouped(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) != 0) {}

void Progress::clear() {
  if (shown_) std::fputs(clear_line, stderr);
  shown_ = false;
}

void Progress::show(const std::string& text) {
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + between_shows;
  shown_ = true;
  std::fprintf(stderr, "%s%s", clear_line, text.c_str());
}

}  // namespace bao::cli
