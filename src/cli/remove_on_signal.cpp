#include "cli/remove_on_signal.hpp"

#include <unistd.h>

#include <string>

namespace bao::cli {
namespace {

// A handler may touch little: the path lies ready as the bytes that unlink() takes.
std::string doomed;
const char* volatile doomed_path = nullptr;

void remove_and_end(int signal) {
  if (doomed_path != nullptr) (void)::unlink(doomed_path);
  // Its action is the default one again (SA_RESETHAND): it ends the process once this handler is left.
  (void)::raise(signal);
}

}  // namespace

RemoveOnSignal::RemoveOnSignal(const std::filesystem::path& file) {
  if (file.empty()) return;
  doomed = file.string();
  doomed_path = doomed.c_str();
  struct sigaction action = {};
  action.sa_handler = remove_and_end;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, &interrupt_before_);
  ::sigaction(SIGTERM, &action, &terminate_before_);
}

RemoveOnSignal::~RemoveOnSignal() {
  if (doomed_path == nullptr) return;
  ::sigaction(SIGINT, &interrupt_before_, nullptr);
  ::sigaction(SIGTERM, &terminate_before_, nullptr);
  doomed_path = nullptr;
}

}  // namespace bao::cli
