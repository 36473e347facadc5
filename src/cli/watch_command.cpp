#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "cli/commands.hpp"
#include "native/yaml/load.hpp"

namespace bao::cli {
namespace {

namespace fs = std::filesystem;

void append_state(std::string& state, const fs::path& file) {
  struct stat status = {};
  if (::stat(file.c_str(), &status) != 0) return;
  state += file.string();
  for (const long long part :
       {static_cast<long long>(status.st_ino), static_cast<long long>(status.st_size),
        static_cast<long long>(status.st_mtim.tv_sec), static_cast<long long>(status.st_mtim.tv_nsec)}) {
    state += ' ' + std::to_string(part);
  }
  state += '\n';
}

/// What a change of the definitions changes, without reading them.
std::string state_of(const fs::path& definitions) {
  std::error_code error;
  std::vector<fs::path> files;
  if (fs::is_directory(definitions, error)) {
    for (fs::directory_iterator entry(definitions, error), end; !error && entry != end;
         entry.increment(error)) {
      if (native::is_definition_file(entry->path())) files.push_back(entry->path());
    }
    std::ranges::sort(files);
  } else {
    files.push_back(definitions);
  }
  std::string state;
  for (const fs::path& file : files) append_state(state, file);
  return state;
}

/// Mistakes are told; the watch goes on.
void generate(const CodegenCommand& command) {
  try {
    (void)run(command);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bao: %s\n", error.what());
  }
  std::fflush(stdout);
}

/// SIGINT and SIGTERM, taken when the watch asks for them instead of ending the process.
class EndSignals {
 public:
  EndSignals() {
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGINT);
    ::sigaddset(&signals_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;
  ~EndSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  /// Whether one of them came within that time.
  [[nodiscard]] bool came_within(std::int64_t ms) const {
    const timespec time{.tv_sec = static_cast<std::time_t>(ms / 1'000),
                        .tv_nsec = static_cast<long>(ms % 1'000 * 1'000'000)};
    return ::sigtimedwait(&signals_, nullptr, &time) > 0;
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

}  // namespace

int run(const WatchCommand& command) {
  const fs::path& definitions = command.codegen.definitions;
  const fs::path folder = fs::absolute(definitions).parent_path();
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    std::fprintf(stderr, "bao: %s: there is no such folder\n", folder.c_str());
    return 1;
  }
  const EndSignals signals;
  std::string generated = state_of(definitions);
  std::string last = generated;
  generate(command.codegen);
  std::printf("watching %s; Ctrl+C ends it\n", definitions.c_str());
  std::fflush(stdout);
  while (!signals.came_within(command.poll_ms)) {
    std::string now = state_of(definitions);
    // Editors write a file in several steps: it has to stand still for one look.
    const bool steady = now == last;
    last = std::move(now);
    if (!steady || last == generated) continue;
    generated = last;
    generate(command.codegen);
  }
  return 0;
}

}  // namespace bao::cli
