#pragma once

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "support/source_dir.hpp"

namespace bao::testing_support {

/// An engine that tests/peers/start runs, until the end of the object. Throws where it does not start.
class PeerProcess {
 public:
  /// Says through `installed` whether the engine is there to be started.
  PeerProcess(const std::string& name, bool& installed) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::string script = source_dir() + "/tests/peers/start";
    std::string argument = name;
    std::array<char*, 3> arguments{script.data(), argument.data(), nullptr};
    const int failed = posix_spawn(&pid_, script.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0) throw std::runtime_error(script + " cannot be run");
    const std::string line = read_line(ends[0]);
    close(ends[0]);
    if (!line.empty()) {
      port_ = static_cast<std::uint16_t>(std::stoi(line));
      return;
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    installed = !(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    if (installed) throw std::runtime_error(name + " did not start");
  }
  ~PeerProcess() {
    if (pid_ == 0) return;
    kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
  }
  PeerProcess(const PeerProcess&) = delete;
  PeerProcess& operator=(const PeerProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  static std::string read_line(int from) {
    std::string line;
    char byte = 0;
    while (read(from, &byte, 1) == 1 && byte != '\n') line += byte;
    return line;
  }

  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace bao::testing_support
