#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "local/http/chunked_body.hpp"
#include "local/http/service.hpp"

namespace bao::local {

struct ConnectionLimits {
  /// Of one request. DynamoDB takes 16 MB; the slack is for what a client's JSON adds to that.
  std::size_t body_size_max = 17U << 20U;
  /// Answers that wait for the client to read. Beyond it, no further request of the connection is read.
  std::size_t waiting_output_max = 1U << 20U;
  /// From a request's first byte to its last, and for a client to take an answer.
  std::int64_t transfer_ms_max = 30'000;
  /// Between requests. Longer than the clients' own limits, so that they close first.
  std::int64_t idle_ms_max = 600'000;
};

/// One client: a socket and the requests and answers that are on their way through it. The server calls
/// read() when bytes may be there, then send().
class Connection {
 public:
  Connection(int socket, Service& service, const ConnectionLimits& limits, std::int64_t now_ms)
      : socket_(socket), service_(service), limits_(limits), since_ms_(now_ms) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  [[nodiscard]] int socket() const { return socket_; }

  /// Reads what is there and answers the whole requests in it; the answers wait for send().
  void read(char* buffer, std::size_t buffer_size, std::int64_t now_ms);
  /// Answers requests that had to wait until the client took the answers before them.
  void answer_backlog(std::int64_t now_ms);
  /// Sends waiting answers, as far as the client takes them.
  void send(std::int64_t now_ms);

  /// Nothing will be read or sent any more.
  [[nodiscard]] bool is_finished() const { return state_ == State::finished; }
  enum class Wait : std::uint8_t { to_read, to_send, for_time };
  /// What has to happen before it goes on.
  [[nodiscard]] Wait wait() const {
    return held_until_ms_ != 0 ? Wait::for_time : output_.empty() ? Wait::to_read : Wait::to_send;
  }
  /// Wait::for_time: until when. Then send() is due.
  [[nodiscard]] std::int64_t held_until_ms() const { return held_until_ms_; }
  /// answer_backlog() may have something to do.
  [[nodiscard]] bool has_backlog() const { return backlog_ && output_.empty() && state_ == State::open; }
  [[nodiscard]] bool is_idle() const { return input_.empty() && output_.empty() && state_ == State::open; }

  /// The server stops: no request is read behind the ones that have begun.
  void stop_soon();
  /// Ends the connection when its time has run out.
  void check_time(std::int64_t now_ms);

 private:
  enum class State : std::uint8_t {
    open,
    last_answer,  ///< nothing more is read; ends when the output is sent
    lingering,    ///< all is sent; what the client still sends is thrown away, else it would lose the answer
    finished,
  };

  /// Answers the whole requests that `bytes` start with; gives the bytes used.
  std::size_t consume(std::string_view bytes, std::int64_t now_ms);
  void refuse(int status, std::string_view message);

  int socket_;
  Service& service_;
  const ConnectionLimits& limits_;
  State state_ = State::open;
  bool stopping_ = false;
  bool backlog_ = false;  ///< input_ may hold whole requests
  bool client_closed_ = false;
  bool continued_ = false;          ///< "100 Continue" was sent for the request that is being read
  int empty_lines_ = 0;             ///< before the request that is awaited
  bool unread_request_ = false;     ///< refused before it was read
  std::int64_t since_ms_;           ///< of the present wait: for a request, its rest, or the client's reading
  std::int64_t held_until_ms_ = 0;  ///< the answers wait for a fault's delay; 0: they do not
  std::string input_;               ///< the beginning of a request
  ChunkedBody chunked_;             ///< of that request
  std::string output_;
  std::size_t sent_ = 0;
};

}  // namespace bao::local
