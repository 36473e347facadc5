#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "native/http/endpoint.hpp"
#include "native/http/response_parser.hpp"
#include "native/http/tls.hpp"
#include "native/http/transport.hpp"

namespace bao::native {

using TimePoint = std::chrono::steady_clock::time_point;

/// A request as bytes, with the moment at which its attempt ends.
struct WireRequest {
  core::RequestId id{};
  std::string bytes;
  TimePoint deadline;
  std::int64_t timeout_ms = 0;  ///< for messages
};

class Connection;

/// Who a connection tells: the pool. All but deadline_set come from handlers of the executor or from
/// on_deadline, never from inside connect() or start().
class ConnectionOwner {
 public:
  /// on_deadline wants to be called at this moment, or later where deadline() says so by then.
  virtual void deadline_set(TimePoint deadline) = 0;
  virtual void connection_ready(Connection& connection) = 0;
  /// It never became usable; it is closed. `timed_out`: its deadline passed.
  virtual void connect_failed(Connection& connection, std::string message, bool timed_out) = 0;
  /// The answer to request `id` is whole. `reusable`: the connection is idle, else it is closed.
  virtual void request_answered(Connection& connection, core::RequestId id, core::HttpResponse response,
                                bool reusable) = 0;
  /// The request has no answer; the connection is closed.
  virtual void request_failed(Connection& connection, core::RequestId id, core::TransportError error) = 0;

 protected:
  ~ConnectionOwner() = default;
};

/// One TCP or TLS connection. At most one operation is outstanding, or one of reading and one of writing
/// while a request is sent that takes more than one write; handlers keep the object alive.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// `tls` is null for plain HTTP. `owner`, `endpoint` and `tls` live until close().
  Connection(const boost::asio::any_io_executor& executor, ConnectionOwner& owner, const Endpoint& endpoint,
             TlsContext* tls, ResponseLimits limits);

  /// Resolves, connects to one address after the other, and shakes hands, all before `deadline`.
  void connect(TimePoint deadline);

  /// On an idle connection. False: the peer had closed it and nothing was sent; it is closed now and
  /// `request` is untouched.
  [[nodiscard]] bool start(WireRequest& request);

  /// The moment at which on_deadline wants to be called; none while idle.
  [[nodiscard]] std::optional<TimePoint> deadline() const { return deadline_; }
  void on_deadline();

  [[nodiscard]] bool is_busy_with(core::RequestId id) const { return state_ == State::busy && id_ == id; }
  [[nodiscard]] bool is_connecting() const { return state_ == State::connecting; }
  [[nodiscard]] TimePoint idle_since() const { return idle_since_; }

  /// Ends everything without a word to the owner.
  void close();

 private:
  enum class State : std::uint8_t { connecting, idle, busy, closed };
  using tcp = boost::asio::ip::tcp;

  void connect_next();
  void on_connected(const boost::system::error_code& error);
  void shake_hands();
  void become_ready();
  void fail_connecting(std::string message, bool timed_out = false);
  [[nodiscard]] bool peer_has_closed();
  [[nodiscard]] bool write_now(boost::system::error_code& error);
  void write_rest();
  void on_written(const boost::system::error_code& error, std::size_t count);
  void read_some();
  void on_read(const boost::system::error_code& error, std::size_t count, bool into_body);
  void finish_answer(bool bytes_left_over);
  void fail_request(core::TransportError::Kind kind, std::string message);
  [[nodiscard]] std::string where() const;

  ConnectionOwner* owner_;
  const Endpoint& endpoint_;
  TlsContext* tls_;
  tcp::resolver resolver_;
  tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<tcp::socket&>> stream_;
  State state_ = State::connecting;
  bool used_ = false;  ///< a request was sent on it
  std::vector<tcp::endpoint> addresses_;
  std::size_t next_address_ = 0;
  std::string step_;  ///< what connecting is busy with, for messages
  TimePoint connect_deadline_;
  std::optional<TimePoint> deadline_;
  TimePoint idle_since_;

  core::RequestId id_{};
  std::int64_t timeout_ms_ = 0;
  std::string out_;
  std::size_t written_ = 0;
  std::string write_failure_;  ///< of the request that is out
  bool reading_ = false;
  ResponseParser parser_;
  std::array<char, 16 * 1024> in_;
};

}  // namespace bao::native
