#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "local/http/connection.hpp"
#include "local/http/service.hpp"
#include "local/local_engine.hpp"

namespace bao::local {

struct ServerOptions {
  /// An address, or a name that has one. The default cannot be reached from other machines.
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;  ///< 0: the system chooses
  OriginRule origins;
  ConnectionLimits limits;
  /// More clients than this wait until one leaves.
  std::size_t connections_max = 1000;
  /// How long stop() waits for requests that have begun, and for clients to take their answers. Short: a
  /// client that sent half a request and went quiet would hold up whoever stops the server.
  std::int64_t stop_ms_max = 1'000;
};

/// The engine behind an HTTP/1.1 port, in one thread: the engine takes one caller at a time. What a round of
/// the loop has read is answered, made durable together, then sent.
class Server {
 public:
  /// Binds and listens. The error is a message that names the address. `store` is the engine's; both outlive
  /// the server.
  [[nodiscard]] static std::expected<std::unique_ptr<Server>, std::string> open(LocalEngine& engine,
                                                                                Store& store,
                                                                                ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// "http://127.0.0.1:8000"
  [[nodiscard]] std::string endpoint() const;

  /// Serves until stop(). The error: the store cannot keep what was written; the answers of that round were
  /// not sent.
  [[nodiscard]] std::expected<void, std::string> run();
  /// Begins the end: no new client, no new request. From any thread, or a signal handler.
  void stop();

 private:
  class Loop;
  explicit Server(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace bao::local
