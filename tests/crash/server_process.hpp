#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bao::crash {

/// `bao local` in a process of its own, killed at the end whatever happens.
class ServerProcess {
 public:
  ServerProcess() = default;
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() { kill(); }

  /// Starts it with these arguments behind `local --port 0`, and waits for its port. The error: what it said.
  std::optional<std::string> start(const std::vector<std::string>& arguments);
  /// SIGKILL: it gets no chance to finish anything.
  void kill();
  /// SIGTERM. Its exit status; nothing where a signal ended it.
  std::optional<int> terminate();
  [[nodiscard]] int port() const { return port_; }

 private:
  int pid_ = -1;
  int port_ = 0;
};

struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// One keep-alive connection.
class HttpClient {
 public:
  explicit HttpClient(int port);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();
  /// False: the connection was lost.
  [[nodiscard]] bool send(std::string_view bytes) const;
  /// Nothing: the connection was lost before the whole answer had come.
  std::optional<HttpAnswer> call(const std::string& operation, const std::string& body);

 private:
  int socket_ = -1;
  std::string input_;
};

}  // namespace bao::crash
