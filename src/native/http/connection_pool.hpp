#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <bao/error.hpp>

#include "native/http/endpoint.hpp"
#include "native/http/response_parser.hpp"
#include "native/http/transport.hpp"

namespace bao::native {

struct PoolOptions {
  /// Open connections at most; further requests wait. 64: DynamoDB answers in milliseconds, so this carries
  /// some ten thousand requests a second.
  std::size_t connections_max = 64;
  /// Requests that wait for a connection at most; further ones fail as not_sent. Bounds memory.
  std::size_t queue_max = 10'000;
  /// An idle connection older than this is not used again: DynamoDB closes idle ones, and a request sent on
  /// one that is being closed would be lost.
  std::int64_t idle_ms_max = 20'000;
  /// PEM file of the certificate authorities to trust; empty: the system's.
  std::string ca_file;
  ResponseLimits limits;
};

/// HTTP/1.1 requests over a pool of keep-alive connections to one host. Runs on one executor. A request is
/// written at most once: what happened to it is reported, never tried again here.
class ConnectionPool {
 public:
  static Result<std::unique_ptr<ConnectionPool>> create(boost::asio::any_io_executor executor,
                                                        Endpoint endpoint, PoolOptions options,
                                                        TransportEvents events);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// `bytes`: the whole request, head and body. The rest is as for Transport::send.
  void send(core::RequestId id, std::string bytes, std::int64_t timeout_ms);
  void cancel(core::RequestId id);

  /// For tests and metrics.
  [[nodiscard]] std::size_t open_connections() const;
  [[nodiscard]] std::size_t queued_requests() const;

 private:
  class Impl;
  explicit ConnectionPool(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace bao::native
