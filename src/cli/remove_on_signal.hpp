#pragma once

#include <signal.h>

#include <filesystem>

namespace bao::cli {

/// While it lives, SIGINT and SIGTERM remove this file and then end the process as ever. One at a time; an
/// empty path is no file.
class RemoveOnSignal {
 public:
  explicit RemoveOnSignal(const std::filesystem::path& file);
  RemoveOnSignal(const RemoveOnSignal&) = delete;
  RemoveOnSignal& operator=(const RemoveOnSignal&) = delete;
  ~RemoveOnSignal();

 private:
  struct sigaction interrupt_before_ = {};
  struct sigaction terminate_before_ = {};
};

}  // namespace bao::cli
